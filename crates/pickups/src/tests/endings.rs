use primitives::AccountId;
use reports::{ReportError, ReportStateName};

use super::world::{World, on_each_engine};
use crate::{EndedBy, Pickup, PickupError, PickupState, PickupStateName};

fn release(world: &World, pickup: &Pickup) -> Result<Pickup, PickupError> {
    let (account, id) = (world.collector.1, pickup.id);
    world.write(move |pickups, conn| pickups.release_in(conn, account, id, "ban bocor"))
}

fn cancel(world: &World, by: AccountId, pickup: &Pickup) -> Result<Pickup, PickupError> {
    let id = pickup.id;
    world.write(move |pickups, conn| pickups.cancel_in(conn, by, id, "hujan deras"))
}

fn cancel_report(world: &World, pickup: &Pickup) -> Result<ReportStateName, PickupError> {
    let (household, id) = (world.household, pickup.report);
    world.write(move |pickups, conn| {
        Ok(pickups.cancel_report_in(conn, household, id, "pindah rumah")?.state.name())
    })
}

#[test]
fn a_released_report_is_open_for_another() {
    on_each_engine(|world| {
        let pickup = world.arrived();
        let released = release(world, &pickup).unwrap();
        assert_eq!(release(world, &pickup).unwrap(), released);
        assert_eq!(world.read(pickup.id), released);
        assert_eq!(world.report_state(&pickup), ReportStateName::Open);
        assert_eq!(world.kinds()[3..], ["report_reopened", "pickup_released"]);
        let report = world.report();
        let assignment = crate::Assignment { report: pickup.report, ..world.assignment(&report) };
        let again = world.assign(assignment).unwrap();
        assert_ne!(again.handover.code(), pickup.handover.code());
        // The old job cannot do anything to the report any more.
        assert_eq!(release(world, &pickup).unwrap(), released);
        assert_eq!(world.report_state(&again), ReportStateName::Assigned);
    });
}

#[test]
fn either_side_may_call_it_off_before_the_weigh_in() {
    on_each_engine(|world| {
        for by in [world.household, world.collector.1] {
            let pickup = world.arrived();
            let cancelled = cancel(world, by, &pickup).unwrap();
            assert_eq!(cancel(world, by, &pickup).unwrap(), cancelled);
            assert_eq!(world.report_state(&pickup), ReportStateName::Cancelled);
            let other = if by == world.household { world.collector.1 } else { world.household };
            let late = cancel(world, other, &pickup);
            assert!(matches!(late, Err(PickupError::WrongState(PickupStateName::Cancelled))));
        }
        let weighed = world.weighed();
        let late = cancel(world, world.household, &weighed);
        assert!(matches!(late, Err(PickupError::WrongState(PickupStateName::Weighed))));
        let late = release(world, &weighed);
        assert!(matches!(late, Err(PickupError::WrongState(PickupStateName::Weighed))));
    });
}

#[test]
fn an_accepted_report_is_called_off_with_its_job() {
    on_each_engine(|world| {
        let pickup = world.assigned();
        assert_eq!(cancel_report(world, &pickup).unwrap(), ReportStateName::Cancelled);
        assert_eq!(cancel_report(world, &pickup).unwrap(), ReportStateName::Cancelled);
        let ended = world.read(pickup.id);
        assert!(matches!(ended.state, PickupState::Cancelled(it) if it.by == EndedBy::Household));
        assert_eq!(world.kinds()[1..], ["report_cancelled", "pickup_cancelled"]);
        let weighed = world.weighed();
        assert!(matches!(
            cancel_report(world, &weighed),
            Err(PickupError::WrongState(PickupStateName::Weighed))
        ));
        assert_eq!(world.report_state(&weighed), ReportStateName::Assigned);
    });
}

#[test]
fn an_open_report_is_called_off_alone_and_only_by_its_household() {
    on_each_engine(|world| {
        let id = world.report().id;
        let (household, stranger) = (world.household, world.ambient.mint());
        let cancel =
            |by| world.write(move |pickups, conn| pickups.cancel_report_in(conn, by, id, "pindah"));
        let refused = cancel(stranger);
        assert!(matches!(refused, Err(PickupError::Report(ReportError::NotFound))));
        assert_eq!(cancel(household).unwrap().state.name(), ReportStateName::Cancelled);
        let blank =
            world.write(move |pickups, conn| pickups.cancel_report_in(conn, household, id, " "));
        assert!(matches!(blank, Err(PickupError::Refused(_))));
    });
}

#[test]
fn who_does_not_depart_in_time_loses_the_job() {
    on_each_engine(|world| {
        let (late, punctual) = (world.assigned(), world.assigned());
        world.depart(punctual.id).unwrap();
        let sweep = || {
            let now = world.ambient.now();
            world.write(move |pickups, conn| pickups.release_overdue_in(conn, now, 10)).unwrap()
        };
        world.pass(23);
        assert_eq!(sweep(), 0);
        world.pass(1);
        assert_eq!((sweep(), sweep()), (1, 0));
        assert_eq!(world.report_state(&late), ReportStateName::Open);
        assert_eq!(world.read(punctual.id).state.name(), PickupStateName::EnRoute);
        let gone = world.depart(late.id);
        assert!(matches!(gone, Err(PickupError::WrongState(PickupStateName::Released))));
    });
}
