use geo::{
    Area as _, ConvexHull as _, Distance as _, Euclidean, Intersects as _, LineString,
    MapCoords as _, Point, Polygon, Validation as _, coord,
};
use primitives::{Coordinates, Invalid};
use serde::{Deserialize, Serialize};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

/// The most corners a polygon may have.
const MOST_CORNERS: usize = 200;
/// A hectare: what is smaller is a slip of the finger.
const LEAST_SQUARE_METERS: f64 = 10_000.0;
/// On the sphere on which distances are measured.
const METERS_PER_DEGREE: f64 = 6_371_008.8 * std::f64::consts::PI / 180.0;
/// What laying a polygon flat may be wrong by within a few hundred meters of the place in question.
const FLATTENING_METERS: f64 = 1.0;

/// The part of the country in which a collector works: one closed ring that does not cross itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawPolygon", into = "RawPolygon")]
pub struct ServiceArea(Polygon);

/// A polygon of GeoJSON.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RawPolygon {
    #[serde(rename = "type")]
    kind: PolygonKind,
    /// Exactly one ring of at most 200 corners, the last position equal to the first; `[lon, lat]`.
    #[schema(min_items = 1, max_items = 1)]
    coordinates: Vec<Vec<[f64; 2]>>,
}

/// The only shape that is taken.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
enum PolygonKind {
    /// A polygon.
    Polygon,
}

impl ServiceArea {
    /// Accepts a closed ring of `[lon, lat]` within Indonesia: at most 200 corners, not crossing itself, at least a
    /// hectare.
    pub fn parse(ring: &[[f64; 2]]) -> Result<Self, Invalid> {
        if ring.len() > MOST_CORNERS + 1 {
            return Err(Invalid("area_too_many_corners"));
        }
        for [lon, lat] in ring {
            Coordinates::parse(*lat, *lon)?;
        }
        if ring.len() < 4 {
            return Err(Invalid("area_too_few_corners"));
        }
        if ring.first() != ring.last() {
            return Err(Invalid("area_not_closed"));
        }
        let line = ring.iter().map(|&[x, y]| coord! { x: x, y: y }).collect();
        let polygon = Polygon::new(LineString::new(line), Vec::new());
        // The hull first: what lies on one line crosses itself too, but that is not what is wrong with it.
        let (hull, own) = square_meters(&polygon);
        if hull < LEAST_SQUARE_METERS {
            return Err(Invalid("area_too_small"));
        }
        if !polygon.is_valid() {
            return Err(Invalid("area_crosses_itself"));
        }
        if own < LEAST_SQUARE_METERS {
            return Err(Invalid("area_too_small"));
        }
        Ok(Self(polygon))
    }

    /// Whether a place lies in the area (its edge included), or within so many meters of it.
    pub fn holds(&self, place: Coordinates, tolerance_meters: u32) -> bool {
        if self.0.intersects(&Point::new(place.lon(), place.lat())) {
            return true;
        }
        let away = Euclidean.distance(&Point::new(0.0, 0.0), &flat_around(&self.0, place));
        tolerance_meters > 0 && away <= f64::from(tolerance_meters) + FLATTENING_METERS
    }

    fn ring(&self) -> Vec<[f64; 2]> {
        self.0.exterior().coords().map(|corner| [corner.x, corner.y]).collect()
    }
}

/// In meters east and north of a place; straight lines stay straight.
fn flat_around(polygon: &Polygon, place: Coordinates) -> Polygon {
    let shrink = place.lat().to_radians().cos();
    polygon.map_coords(|corner| {
        coord! {
            x: (corner.x - place.lon()) * METERS_PER_DEGREE * shrink,
            y: (corner.y - place.lat()) * METERS_PER_DEGREE,
        }
    })
}

/// Of the hull around the corners, and of the polygon itself.
fn square_meters(polygon: &Polygon) -> (f64, f64) {
    let corner = polygon.exterior().coords().next();
    let place = corner.and_then(|corner| Coordinates::parse(corner.y, corner.x).ok());
    let flat = place.map(|place| flat_around(polygon, place));
    flat.map_or((0.0, 0.0), |flat| (flat.convex_hull().unsigned_area(), flat.unsigned_area()))
}

impl TryFrom<RawPolygon> for ServiceArea {
    type Error = Invalid;

    fn try_from(raw: RawPolygon) -> Result<Self, Invalid> {
        match raw.coordinates.as_slice() {
            [ring] => Self::parse(ring),
            _ => Err(Invalid("area_not_one_ring")),
        }
    }
}

impl From<ServiceArea> for RawPolygon {
    fn from(area: ServiceArea) -> Self {
        Self { kind: PolygonKind::Polygon, coordinates: vec![area.ring()] }
    }
}

impl PartialSchema for ServiceArea {
    fn schema() -> RefOr<Schema> {
        RawPolygon::schema()
    }
}

