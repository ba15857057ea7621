use std::time::Duration;

use event_log::Fact;
use primitives::{Grams, ReportId, Timestamp, Unit};

use super::world::{desa, item, offer, on_each_engine, place};
use crate::{
    LocatedBy, MinimumShare, NewReport, Patch, RawWindow, ReportChange, ReportError, ReportState,
    ReportStateName,
};

fn refusal(result: Result<crate::Report, ReportError>) -> Vec<(String, &'static str)> {
    match result {
        Err(ReportError::Refused(problems)) => {
            problems.into_iter().map(|problem| (problem.pointer, problem.code)).collect()
        }
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[test]
fn a_report_is_stored_as_it_was_told_and_happened_once() {
    on_each_engine(|world| {
        let household = world.ambient.mint();
        let report = world.submit(household, &offer()).unwrap();
        assert_eq!(world.read(&report), report);
        assert_eq!((report.state.name(), report.version), (ReportStateName::Open, 1));
        assert_eq!(report.region.by, LocatedBy::NearestCenter);
        assert!(report.region.distance_meters.unwrap() < 50_000);
        // Half-kilogram bottles and 0.9 kg/l of oil.
        assert_eq!(report.estimated_grams(), Grams::parse(4_200 + 6_000 + 1_350));
        let facts = world.facts();
        let [Fact::ReportOpened(opened)] = facts.as_slice() else { panic!("{facts:?}") };
        assert_eq!((opened.report, opened.household), (report.id, household));
        let log = format!("{facts:?}");
        assert!(!log.contains("masjid") && !log.contains("3.55"), "{log}");
    });
}

#[test]
fn a_household_says_how_much_must_be_bought_and_may_think_again() {
    on_each_engine(|world| {
        let household = world.ambient.mint();
        let [half, most] = [50, 80].map(|percent| MinimumShare::parse(percent).unwrap());
        let new = NewReport { minimum_share: half, ..offer() };
        let report = world.submit(household, &new).unwrap();
        assert_eq!(world.read(&report).minimum_share, half);
        let change = ReportChange { minimum_share: Some(most), ..ReportChange::default() };
        let id = report.id;
        let changed = world
            .write(move |reports, conn| reports.change_in(conn, household, id, 1, &change))
            .unwrap();
        assert_eq!((world.read(&report).minimum_share, changed.version), (most, 2));
        assert_eq!(world.submit(household, &offer()).unwrap().minimum_share, MinimumShare::ALL);
    });
}

#[test]
fn the_same_id_is_the_same_report_or_a_mistake() {
    on_each_engine(|world| {
        let (household, stranger) = (world.ambient.mint(), world.ambient.mint());
        let id: ReportId = world.ambient.mint();
        let new = NewReport { id: Some(id), ..offer() };
        let first = world.submit(household, &new).unwrap();
        world.pass(1);
        assert_eq!(world.submit(household, &new).unwrap(), first);
        let other = NewReport { note: None, ..new.clone() };
        assert!(matches!(world.submit(household, &other), Err(ReportError::IdTaken)));
        assert!(matches!(world.submit(stranger, &new), Err(ReportError::IdTaken)));
        assert_eq!(world.kinds(), ["report_opened"]);
    });
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    on_each_engine(|world| {
        let now = world.ambient.now();
        let day = Duration::from_secs(24 * 3_600);
        let new = NewReport {
            items: vec![
                item("PLA-PET-BENING", Unit::Kg, 0),
                item("PLA-PET-BENING", Unit::Kg, 1_000),
                item("PLA-PET-BIRU", Unit::Piece, 3),
                item("B3-AKI", Unit::Kg, 3_000),
                item("NO-SUCH", Unit::Kg, 3_000),
            ],
            windows: vec![RawWindow { from: now.plus(day), until: now.plus(day * 20) }],
            note: Some("a".repeat(501)),
            occurred_at: Some(now.plus(day)),
            ..offer()
        };
        let told = refusal(world.submit(world.ambient.mint(), &new));
        let expected = [
            ("/occurred_at", "occurred_at_in_future"),
            ("/items/0", "estimate_out_of_range"),
            ("/items/1/material", "material_doubled"),
            ("/items/2", "quantity_unit_mismatch"),
            ("/items/3/material", "material_not_accepted"),
            ("/items/4/material", "material_unknown"),
            ("/pickup_windows/0/until", "window_too_far"),
            ("/note", "text_too_long"),
        ];
        let told: Vec<(&str, &str)> = told.iter().map(|(at, code)| (at.as_str(), *code)).collect();
        assert_eq!(told, expected);
        assert_eq!(world.kinds(), Vec::<String>::new());
    });
}

#[test]
fn estimates_have_a_largest_size() {
    on_each_engine(|world| {
        let with = |items| NewReport { items, ..offer() };
        let submit = |items| world.submit(world.ambient.mint(), &with(items));
        assert!(submit(vec![item("LGM-BESI", Unit::Kg, 5_000_000)]).is_ok());
        let told = refusal(submit(vec![item("LGM-BESI", Unit::Kg, 5_000_001)]));
        assert_eq!(told, [("/items/0".to_owned(), "estimate_out_of_range")]);
        assert_eq!(refusal(submit(Vec::new())), [("/items".to_owned(), "items_empty")]);
        let much = vec![item("LGM-BESI", Unit::Kg, 1_000); 21];
        assert_eq!(refusal(submit(much)), [("/items".to_owned(), "items_too_many")]);
        // Each alone may be; four times five tonnes of loose bottles fill a thousand cubic meters.
        let loose = ["PLA-HDPE", "PLA-PET-BENING", "PLA-PET-BIRU", "PLA-PET-WARNA"];
        let loose = loose.map(|material| item(material, Unit::Kg, 5_000_000));
        let told = refusal(submit(loose.to_vec()));
        assert_eq!(told, [("/items".to_owned(), "volume_out_of_range")]);
    });
}

#[test]
fn the_desa_is_stated_or_found_or_there_is_none() {
    on_each_engine(|world| {
        let household = world.ambient.mint();
        let stated = NewReport { desa: Some(desa()), ..offer() };
        let report = world.submit(household, &stated).unwrap();
        assert_eq!((report.region.desa, report.region.by), (desa(), LocatedBy::Stated));
        for not_a_desa in ["12.07", "12.07.28.2999"] {
            let desa = primitives::RegionCode::parse(not_a_desa).unwrap();
            let told = refusal(world.submit(household, &NewReport { desa: Some(desa), ..offer() }));
            assert_eq!(told, [("/desa_code".to_owned(), "desa_unknown")]);
        }
        let jakarta = NewReport { location: place(-6.2, 106.8), ..offer() };
        assert!(matches!(world.submit(household, &jakarta), Err(ReportError::OutsideRegions)));
    });
}

#[test]
fn a_late_report_is_judged_by_the_moment_it_was_written() {
    on_each_engine(|world| {
        let written = world.ambient.now();
        let until = written.plus(Duration::from_secs(3_600));
        let windows = vec![RawWindow { from: written, until }];
        let new = NewReport { windows, occurred_at: Some(written), ..offer() };
        world.pass(48);
        let report = world.submit(world.ambient.mint(), &new).unwrap();
        assert_eq!((report.occurred_at, report.created_at), (written, world.ambient.now()));
        assert_eq!(report.expires_at.seconds_since(report.created_at), 72 * 3_600);
    });
}

#[test]
fn changes_need_the_version_that_was_read() {
    on_each_engine(|world| {
        let report = world.open_report();
        let change = |version: i64, change: ReportChange| {
            let (household, id) = (report.household, report.id);
            world.write(move |reports, conn| {
                reports.change_in(conn, household, id, version, &change)
            })
        };
        let bottles = vec![item("PLA-PET-BIRU", Unit::Kg, 900)];
        let changed = change(
            1,
            ReportChange { items: Some(bottles), note: Patch::Clear, ..ReportChange::default() },
        );
        let changed = changed.unwrap();
        assert_eq!((changed.version, changed.items.len(), &changed.note), (2, 1, &None));
        assert_eq!(changed.address, report.address);
        assert_eq!(world.read(&report), changed);
        let stale = change(1, ReportChange::default());
        assert!(matches!(stale, Err(ReportError::VersionConflict)));
        let empty = change(2, ReportChange { items: Some(Vec::new()), ..ReportChange::default() });
        assert_eq!(refusal(empty), [("/items".to_owned(), "items_empty")]);
        assert_eq!(world.kinds(), ["report_opened", "report_changed"]);
    });
}

#[test]
fn only_open_reports_change() {
    on_each_engine(|world| {
        let report = world.open_report();
        let (household, id, pickup) = (report.household, report.id, world.ambient.mint());
        world.write(move |reports, conn| reports.claim_in(conn, id, None, pickup)).unwrap();
        let changed = world.write(move |reports, conn| {
            reports.change_in(conn, household, id, 2, &ReportChange::default())
        });
        assert!(matches!(changed, Err(ReportError::WrongState(ReportStateName::Assigned))));
    });
}

#[test]
fn lists_are_own_newest_first_and_without_gaps() {
    on_each_engine(|world| {
        let household = world.ambient.mint();
        let mut ids = Vec::new();
        for number in 0..5 {
            // Two of them at the same moment: the id decides.
            world.pass(number % 2);
            ids.push(world.submit(household, &offer()).unwrap());
        }
        world.open_report();
        ids.sort_by_key(|report| (report.created_at, report.id));
        ids.reverse();
        let mut seen = Vec::new();
        let mut after: Option<(Timestamp, ReportId)> = None;
        loop {
            let page = world.write(move |reports, conn| {
                reports.page_owned(conn, household, Some(ReportStateName::Open), after, 2)
            });
            let page = page.unwrap();
            let Some(last) = page.last() else { break };
            after = Some((last.created_at, last.id));
            seen.extend(page);
        }
        assert_eq!(seen, ids);
        assert!(seen.iter().all(|report| report.state == ReportState::Open));
    });
}
