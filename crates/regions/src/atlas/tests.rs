use geo::{Polygon, Rect, coord, polygon};
use proptest::prelude::*;

use super::*;
use crate::TimeZone;

fn code(text: &str) -> RegionCode {
    RegionCode::parse(text).unwrap()
}

fn place(lat: f64, lon: f64) -> Coordinates {
    Coordinates::parse(lat, lon).unwrap()
}

fn region(text: &str, lat: f64, lon: f64) -> Region {
    Region {
        code: code(text),
        name: format!("Region {text}"),
        center: place(lat, lon),
        extent: None,
        area_hectares: None,
        time_zone: TimeZone::Western,
        valid_from: None,
        valid_until: None,
        version: 1,
    }
}

/// A box of a tenth of a degree around a point in the middle.
fn square(lat: f64, lon: f64) -> Polygon {
    let corner = |sign: f64| coord! { x: lon + sign * 0.05, y: lat + sign * 0.05 };
    Rect::new(corner(-1.0), corner(1.0)).to_polygon()
}

/// Two kecamatan side by side, two desa in the first, one in the second; the first desa is far from its centre.
fn regions() -> Vec<Region> {
    vec![
        region("12", 2.2, 99.1),
        region("12.07", 3.5, 98.7),
        region("12.07.01", 3.5, 98.65),
        region("12.07.01.2001", 3.5, 98.62),
        region("12.07.01.2002", 3.5, 98.68),
        region("12.07.02", 3.5, 98.75),
        region("12.07.02.1001", 3.5, 98.705),
    ]
}

fn found(atlas: &Atlas, lat: f64, lon: f64) -> Option<(String, Method)> {
    atlas.locate(place(lat, lon)).map(|located| (located.desa.to_string(), located.method))
}

fn nearest(text: &str) -> Option<(String, Method)> {
    Some((text.to_owned(), Method::NearestCenter))
}

fn within(text: &str) -> Option<(String, Method)> {
    Some((text.to_owned(), Method::Boundary))
}

#[test]
fn without_boundaries_the_nearest_centre_counts_up_to_50_km() {
    let atlas = Atlas::new(regions(), Vec::new());
    assert_eq!(found(&atlas, 3.5, 98.63), nearest("12.07.01.2001"));
    assert_eq!(found(&atlas, 3.5, 99.15), nearest("12.07.02.1001"));
    assert_eq!(found(&atlas, 3.5, 99.2), None);
    let located = atlas.locate(place(3.5, 98.61)).unwrap();
    assert_eq!(located.distance_meters, 1_110);
}

#[test]
fn nothing_known_means_nowhere() {
    assert_eq!(Atlas::new(Vec::new(), Vec::new()).locate(place(3.5, 98.6)), None);
}

#[test]
fn the_smallest_boundary_that_holds_the_point_counts() {
    let boundaries = vec![
        (code("12.07.01"), square(3.5, 98.65).into()),
        (code("12.07.01.2002"), square(3.5, 98.62).into()),
    ];
    let atlas = Atlas::new(regions(), boundaries);
    assert_eq!(found(&atlas, 3.5, 98.62), within("12.07.01.2002"));
}

#[test]
fn a_kecamatan_boundary_narrows_the_search_and_says_nothing_about_the_desa() {
    let atlas = Atlas::new(regions(), vec![(code("12.07.01"), square(3.5, 98.65).into())]);
    // The nearest centre of all lies in the other kecamatan, which cannot be.
    assert_eq!(found(&atlas, 3.5, 98.695), nearest("12.07.01.2002"));
    assert_eq!(found(&atlas, 3.5, 98.702), nearest("12.07.02.1001"));
}

#[test]
fn holes_and_further_parts_are_respected() {
    let lake = polygon!(
        exterior: [(x: 98.6, y: 3.4), (x: 98.7, y: 3.4), (x: 98.7, y: 3.5), (x: 98.6, y: 3.5)],
        interiors: [[(x: 98.64, y: 3.44), (x: 98.66, y: 3.44), (x: 98.66, y: 3.46), (x: 98.64, y: 3.46)]],
    );
    let island = square(3.7, 98.9);
    let outline = MultiPolygon::new(vec![lake, island]);
    let atlas = Atlas::new(regions(), vec![(code("12.07.01.2002"), outline)]);
    assert_eq!(found(&atlas, 3.42, 98.62), within("12.07.01.2002"));
    assert_eq!(found(&atlas, 3.7, 98.9), within("12.07.01.2002"));
    assert_eq!(found(&atlas, 3.45, 98.65).unwrap().1, Method::NearestCenter);
}

