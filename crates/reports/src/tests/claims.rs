use std::thread;

use primitives::PickupId;

use super::world::on_each_engine;
use crate::{ReportError, ReportState, ReportStateName};

#[test]
fn of_sixteen_collectors_at_once_one_gets_the_report() {
    on_each_engine(|world| {
        let id = world.open_report().id;
        let pickups: Vec<PickupId> = (0..16).map(|_| world.ambient.mint()).collect();
        let outcomes: Vec<_> = thread::scope(|scope| {
            let claims = pickups.iter().map(|&pickup| {
                scope.spawn(move || {
                    world.write(move |reports, conn| reports.claim_in(conn, id, None, pickup))
                })
            });
            let claims: Vec<_> = claims.collect();
            claims.into_iter().map(|claim| claim.join().unwrap()).collect()
        });
        let won: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok()).collect();
        let [winner] = won.as_slice() else { panic!("{} winners", won.len()) };
        let lost = outcomes.iter().filter(|it| matches!(it, Err(ReportError::AlreadyTaken)));
        assert_eq!(lost.count(), 15);
        assert_eq!(world.read(winner).state, winner.state);
        let pickup = winner.state.pickup().unwrap();
        assert!(pickups.contains(&pickup));
    });
}

#[test]
fn a_claim_may_insist_on_what_was_read() {
    on_each_engine(|world| {
        let (id, pickup) = (world.open_report().id, world.ambient.mint());
        let stale = world.write(move |reports, conn| reports.claim_in(conn, id, Some(7), pickup));
        assert!(matches!(stale, Err(ReportError::VersionConflict)));
        let fresh = world.write(move |reports, conn| reports.claim_in(conn, id, Some(1), pickup));
        assert_eq!(fresh.unwrap().version, 2);
        // Whoever read the old version is told that it is gone, not that it changed.
        let late = world.write(move |reports, conn| reports.claim_in(conn, id, Some(1), pickup));
        assert!(matches!(late, Err(ReportError::AlreadyTaken)));
    });
}

#[test]
fn nobody_claims_what_was_called_off_or_never_was() {
    on_each_engine(|world| {
        let report = world.open_report();
        let (household, id, pickup) = (report.household, report.id, world.ambient.mint());
        world.write(move |reports, conn| reports.cancel_in(conn, household, id, "pindah")).unwrap();
        let claim = world.write(move |reports, conn| reports.claim_in(conn, id, None, pickup));
        assert!(matches!(claim, Err(ReportError::WrongState(ReportStateName::Cancelled))));
        let unknown = world.ambient.mint();
        let claim = world.write(move |reports, conn| reports.claim_in(conn, unknown, None, pickup));
        assert!(matches!(claim, Err(ReportError::NotFound)));
    });
}

#[test]
fn another_job_can_neither_collect_nor_close_nor_reopen() {
    on_each_engine(|world| {
        let id = world.open_report().id;
        let (ours, theirs): (PickupId, PickupId) = (world.ambient.mint(), world.ambient.mint());
        let worker = || event_log::Actor::Worker("tests");
        world.write(move |reports, conn| reports.claim_in(conn, id, None, ours)).unwrap();
        let collected = world.write(move |reports, conn| reports.collect_in(conn, id, theirs));
        assert!(matches!(collected, Err(ReportError::WrongState(ReportStateName::Assigned))));
        let reopened =
            world.write(move |reports, conn| reports.reopen_in(conn, worker(), id, theirs));
        assert!(matches!(reopened, Err(ReportError::WrongState(ReportStateName::Assigned))));
        world.write(move |reports, conn| reports.collect_in(conn, id, ours)).unwrap();
        let closed = world.write(move |reports, conn| reports.close_in(conn, worker(), id, theirs));
        assert!(matches!(closed, Err(ReportError::WrongState(ReportStateName::Collected))));
        let closed = world.write(move |reports, conn| reports.close_in(conn, worker(), id, ours));
        assert!(
            matches!(closed.unwrap().state, ReportState::Closed { pickup, .. } if pickup == ours)
        );
        assert_eq!(world.kinds(), ["report_opened", "report_closed"]);
    });
}
