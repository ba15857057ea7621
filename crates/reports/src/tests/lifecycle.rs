use database::{Database, Engine};
use proptest::prelude::*;
use test_kit::TestDatabase;

use super::world::{MIGRATIONS, World, on_each_engine};
use crate::{
    Report, ReportError, ReportState,
    ReportStateName::{self, Assigned, Cancelled, Closed, Collected, Expired, Open},
};

/// Every way a report may go; everything else must be refused.
const EDGES: [(ReportStateName, ReportStateName); 7] = [
    (Open, Assigned),
    (Open, Cancelled),
    (Open, Expired),
    (Assigned, Open),
    (Assigned, Collected),
    (Assigned, Cancelled),
    (Collected, Closed),
];

fn world_on(home: &TestDatabase) -> World {
    let database: Database = home.database();
    World::on(&database)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_sequence_of_steps_leaves_the_declared_edges(steps in prop::collection::vec(0u8..8, 1..40)) {
        let home = TestDatabase::new(Engine::Sqlite, MIGRATIONS);
        let world = world_on(&home);
        let (ours, other) = (world.ambient.mint(), world.ambient.mint());
        let mut report = world.open_report();
        for step in steps {
            let at = world.ambient.now();
            let before = report.clone();
            let after = match step {
                0 => report.assign(ours, at),
                1 => report.reopen(ours, at),
                2 => report.collect(ours, at),
                3 => report.close(ours, at),
                4 => report.cancel("pindah".to_owned(), at),
                5 | 6 => report.cancel_with(if step == 5 { ours } else { other }, "pindah".to_owned(), at),
                _ => report.expire(at),
            };
            world.pass(30);
            report = match after {
                Ok(after) => {
                    prop_assert!(EDGES.contains(&(before.state.name(), after.state.name())));
                    prop_assert_eq!(after.version, before.version + 1);
                    after
                }
                Err(refusal) => {
                    prop_assert_eq!(refusal.0, before.state.name());
                    before
                }
            };
        }
    }
}

#[test]
fn cancelling_twice_is_once_and_too_late_is_told() {
    on_each_engine(|world| {
        let report = world.open_report();
        let cancel = |report: &Report| {
            let (household, id) = (report.household, report.id);
            world.write(move |reports, conn| reports.cancel_in(conn, household, id, "pindah"))
        };
        let cancelled = cancel(&report).unwrap();
        assert!(
            matches!(&cancelled.state, ReportState::Cancelled { reason, .. } if reason == "pindah")
        );
        world.pass(1);
        assert_eq!(cancel(&report).unwrap(), cancelled);
        assert_eq!(world.kinds(), ["report_opened", "report_cancelled"]);
        let taken = world.open_report();
        let (id, pickup) = (taken.id, world.ambient.mint());
        world.write(move |reports, conn| reports.claim_in(conn, id, None, pickup)).unwrap();
        assert!(matches!(cancel(&taken), Err(ReportError::WrongState(Assigned))));
    });
}

#[test]
fn strangers_reports_do_not_exist() {
    on_each_engine(|world| {
        let (id, stranger) = (world.open_report().id, world.ambient.mint());
        let found = world.write(move |reports, conn| reports.find_owned(conn, stranger, id));
        assert!(matches!(found, Err(ReportError::NotFound)));
        let cancelled =
            world.write(move |reports, conn| reports.cancel_in(conn, stranger, id, "iseng"));
        assert!(matches!(cancelled, Err(ReportError::NotFound)));
    });
}

#[test]
fn a_reopened_report_waits_anew() {
    on_each_engine(|world| {
        let report = world.open_report();
        let (id, pickup) = (report.id, world.ambient.mint());
        world.write(move |reports, conn| reports.claim_in(conn, id, None, pickup)).unwrap();
        world.pass(60);
        let worker = event_log::Actor::Worker("tests");
        let again =
            world.write(move |reports, conn| reports.reopen_in(conn, worker.clone(), id, pickup));
        let again = again.unwrap();
        assert_eq!((again.opened_at, again.created_at), (world.ambient.now(), report.created_at));
        assert_eq!(again.expires_at.seconds_since(again.opened_at), 72 * 3_600);
        assert_eq!(world.read(&report), again);
    });
}

#[test]
fn reports_that_nobody_takes_expire_once() {
    on_each_engine(|world| {
        let (waiting, taken) = (world.open_report(), world.open_report());
        let (id, pickup) = (taken.id, world.ambient.mint());
        world.write(move |reports, conn| reports.claim_in(conn, id, None, pickup)).unwrap();
        let expire = || {
            let now = world.ambient.now();
            world.write(move |reports, conn| reports.expire_due_in(conn, now, 10)).unwrap()
        };
        world.pass(71);
        assert_eq!(expire(), 0);
        world.pass(1);
        assert_eq!((expire(), expire()), (1, 0));
        assert_eq!(world.read(&waiting).state.name(), Expired);
        assert_eq!(world.read(&taken).state.name(), Assigned);
        assert_eq!(world.kinds().last().map(String::as_str), Some("report_expired"));
    });
}
