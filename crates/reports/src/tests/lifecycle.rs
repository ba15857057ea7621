use std::time::Duration;

use database::Engine;
use primitives::{PickupId, Timestamp};
use proptest::{prelude::*, test_runner::TestRunner};
use test_kit::TestDatabase;

use super::world::{MIGRATIONS, World, on_each_engine};
use crate::{
    Report, ReportError, ReportState,
    ReportStateName::{self, Assigned, Cancelled, Closed, Collected, Expired, Open},
    WrongState,
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

fn step(report: Report, step: u8, job: PickupId, at: Timestamp) -> Result<Report, WrongState> {
    let reason = "pindah".to_owned();
    match step {
        0 => report.assign(job, at),
        1 => report.reopen(job, at),
        2 => report.collect(job, at),
        3 => report.close(job, at),
        4 => report.cancel(reason, at),
        5 => report.cancel_with(job, reason, at),
        _ => report.expire(at),
    }
}

#[test]
fn no_sequence_of_steps_leaves_the_declared_edges() {
    let home = TestDatabase::new(Engine::Sqlite, MIGRATIONS);
    let world = World::on(&home.database());
    let (opened, jobs) = (world.open_report(), [world.ambient.mint(), world.ambient.mint()]);
    let steps = prop::collection::vec((0u8..7, 0usize..2), 1..60);
    let law = |steps: Vec<(u8, usize)>| {
        let (mut report, mut at) = (opened.clone(), opened.opened_at);
        for (number, job) in steps {
            at = at.plus(Duration::from_secs(30 * 3_600));
            let before = report.clone();
            report = match step(report, number, jobs[job], at) {
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
        Ok(())
    };
    TestRunner::default().run(&steps, law).unwrap();
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
