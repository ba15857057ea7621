use std::{collections::BTreeSet, thread, time::Duration};

use database::{Connection, DatabaseError};
use event_log::{Fact, ReportAnnounced};
use primitives::{CollectorId, RegionCode};
use reports::{NewReport, Report, Selection};

use super::world::{Botot, World, bottles, on_each_engine, place};
use crate::{
    FeedPlace, Matcher, MatchingError,
    dispatch::{Policy, PolicyDraft, Round},
    ranking::{Judge, Weights},
};

const TWO_MINUTES: Duration = Duration::from_secs(120);

fn kabupaten() -> RegionCode {
    RegionCode::parse("12.07").unwrap()
}

fn planned(world: &World) -> Round {
    world.settle();
    world.write(|it, conn| it.matcher.plan_announcements_in(conn)).unwrap()
}

fn carried_out(world: &World, round: &Round) -> usize {
    let round = round.clone();
    world.write(move |it, conn| it.matcher.announce_in(conn, &round)).unwrap()
}

/// One look of the worker; says how many waves went out.
fn look(world: &World) -> usize {
    carried_out(world, &planned(world))
}

/// Who was told of the report, wave by wave.
fn waves(world: &World, report: &Report) -> Vec<ReportAnnounced> {
    let facts = world.facts().into_iter().filter_map(|fact| match fact {
        Fact::ReportAnnounced(fact) if fact.report == report.id => Some(fact),
        _ => None,
    });
    facts.collect()
}

fn told(waves: &[ReportAnnounced]) -> Vec<CollectorId> {
    waves.iter().flat_map(|wave| wave.collectors.iter().copied()).collect()
}

fn set(world: &World, read: i64, draft: PolicyDraft) -> Result<Policy, MatchingError> {
    let admin = world.account(99);
    world.write(move |it, conn| {
        it.matcher.set_dispatch_policy_in(conn, (admin, &kabupaten()), read, &draft)
    })
}

/// By the index itself, from the middle of the area.
fn best_three(world: &World, report: &Report) -> Vec<CollectorId> {
    let snapshot = world.matcher.snapshot();
    let open = snapshot.open_reports().find(|open| open.id == report.id).unwrap();
    let judge = Judge { weights: &Weights::CANDIDATES, now: world.ambient.now() };
    snapshot.rank_from_area(open, &judge, 3).iter().map(|it| it.collector).collect()
}

#[test]
fn the_best_are_told_first_and_then_more_and_nobody_twice() {
    on_each_engine(|world| {
        let crowd: Vec<Botot> = (0..5).map(|number| world.working(number)).collect();
        for selection in [Selection::Instant, Selection::Choose] {
            let report = world.report(selection);
            assert_eq!(look(world), 1);
            assert_eq!(look(world), 0);
            let first = waves(world, &report);
            assert_eq!(
                (first.len(), first[0].wave, first[0].chosen_by.as_str()),
                (1, 1, "ranking")
            );
            assert_eq!(first[0].collectors, best_three(world, &report));
            world.pass(TWO_MINUTES);
            assert_eq!(look(world), 1);
            world.pass(Duration::from_secs(180));
            assert_eq!(look(world), 0, "everybody knows");
            // Whoever comes later is told then.
            let late = world.working(50 + u32::from(selection == Selection::Choose));
            assert_eq!(look(world), world.matcher.snapshot().open_reports().count());
            let all = told(&waves(world, &report));
            assert_eq!(all.last(), Some(&late.id));
            assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
            assert!(crowd.iter().all(|botot| all.contains(&botot.id)));
        }
    });
}

#[test]
fn several_processes_at_once_announce_once() {
    on_each_engine(|world| {
        for number in 0..5 {
            world.working(number);
        }
        let reports: Vec<Report> = (0..6).map(|_| world.report(Selection::Instant)).collect();
        let round = planned(world);
        let told_of: usize = thread::scope(|scope| {
            let process = || scope.spawn(|| carried_out(world, &round));
            let processes: Vec<_> = (0..4).map(|_| process()).collect();
            processes.into_iter().map(|process| process.join().unwrap()).sum()
        });
        assert_eq!(told_of, reports.len());
        for report in &reports {
            assert_eq!(told(&waves(world, report)).len(), 3);
        }
        assert_eq!(carried_out(world, &round), 0, "twice is once");
    });
}

#[test]
fn a_process_that_dies_in_between_leaves_nothing_half_done() {
    on_each_engine(|world| {
        world.working(1);
        let report = world.report(Selection::Instant);
        let round = planned(world);
        let dies = round.clone();
        let died = world.write(move |it, conn: &mut Connection| {
            it.matcher.announce_in(conn, &dies)?;
            Err::<(), _>(MatchingError::Database(DatabaseError::NotFound))
        });
        assert!(died.is_err());
        assert_eq!(waves(world, &report), []);
        assert_eq!(look(world), 1);
        // Another process, started now, knows what has been done.
        let other = Matcher::new(
            world.ambient.clone(),
            world.catalog.clone(),
            world.reports.clone(),
            world.collectors.clone(),
            world.pickups.clone(),
        );
        let other = World { matcher: other, ..world.clone() };
        other.write(|it, conn| it.matcher.rebuild_in(conn)).unwrap();
        assert_eq!(look(&other), 0);
    });
}

