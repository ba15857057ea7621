use database::Connection;
use primitives::{Coordinates, RegionCode};
use test_kit::{TestDatabase, on_each_engine};

use super::*;
use crate::{MIGRATIONS, Method, Regions};

const SQUARE: &str = "[[98.6,3.4],[98.7,3.4],[98.7,3.5],[98.6,3.5],[98.6,3.4]]";

fn feature(code: &str, kind: &str, coordinates: &str) -> String {
    format!(
        r#"{{"type":"Feature","properties":{{"kode":"{code}"}},
            "geometry":{{"type":"{kind}","coordinates":{coordinates}}}}}"#
    )
}

fn collection(features: &[String]) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

fn square_of(code: &str) -> String {
    feature(code, "Polygon", &format!("[{SQUARE}]"))
}

/// What is wrong with one desa's boundary that has these coordinates.
fn fault(kind: &str, coordinates: &str, lat_lon: bool) -> Fault {
    let file = collection(&[feature("12.07.28.2001", kind, coordinates)]);
    let refused = with_reference_data(move |conn| import_boundaries_in(conn, &file, lat_lon));
    complaints(refused.unwrap_err()).remove(0).fault
}

fn complaints(error: ImportError) -> Vec<Complaint> {
    match error {
        ImportError::Refused(complaints) => complaints,
        other => panic!("{other}"),
    }
}

fn with_reference_data<T: Send + 'static>(
    unit: impl Fn(&mut Connection) -> Result<T, ImportError> + Send + 'static,
) -> Result<T, ImportError> {
    let home = TestDatabase::new(database::Engine::Sqlite, &[MIGRATIONS]);
    home.database().write_blocking(move |conn| {
        load_reference_data_in(conn)?;
        unit(conn)
    })
}

#[test]
fn reference_data_is_loaded_once_and_leaves_changes_alone() {
    on_each_engine(&[MIGRATIONS], |database| {
        assert_eq!(database.write_blocking(load_reference_data_in).unwrap(), 418);
        let renamed = "code,name,latitude,longitude\n12.07.28.2001,Nama Baru,3.5,98.9\n";
        let count = database.write_blocking(move |conn| import_regions_in(conn, renamed)).unwrap();
        assert_eq!(count, 1);
        assert_eq!(database.write_blocking(load_reference_data_in).unwrap(), 0);
        let regions = database.read_blocking(Regions::load).unwrap();
        let region = regions.get(&RegionCode::parse("12.07.28.2001").unwrap()).unwrap();
        assert_eq!((region.name.as_str(), region.version), ("Nama Baru", 2));
        assert_eq!(regions.children(&RegionCode::parse("12.07").unwrap()).len(), 22);
        assert_eq!(regions.children(&RegionCode::parse("12").unwrap()).len(), 1);
    });
}

#[test]
fn every_region_of_the_reference_data_is_where_it_says() {
    let regions = with_reference_data(|conn| Ok(Regions::load(conn)?)).unwrap();
    let kabupaten = regions.get(&RegionCode::parse("12.07").unwrap()).unwrap();
    let extent = kabupaten.extent.unwrap();
    let mut villages = 0;
    for kecamatan in regions.children(&kabupaten.code) {
        for village in regions.children(&kecamatan.code) {
            villages += 1;
            let own = regions.locate(village.center).unwrap();
            assert_eq!((own.desa, own.distance_meters), (village.code, 0));
            assert!(
                (extent.south_west.lat()..=extent.north_east.lat()).contains(&village.center.lat())
            );
        }
    }
    assert_eq!(villages, 394);
}

#[test]
fn an_import_is_seen_after_a_reload() {
    on_each_engine(&[MIGRATIONS], |database| {
        database.write_blocking(load_reference_data_in).unwrap();
        let regions = database.read_blocking(Regions::load).unwrap();
        let place = Coordinates::parse(3.45, 98.65).unwrap();
        assert_eq!(regions.locate(place).unwrap().method, Method::NearestCenter);
        assert!(!reload(database, &regions));

        let file = collection(&[square_of("12.07.28.2001")]);
        let imported =
            database.write_blocking(move |conn| import_boundaries_in(conn, &file, false));
        assert_eq!(imported.unwrap(), ImportedBoundaries { regions: 1, polygons: 1, points: 5 });
        assert!(reload(database, &regions));
        let located = regions.locate(place).unwrap();
        assert_eq!((located.desa.as_str(), located.method), ("12.07.28.2001", Method::Boundary));
        assert!(!reload(database, &regions));
    });
}

