use std::thread;

use primitives::AccountId;
use reports::{RawWindow, ReportError, ReportStateName};

use super::world::{offer, on_each_engine, prices};
use crate::{Assignment, Load, PickupError, PickupState};

#[test]
fn an_accepted_report_becomes_a_job_with_frozen_prices() {
    on_each_engine(|world| {
        let report = world.report();
        world.pass(2);
        let pickup = world.assign(world.assignment(&report)).unwrap();
        assert_eq!(world.read(pickup.id), pickup);
        assert_eq!(pickup.state, PickupState::Assigned);
        assert_eq!((pickup.household, pickup.desa.clone()), (world.household, report.region.desa));
        assert_eq!(pickup.prices.len(), prices().len());
        assert_eq!(pickup.handover.code().len(), 6);
        assert_eq!(world.report_state(&pickup), ReportStateName::Assigned);
        assert_eq!(world.kinds(), ["pickup_assigned"]);
        let log = format!("{:?}", world.facts());
        assert!(log.contains("seconds_to_acceptance: 7200"), "{log}");
        assert!(!log.contains("Ucok") && !log.contains(pickup.handover.code()), "{log}");
    });
}

#[test]
fn of_sixteen_acceptances_at_once_one_is_acknowledged() {
    on_each_engine(|world| {
        let report = world.report();
        let outcomes: Vec<_> = thread::scope(|scope| {
            let collectors = (0..16).map(|_| Assignment {
                collector: world.ambient.mint(),
                collector_account: world.ambient.mint(),
                ..world.assignment(&report)
            });
            let threads: Vec<_> =
                collectors.map(|it| scope.spawn(move || world.assign(it))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let won: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok()).collect();
        let [winner] = won.as_slice() else { panic!("{} winners", won.len()) };
        let taken =
            |it: &Result<_, _>| matches!(it, Err(PickupError::Report(ReportError::AlreadyTaken)));
        assert_eq!(outcomes.iter().filter(|it| taken(it)).count(), 15);
        assert_eq!(&&world.read(winner.id), winner);
        assert_eq!(world.kinds(), ["pickup_assigned"]);
    });
}

#[test]
fn nobody_fetches_from_himself_and_nothing_of_it_remains() {
    on_each_engine(|world| {
        let report = world.report();
        let own = Assignment { collector_account: world.household, ..world.assignment(&report) };
        assert!(matches!(world.assign(own), Err(PickupError::OwnReport)));
        // The claim was undone with the refusal.
        world.assign(world.assignment(&report)).unwrap();
    });
}

#[test]
fn a_price_named_twice_counts_once_and_the_first_is_it() {
    on_each_engine(|world| {
        let mut assignment = world.assignment(&world.report());
        let mut again = assignment.prices[0].clone();
        again.price = primitives::UnitPrice::parse(1).unwrap();
        assignment.prices.push(again);
        let pickup = world.assign(assignment).unwrap();
        let bottles = pickup.prices.iter().find(|it| it.material.as_str() == "PLA-PET-BENING");
        assert_eq!(bottles.unwrap().price.get(), 3_250);
        assert_eq!(pickup.prices.len(), prices().len());
    });
}

#[test]
fn open_jobs_fill_the_vehicle_until_they_end() {
    on_each_engine(|world| {
        let (collector, nobody) = (world.collector.0, world.ambient.mint());
        let load = |id| world.write(move |pickups, conn| Ok(pickups.open_load_in(conn, id)?));
        let (first, second) = (world.assigned(), world.assigned());
        let grams = first.estimated_grams.get() + second.estimated_grams.get();
        let milliliters = first.estimated_milliliters.get() * 2;
        let expected = Load { grams, milliliters, jobs: 2 };
        assert_eq!(load(collector).unwrap(), expected);
        assert_eq!(load(nobody).unwrap(), Load::default());
        let all = world.write(|pickups, conn| Ok(pickups.open_loads_in(conn)?)).unwrap();
        assert_eq!(all.get(&collector), Some(&expected));
        let account: AccountId = world.collector.1;
        world
            .write(move |pickups, conn| pickups.release_in(conn, account, first.id, "ban bocor"))
            .unwrap();
        assert_eq!(load(collector).unwrap().jobs, 1);
    });
}

#[test]
fn he_is_awaited_until_the_last_window_or_the_promised_time() {
    on_each_engine(|world| {
        let now = world.ambient.now();
        let hours = |hours: u64| now.plus(std::time::Duration::from_secs(hours * 3_600));
        let windows = vec![RawWindow { from: hours(48), until: hours(50) }];
        let new = reports::NewReport { windows, ..offer() };
        let (reports, household) = (world.reports.clone(), world.household);
        let submit =
            move |conn: &mut database::Connection| reports.submit_in(conn, household, &new);
        let report = world.database.write_blocking(submit).unwrap();
        let promised = Assignment { pickup_at: Some(hours(30)), ..world.assignment(&report) };
        let due = |assignment: Assignment| {
            let report = report.clone();
            let now = world.ambient.now();
            assignment.due_at(&report, now)
        };
        assert_eq!(due(promised), hours(54));
        assert_eq!(due(world.assignment(&report)), hours(74));
    });
}