#[test]
fn a_shared_border_belongs_to_the_lower_code() {
    // Eighths of a degree are exact, so both areas are the same and the border is one line.
    let strip = |west: f64| {
        let corners = (coord! { x: west, y: 3.5 }, coord! { x: west + 0.125, y: 3.625 });
        MultiPolygon::from(Rect::new(corners.0, corners.1).to_polygon())
    };
    let boundaries =
        vec![(code("12.07.01.2002"), strip(98.5)), (code("12.07.01.2001"), strip(98.625))];
    let atlas = Atlas::new(regions(), boundaries);
    assert_eq!(found(&atlas, 3.55, 98.55), within("12.07.01.2002"));
    assert_eq!(found(&atlas, 3.55, 98.625), within("12.07.01.2001"));
}

#[test]
fn a_region_that_has_ended_is_known_but_holds_nothing() {
    let mut regions = regions();
    regions[3].valid_until = Some(crate::Day::parse("2025-12-31").unwrap());
    let boundaries = vec![(code("12.07.01.2001"), square(3.5, 98.62).into())];
    let atlas = Atlas::new(regions, boundaries);
    assert!(atlas.get(&code("12.07.01.2001")).is_some());
    assert_eq!(found(&atlas, 3.5, 98.62), nearest("12.07.01.2002"));
    let kecamatan = code("12.07.01");
    let children: Vec<_> = atlas.children(Some(&kecamatan), None).map(|it| &it.code).collect();
    assert_eq!(children, [&code("12.07.01.2002")]);
}

#[test]
fn children_are_the_next_level_only() {
    let atlas = Atlas::new(regions(), Vec::new());
    let below = |parent: Option<&RegionCode>, after: Option<&RegionCode>| -> Vec<String> {
        atlas.children(parent, after).map(|region| region.code.to_string()).collect()
    };
    let (kabupaten, first) = (code("12.07"), code("12.07.01"));
    assert_eq!(below(None, None), ["12"]);
    assert_eq!(below(Some(&kabupaten), None), ["12.07.01", "12.07.02"]);
    assert_eq!(below(Some(&kabupaten), Some(&first)), ["12.07.02"]);
    assert_eq!(below(Some(&first), None), ["12.07.01.2001", "12.07.01.2002"]);
    assert_eq!(below(Some(&code("99")), None), Vec::<String>::new());
}

/// A country of random desa, a part of which has a random star-shaped boundary around its centre.
fn country() -> impl Strategy<Value = (Vec<Region>, Vec<(RegionCode, MultiPolygon)>)> {
    let spokes = prop::option::of(prop::collection::vec(0.01f64..0.3, 3..9));
    let desa = (3.0f64..4.0, 98.0f64..99.0, spokes);
    prop::collection::vec(desa, 1..40).prop_map(|all| {
        let named =
            |index: usize| format!("12.{:02}.{:02}.2{:03}", index % 3 + 1, index % 5 + 1, index);
        let mut regions = Vec::new();
        let mut boundaries = Vec::new();
        for (index, (lat, lon, spokes)) in all.into_iter().enumerate() {
            let region = region(&named(index), lat, lon);
            boundaries.extend(spokes.map(|spokes| (region.code.clone(), star(lat, lon, &spokes))));
            regions.push(region);
        }
        (regions, boundaries)
    })
}

fn star(lat: f64, lon: f64, spokes: &[f64]) -> MultiPolygon {
    let turn = std::f64::consts::TAU / spokes.len() as f64;
    let corner = |(index, length): (usize, &f64)| {
        let angle = turn * index as f64;
        (lon + length * angle.cos(), lat + length * angle.sin())
    };
    let ring: Vec<(f64, f64)> = spokes.iter().enumerate().map(corner).collect();
    Polygon::new(ring.into(), Vec::new()).into()
}

/// The definition, without any index: look at every polygon, then at every centre.
fn by_brute_force(
    regions: &[Region],
    boundaries: &[(RegionCode, MultiPolygon)],
    place: Coordinates,
) -> Option<(RegionCode, Method)> {
    use geo::{Area, Intersects};
    let point = geo::Point::new(place.lon(), place.lat());
    let holding = boundaries.iter().filter(|(_, outline)| outline.intersects(&point));
    let smallest = holding.min_by(|one, other| {
        one.1.unsigned_area().total_cmp(&other.1.unsigned_area()).then(one.0.cmp(&other.0))
    });
    if let Some((code, _)) = smallest {
        return Some((code.clone(), Method::Boundary));
    }
    let distance = |region: &Region| region.center.distance_meters(place);
    let nearest = regions.iter().min_by(|one, other| distance(one).total_cmp(&distance(other)))?;
    (distance(nearest) <= 50_000.0).then(|| (nearest.code.clone(), Method::NearestCenter))
}

proptest! {
    #[test]
    fn the_index_finds_what_brute_force_finds(
        (regions, boundaries) in country(),
        places in prop::collection::vec((2.5f64..4.5, 97.5f64..99.5), 1..60),
    ) {
        let atlas = Atlas::new(regions.clone(), boundaries.clone());
        for (lat, lon) in places {
            let place = place(lat, lon);
            let found = atlas.locate(place).map(|located| (located.desa, located.method));
            prop_assert_eq!(found, by_brute_force(&regions, &boundaries, place));
        }
    }
}