fn reload(database: &database::Database, regions: &Regions) -> bool {
    let regions = regions.clone();
    database.read_blocking(move |conn| regions.reload_if_changed(conn)).unwrap()
}

#[test]
fn a_second_import_takes_the_place_of_the_first() {
    let twice = |conn: &mut Connection| {
        for moved in ["98.7", "98.8"] {
            let ring = SQUARE.replace("98.7", moved);
            let file =
                collection(&[feature("12.07.28.2001", "MultiPolygon", &format!("[[{ring}]]"))]);
            import_boundaries_in(conn, &file, false)?;
        }
        Ok(Regions::load(conn)?)
    };
    let regions = with_reference_data(twice).unwrap();
    let located = regions.locate(Coordinates::parse(3.45, 98.75).unwrap()).unwrap();
    assert_eq!(located.method, Method::Boundary);
}

#[test]
fn positions_in_the_other_order_are_noticed() {
    let swapped = "[[[3.4,98.6],[3.4,98.7],[3.5,98.7],[3.5,98.6],[3.4,98.6]]]";
    let refused = fault("Polygon", swapped, false);
    assert_eq!(refused, Fault::Swapped { is_lat_lon: true });
    assert_eq!(refused.to_string(), "the positions are in [lat, lon] order: import with --lat-lon");
    let refused = fault("Polygon", &format!("[{SQUARE}]"), true);
    assert_eq!(
        refused.to_string(),
        "the positions are in [lon, lat] order: import without --lat-lon"
    );

    let file = collection(&[feature("12.07.28.2001", "Polygon", swapped)]);
    let regions = with_reference_data(move |conn| {
        import_boundaries_in(conn, &file, true)?;
        Ok(Regions::load(conn)?)
    });
    let located = regions.unwrap().locate(Coordinates::parse(3.45, 98.65).unwrap()).unwrap();
    assert_eq!(located.method, Method::Boundary);
}

#[test]
fn improper_areas_are_refused() {
    let polygon = |ring: &str| fault("Polygon", ring, false);
    assert_eq!(polygon("[[[98.6,3.4],[98.7,3.4],[98.6,3.4]]]"), Fault::TooFewPoints(3));
    assert_eq!(polygon("[]"), Fault::TooFewPoints(0));
    assert_eq!(fault("MultiPolygon", "[]", false), Fault::TooFewPoints(0));
    assert_eq!(polygon("[[[98.6,3.4],[98.7,3.4],[98.7,3.5],[98.6,3.5]]]"), Fault::NotClosed);
    let bow_tie = "[[[98.6,3.4],[98.7,3.5],[98.7,3.4],[98.6,3.5],[98.6,3.4]]]";
    assert!(matches!(polygon(bow_tie), Fault::Crossing(_)));
    let hole_outside = "[[98.8,3.4],[98.9,3.4],[98.9,3.5],[98.8,3.4]]";
    assert!(matches!(polygon(&format!("[{SQUARE},{hole_outside}]")), Fault::Crossing(_)));
    let elsewhere = "[[[13.4,52.5],[13.5,52.5],[13.5,52.6],[13.4,52.5]]]";
    assert_eq!(polygon(elsewhere), Fault::OutsideIndonesia { lat: 52.5, lon: 13.4 });
    assert_eq!(fault("Point", "[98.6,3.4]", false), Fault::NotAnArea("Point".to_owned()));
}

