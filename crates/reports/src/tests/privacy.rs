use database::Engine;
use proptest::prelude::*;
use test_kit::TestDatabase;

use super::world::{MIGRATIONS, World, offer, on_each_engine, place};
use crate::{Address, NewReport, OpenReportView, ReportStateName};

/// What collectors may learn in a world that differs from others only in the point, the words and the address.
fn shown(lat: f64, lon: f64, words: &str) -> String {
    let home = TestDatabase::new(Engine::Sqlite, MIGRATIONS);
    let world = World::on(&home.database());
    let address = Address { street: Some(words.to_owned()), ..Address::default() };
    let mut new =
        NewReport { location: place(lat, lon), address, note: Some(words.to_owned()), ..offer() };
    new.items[0].note = Some(words.to_owned());
    world.submit(world.ambient.mint(), &new).unwrap();
    let open = world.write(|reports, conn| reports.open_reports_in(conn)).unwrap();
    let views: Vec<OpenReportView> = open.iter().map(OpenReportView::from).collect();
    format!("{} {open:?}", serde_json::to_string(&views).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn worlds_that_differ_only_within_a_cell_look_the_same(
        row in 690i32..730, column in 19_720i32..19_790,
        a in 0.01f64..0.99, b in 0.01f64..0.99, c in 0.01f64..0.99, d in 0.01f64..0.99,
    ) {
        let at = |cell: i32, part: f64| (f64::from(cell) + part) / 200.0;
        let one = shown(at(row, a), at(column, b), "pagar hijau");
        let other = shown(at(row, c), at(column, d), "pagar biru");
        prop_assert_eq!(one, other);
    }
}

#[test]
fn only_what_waits_is_shown() {
    on_each_engine(|world| {
        let (waiting, taken) = (world.open_report(), world.open_report());
        let (id, pickup) = (taken.id, world.ambient.mint());
        world.write(move |reports, conn| reports.claim_in(conn, id, None, pickup)).unwrap();
        let open = world.write(|reports, conn| reports.open_reports_in(conn)).unwrap();
        let ids: Vec<_> = open.iter().map(|report| report.id).collect();
        assert_eq!(ids, [waiting.id]);
        let found = world.write(move |reports, conn| reports.find_open_in(conn, id)).unwrap();
        assert_eq!(found, None);
        assert_eq!(world.read(&taken).state.name(), ReportStateName::Assigned);
    });
}
