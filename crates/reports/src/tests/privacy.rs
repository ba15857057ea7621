use std::sync::{Arc, Mutex};

use primitives::{AccountId, ReportId};
use proptest::{prelude::*, test_runner::TestRunner};

use super::world::{World, offer, on_each_engine, place};
use crate::{Address, NewReport, OpenReportView, ReportError, ReportStateName};

/// What collectors may learn in a world that differs from others only in the point, the words and the address.
fn shown(world: &World, (lat, lon): (f64, f64), words: &str) -> String {
    let address = Address { street: Some(words.to_owned()), ..Address::default() };
    let note = Some(words.to_owned());
    let id = ReportId::from_parts(world.ambient.now(), [7; 10]);
    let mut new = NewReport { id: Some(id), location: place(lat, lon), address, note, ..offer() };
    new.items[0].note = Some(words.to_owned());
    let household = AccountId::from_parts(world.ambient.now(), [8; 10]);
    let learned = Arc::new(Mutex::new(String::new()));
    let told = Arc::clone(&learned);
    let undone = world.write(move |reports, conn| -> Result<(), ReportError> {
        reports.submit_in(conn, household, &new)?;
        let open = reports.open_reports_in(conn)?;
        let views: Vec<OpenReportView> = open.iter().map(OpenReportView::from).collect();
        *told.lock().unwrap() = format!("{} {open:?}", serde_json::to_string(&views).unwrap());
        // Back to a world without the report.
        Err(ReportError::NotFound)
    });
    assert!(undone.is_err());
    let learned = learned.lock().unwrap();
    assert!(learned.contains(&id.to_string()));
    learned.clone()
}

#[test]
fn worlds_that_differ_only_within_a_cell_look_the_same() {
    on_each_engine(|world| {
        let part = || (0.01f64..0.99, 0.01f64..0.99);
        let places = ((690i32..730, 19_720i32..19_790), part(), part());
        let law = |((row, column), one, other): ((i32, i32), (f64, f64), (f64, f64))| {
            let at = |cell: i32, part: f64| (f64::from(cell) + part) / 200.0;
            let seen = |(a, b): (f64, f64), words| shown(world, (at(row, a), at(column, b)), words);
            prop_assert_eq!(seen(one, "pagar hijau"), seen(other, "pagar biru"));
            Ok(())
        };
        TestRunner::new(ProptestConfig::with_cases(32)).run(&places, law).unwrap();
    });
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
