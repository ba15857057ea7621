use std::{thread, time::Duration};

use collectors::{Decider, Reason};
use event_log::Fact;
use primitives::RegionCode;
use reports::{ReportError, ReportStateName, Selection};

use super::world::{Botot, World, bottles, on_each_engine, place};
use crate::{MatchingError, ranking::Ineligible};

fn refusal(world: &World, botot: Botot, report: &reports::Report) -> Ineligible {
    match world.accept(botot, report) {
        Err(MatchingError::NotEligible(reason)) => reason,
        other => panic!("{other:?}"),
    }
}

fn is_taken<T>(outcome: &Result<T, MatchingError>) -> bool {
    matches!(
        outcome,
        Err(MatchingError::Report(ReportError::AlreadyTaken)
            | MatchingError::Pickup(pickups::PickupError::Report(ReportError::AlreadyTaken)))
    )
}

#[test]
fn of_sixteen_collectors_at_once_exactly_one_gets_each_report() {
    on_each_engine(|world| {
        let crowd: Vec<Botot> = (0..16).map(|number| world.working(number)).collect();
        for _ in 0..4 {
            let report = world.report(Selection::Instant);
            let outcomes: Vec<_> = thread::scope(|scope| {
                let accept = |botot| {
                    let report = &report;
                    scope.spawn(move || world.accept(botot, report))
                };
                let threads: Vec<_> = crowd.iter().copied().map(accept).collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).collect()
            });
            let won: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok()).collect();
            let [winner] = won.as_slice() else { panic!("{} winners", won.len()) };
            assert_eq!(outcomes.iter().filter(|it| is_taken(it)).count(), 15);
            let id = winner.pickup.id;
            let stored = world.write(move |it, conn| it.pickups.find_in(conn, id)).unwrap();
            assert_eq!(stored, winner.pickup);
        }
        let assigned = |fact: &Fact| matches!(fact, Fact::PickupAssigned(_));
        assert_eq!(world.facts().iter().filter(|fact| assigned(fact)).count(), 4);
    });
}

#[test]
fn one_vehicle_is_filled_once_however_many_hands_load_it() {
    on_each_engine(|world| {
        let botot = world.working(1);
        // A betor holds 0.8 m³: 10 kg of loose bottles fit, twice that do not.
        let reports: Vec<_> =
            (0..8).map(|_| world.submit(bottles(10_000, Selection::Instant))).collect();
        let outcomes: Vec<_> = thread::scope(|scope| {
            let accept = |report| scope.spawn(move || world.accept(botot, report));
            let threads: Vec<_> = reports.iter().map(accept).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        let full = MatchingError::NotEligible(Ineligible::NoCapacity).to_string();
        let refusals = outcomes.iter().filter_map(|outcome| outcome.as_ref().err());
        refusals.for_each(|refusal| assert_eq!(refusal.to_string(), full));
    });
}

#[test]
fn the_same_word_twice_is_one_job() {
    on_each_engine(|world| {
        let (botot, report) = (world.working(1), world.report(Selection::Instant));
        let first = world.accept(botot, &report).unwrap();
        assert!(!first.repeated);
        let again = world.accept(botot, &report).unwrap();
        assert!(again.repeated);
        assert_eq!(again.pickup, first.pickup);
        assert!(is_taken(&world.accept(world.working(2), &report)));
        let price =
            first.pickup.prices.iter().find(|it| it.material.as_str() == super::world::BOTTLES);
        assert_eq!(price.unwrap().price.get(), 3_001);
    });
}

#[test]
fn who_may_not_work_is_told_why() {
    on_each_engine(|world| {
        let report = world.report(Selection::Instant);
        let botot = world.resting(1);
        assert_eq!(refusal(world, botot, &report), Ineligible::Offline);
        world.switch(botot, true);
        let heavy = world.submit(bottles(300_000, Selection::Instant));
        assert_eq!(refusal(world, botot, &heavy), Ineligible::NoCapacity);
        let staff = world.account(99);
        world
            .write(move |it, conn| {
                let regions = [RegionCode::parse("12.07").unwrap()];
                let decider = Decider { account: staff, regions: &regions };
                let reason = Reason::parse("timbangan tidak ditera").unwrap();
                it.collectors.suspend_in(conn, decider, botot.id, &reason)
            })
            .unwrap();
        assert_eq!(refusal(world, botot, &report), Ineligible::Suspended);
    });
}

#[test]
fn nobody_fetches_from_his_own_household() {
    on_each_engine(|world| {
        let botot = world.working(1);
        let own = bottles(4_000, Selection::Instant);
        let submit = move |it: &World, conn: &mut database::Connection| {
            it.reports.submit_in(conn, botot.account, &own)
        };
        let report = world.write(submit).unwrap();
        assert_eq!(refusal(world, botot, &report), Ineligible::OwnReport);
        world.settle();
        assert!(world.ranked(&report).is_empty());
    });
}

#[test]
fn reports_beyond_his_circle_do_not_exist_for_him() {
    on_each_engine(|world| {
        let botot = world.working(1);
        let mut far = bottles(4_000, Selection::Instant);
        far.location = place(3.40, 98.70);
        let report = world.submit(far);
        assert!(matches!(world.accept(botot, &report), Err(MatchingError::NotFound)));
        let chosen = world.report(Selection::Choose);
        assert!(matches!(world.accept(botot, &chosen), Err(MatchingError::NotInstant)));
    });
}

#[test]
fn a_cancelled_report_is_no_longer_taken() {
    on_each_engine(|world| {
        let (botot, report) = (world.working(1), world.report(Selection::Instant));
        let id = report.id;
        world
            .write(move |it, conn| it.reports.cancel_in(conn, it.household, id, "pindah"))
            .unwrap();
        let wrong = world.accept(botot, &report);
        let cancelled = ReportStateName::Cancelled;
        assert!(
            matches!(wrong, Err(MatchingError::Report(ReportError::WrongState(state))) if state == cancelled)
        );
    });
}

#[test]
fn the_ranking_is_written_down_at_acceptance() {
    on_each_engine(|world| {
        let (first, second) = (world.working(1), world.working(2));
        let report = world.report(Selection::Instant);
        world.pass(Duration::from_secs(60));
        world.settle();
        let ranking = world.matcher.candidates_of(&report, 2);
        let order = world.ranked(&report);
        assert_eq!(order.len(), 2);
        let last = if order[1] == first.id { first } else { second };
        world.accept(last, &report).unwrap();
        let rankings: Vec<_> = world
            .facts()
            .into_iter()
            .filter_map(|fact| match fact {
                Fact::PickupAssigned(fact) => fact.ranking,
                _ => None,
            })
            .collect();
        assert_eq!(rankings, [format!("candidates-1/{}#2", ranking.snapshot)]);
    });
}