#[test]
fn everything_wrong_is_said_at_once_and_nothing_is_written() {
    let features = [
        square_of("12.07.28.2001"),
        square_of("12.07.28.2001"),
        square_of("99.99"),
        square_of("1207"),
        r#"{"type":"Feature","properties":{},"geometry":null}"#.to_owned(),
    ];
    let (file, engine) = (collection(&features), database::Engine::Sqlite);
    let home = TestDatabase::new(engine, &[MIGRATIONS]);
    home.database().write_blocking(load_reference_data_in).unwrap();
    let refused =
        home.database().write_blocking(move |conn| import_boundaries_in(conn, &file, false));
    let faults: Vec<Fault> =
        complaints(refused.unwrap_err()).into_iter().map(|it| it.fault).collect();
    let malformed = Fault::CodeMalformed("1207".to_owned());
    assert_eq!(faults, [Fault::CodeTwice, Fault::CodeUnknown, malformed, Fault::NoCode]);
    let regions = home.database().read_blocking(Regions::load).unwrap();
    let located = regions.locate(Coordinates::parse(3.45, 98.65).unwrap()).unwrap();
    assert_eq!(located.method, Method::NearestCenter);
}

#[test]
fn what_is_no_geojson_or_no_table_is_unreadable() {
    for text in ["", "{}", "[1]", r#"{"type":"Point","coordinates":[98.6,3.4]}"#] {
        let refused = with_reference_data(move |conn| import_boundaries_in(conn, text, false));
        assert!(matches!(refused, Err(ImportError::Unreadable(_))), "{text}");
    }
    for csv in ["code,name\n12,X\n", "code,name,latitude,longitude,typo\n12,X,3,98,1\n"] {
        let refused = with_reference_data(move |conn| import_regions_in(conn, csv));
        assert!(matches!(refused, Err(ImportError::Unreadable(_))), "{csv}");
    }
}

#[test]
fn another_kabupaten_brings_its_own_regions() {
    on_each_engine(&[MIGRATIONS], |database| {
        database.write_blocking(load_reference_data_in).unwrap();
        // A child may stand before its parent, and a spreadsheet may put a mark in front.
        let csv = "\u{feff}code,name,latitude,longitude,valid_until\n\
                   52.01.01,Gerung,-8.7,116.1,\n52.01,Lombok Barat,-8.7,116.1,\n\
                   52,Nusa Tenggara Barat,-8.6,117.2,\n12.07.28.2001,Lama,3.5,98.9,2026-01-31\n";
        let count = database.write_blocking(move |conn| import_regions_in(conn, csv)).unwrap();
        assert_eq!(count, 4);
        let regions = database.read_blocking(Regions::load).unwrap();
        let [gerung, old] = ["52.01.01", "12.07.28.2001"].map(|it| RegionCode::parse(it).unwrap());
        assert_eq!(regions.time_zone(&gerung).name(), "Asia/Makassar");
        assert!(!regions.get(&old).unwrap().is_current());
        assert!(regions.children(&old.parent().unwrap()).iter().all(|it| it.code != old));
    });
}

#[test]
fn regions_that_cannot_be_are_refused() {
    let csv = "code,name,latitude,longitude,area_hectares\n11.01,Aceh Selatan,3.1,97.3,\n\
               12.07,,3.5,98.7,\n12.07.01,Twice,3.5,98.7,\n12.07.01,Twice,3.5,98.7,\n\
               1207,X,3.5,98.7,\n12.07.02,X,98.7,3.5,\n12.07.03,X,3.5,98.7,-1\n";
    let refused = with_reference_data(move |conn| import_regions_in(conn, csv)).unwrap_err();
    let text = refused.to_string();
    let faults: Vec<Fault> = complaints(refused).into_iter().map(|it| it.fault).collect();
    assert_eq!(
        faults,
        [
            Fault::ParentMissing("11".to_owned()),
            Fault::NameLength,
            Fault::CodeTwice,
            Fault::CodeMalformed("1207".to_owned()),
            Fault::Value("place_outside_indonesia"),
            Fault::Value("an area is not negative"),
        ]
    );
    assert!(
        text.starts_with("nothing was imported, 6 things are wrong\n  row 1, 11.01: its parent 11")
    );
}