#[test]
fn what_is_taken_or_over_is_announced_no_more() {
    on_each_engine(|world| {
        let crowd: Vec<Botot> = (0..5).map(|number| world.working(number)).collect();
        let (taken, over) = (world.report(Selection::Instant), world.report(Selection::Instant));
        assert_eq!(look(world), 2);
        world.pass(TWO_MINUTES);
        let round = planned(world);
        world.accept(crowd[0], &taken).unwrap();
        assert_eq!(carried_out(world, &round), 1, "taken between planning and telling");
        assert_eq!(waves(world, &taken).len(), 1);
        world.pass(Duration::from_secs(4 * 86_400));
        world.working(9);
        assert_eq!(look(world), 0);
        assert_eq!(waves(world, &over).len(), 2);
    });
}

#[test]
fn a_feed_shows_everything_and_says_what_he_was_asked() {
    on_each_engine(|world| {
        let crowd: Vec<Botot> = (0..5).map(|number| world.working(number)).collect();
        let report = world.report(Selection::Instant);
        let asked_at = world.ambient.now();
        look(world);
        let asked = told(&waves(world, &report));
        for botot in crowd {
            let place = FeedPlace { as_of: asked_at, after: None };
            assert_eq!(world.matcher.feed_of(botot.id, place, 10).len(), 1);
            let id = report.id;
            let known = world
                .write(move |it, conn| it.matcher.announced_at_in(conn, botot.id, &[id]))
                .unwrap();
            let expected = asked.contains(&botot.id).then_some(asked_at);
            assert_eq!(known.get(&id).copied(), expected);
        }
    });
}

#[test]
fn a_policy_counts_its_versions_and_holds_from_the_next_wave_on() {
    on_each_engine(|world| {
        for number in 0..5 {
            world.working(number);
        }
        let one = PolicyDraft { waves: vec![(1, 60)], ..Policy::default().draft() };
        let two = PolicyDraft { waves: vec![(2, 60)], ..one.clone() };
        let stale = set(world, 3, one.clone());
        assert!(matches!(stale, Err(MatchingError::VersionConflict)));
        let bad = set(world, 0, PolicyDraft { waves: vec![], ..one.clone() });
        assert!(matches!(bad, Err(MatchingError::Refused(_))));
        assert_eq!(set(world, 0, one.clone()).unwrap().version, 1);
        assert_eq!(set(world, 0, one.clone()).unwrap().version, 1, "twice is once");
        let report = world.report(Selection::Instant);
        look(world);
        let outcomes: Vec<_> = thread::scope(|scope| {
            let sizes = [2, 3, 4, 5];
            let threads = sizes.map(|size| {
                let draft = PolicyDraft { waves: vec![(size, 60)], ..one.clone() };
                scope.spawn(move || set(world, 1, draft))
            });
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        let version = set(world, 2, two).unwrap().version;
        let changes = |fact: &Fact| matches!(fact, Fact::DispatchPolicyChanged(_));
        let changes = world.facts().iter().filter(|fact| changes(fact)).count();
        assert_eq!(i64::try_from(changes).unwrap(), version);
        world.pass(Duration::from_secs(60));
        look(world);
        let sizes: Vec<usize> =
            waves(world, &report).iter().map(|wave| wave.collectors.len()).collect();
        assert_eq!(sizes, [1, 2]);
    });
}

#[test]
fn matched_together_each_report_is_first_told_to_the_one_it_falls_to() {
    on_each_engine(|world| {
        let gathering = PolicyDraft { gather_seconds: Some(60), ..Policy::default().draft() };
        set(world, 0, gathering).unwrap();
        // Two vehicles that hold one load each: the nearer of them to both homes takes the farther home.
        world.working(1);
        world.working(400);
        let at =
            |lon| NewReport { location: place(3.56, lon), ..bottles(10_000, Selection::Instant) };
        let reports = [world.submit(at(98.8801)), world.submit(at(98.89))];
        assert_eq!(look(world), 0, "they wait for others");
        world.pass(Duration::from_secs(60));
        assert_eq!(look(world), 2);
        let firsts: Vec<_> = reports.iter().flat_map(|report| waves(world, report)).collect();
        assert!(firsts.iter().all(|wave| wave.chosen_by == "assignment"));
        let told = told(&firsts);
        assert_eq!((told.len(), told.iter().collect::<BTreeSet<_>>().len()), (2, 2));
        // Nobody is forced: the others hear of it next, and may take it.
        world.pass(TWO_MINUTES);
        assert_eq!(look(world), 2);
    });
}