impl ToSchema for ServiceArea {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        RawPolygon::schemas(schemas);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn refusal(ring: &[[f64; 2]]) -> &'static str {
        ServiceArea::parse(ring).unwrap_err().0
    }

    fn square() -> ServiceArea {
        let ring = [[98.8, 3.5], [98.9, 3.5], [98.9, 3.6], [98.8, 3.6], [98.8, 3.5]];
        ServiceArea::parse(&ring).unwrap()
    }

    /// A ring around a middle: corners in the order of their angles never cross.
    fn star() -> impl Strategy<Value = Vec<[f64; 2]>> {
        proptest::collection::vec(20u32..100, 3..60).prop_map(|reaches| {
            let corners = f64::from(u32::try_from(reaches.len()).unwrap());
            let mut ring: Vec<[f64; 2]> = (0u32..)
                .zip(&reaches)
                .map(|(number, &reach)| {
                    let angle = f64::from(number) / corners * std::f64::consts::TAU;
                    let reach = f64::from(reach) / 1_000.0;
                    // As many places as phones send.
                    let rounded = |degrees: f64| (degrees * 1e6).round() / 1e6;
                    [rounded(98.8 + reach * angle.cos()), rounded(3.5 + reach * angle.sin())]
                })
                .collect();
            ring.push(ring[0]);
            ring
        })
    }

    /// The oracle: counts how often a ray to the east crosses the ring.
    fn is_inside(ring: &[[f64; 2]], [x, y]: [f64; 2]) -> bool {
        let crosses = |pair: &&[[f64; 2]]| {
            let [[ax, ay], [bx, by]] = [pair[0], pair[1]];
            (ay > y) != (by > y) && x < ax + (y - ay) / (by - ay) * (bx - ax)
        };
        ring.windows(2).filter(crosses).count() % 2 == 1
    }

    proptest! {
        #[test]
        fn a_place_is_in_the_area_when_a_ray_crosses_its_edge_oddly(
            ring in star(), east in -110i32..110, north in -110i32..110,
        ) {
            let area = ServiceArea::parse(&ring).unwrap();
            let (lat, lon) = (3.5 + f64::from(north) / 1_000.0, 98.8 + f64::from(east) / 1_000.0);
            let place = Coordinates::parse(lat, lon).unwrap();
            let on_the_edge = area.holds(place, 1) != area.holds(place, 0);
            prop_assume!(!on_the_edge);
            prop_assert_eq!(area.holds(place, 0), is_inside(&ring, [lon, lat]));
        }

        #[test]
        fn who_is_within_reach_of_a_place_inside_is_within_the_tolerance(
            ring in star(), inside in 0u32..100, bearing in 0u32..360, meters in 1u32..400,
        ) {
            let area = ServiceArea::parse(&ring).unwrap();
            let part = f64::from(inside) / 100.0;
            let (lon, lat) = (98.8 + (ring[0][0] - 98.8) * part, 3.5 + (ring[0][1] - 3.5) * part);
            let home = Coordinates::parse(lat, lon).unwrap();
            prop_assert!(area.holds(home, 0));
            let (north, east) = f64::from(bearing).to_radians().sin_cos();
            let degrees = f64::from(meters) / METERS_PER_DEGREE;
            let shrink = lat.to_radians().cos();
            let center = Coordinates::parse(lat + north * degrees, lon + east * degrees / shrink).unwrap();
            let tolerance = u32::try_from(home.whole_meters_to(center)).unwrap() + 1;
            prop_assert!(area.holds(center, tolerance));
        }

        #[test]
        fn no_ring_makes_it_panic(ring in proptest::collection::vec(proptest::array::uniform2(-200f64..200.0), 0..300)) {
            prop_assert!(ServiceArea::parse(&ring).is_err() || ring.len() >= 4);
        }

        #[test]
        fn what_is_read_is_what_was_written(ring in star()) {
            let area = ServiceArea::parse(&ring).unwrap();
            let text = serde_json::to_string(&area).unwrap();
            prop_assert_eq!(serde_json::from_str::<ServiceArea>(&text).unwrap(), area);
        }
    }

    #[test]
    fn every_bad_polygon_is_refused_by_name() {
        let (a, b, c, d) = ([98.8, 3.5], [98.9, 3.5], [98.9, 3.6], [98.8, 3.6]);
        assert_eq!(refusal(&[]), "area_too_few_corners");
        assert_eq!(refusal(&[a, b, a]), "area_too_few_corners");
        assert_eq!(refusal(&[a, b, c, d]), "area_not_closed");
        assert_eq!(refusal(&[a, b, [99.0, 3.5], a]), "area_too_small");
        assert_eq!(refusal(&[a, [98.8005, 3.5], [98.8, 3.5005], a]), "area_too_small");
        assert_eq!(refusal(&[a, [98.9, 3.65], b, d, [98.75, 3.55], a]), "area_crosses_itself");
        assert_eq!(refusal(&[a, b, d, c, a]), "area_crosses_itself");
        assert_eq!(refusal(&[a, b, c, d, b, a]), "area_crosses_itself");
        assert_eq!(refusal(&[a, b, [2.3, 48.8], a]), "place_outside_indonesia");
        assert_eq!(refusal(&[a, b, [f64::NAN, 3.5], a]), "place_not_a_number");
        assert_eq!(refusal(&vec![a; 202]), "area_too_many_corners");
        let two_rings = r#"{"type":"Polygon","coordinates":[[],[]]}"#;
        assert!(serde_json::from_str::<ServiceArea>(two_rings).is_err());
    }

    #[test]
    fn the_edge_belongs_to_the_area_and_the_tolerance_lies_around_it() {
        let at = |lat, lon| Coordinates::parse(lat, lon).unwrap();
        assert!(square().holds(at(3.5, 98.85), 0));
        // 0.001° north are 111 m.
        assert!(!square().holds(at(3.601, 98.85), 0));
        assert!(!square().holds(at(3.601, 98.85), 100));
        assert!(square().holds(at(3.601, 98.85), 115));
    }
}
