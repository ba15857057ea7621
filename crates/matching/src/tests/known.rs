use std::{cell::Cell, time::Duration};

use http_kit::Answer;
use primitives::{AccountId, Language};
use reports::{Report, Selection};

use super::world::{World, on_each_engine};
use crate::{Asked, Ranking};

/// What is known without the database; counts how often it had to be written.
fn known(
    world: &World,
    household: AccountId,
    report: &Report,
    written: &Cell<u32>,
) -> Option<String> {
    let asked = Asked { report: report.id, most: 20, language: Language::Indonesian };
    let answer = |ranking: Ranking| {
        written.set(written.get() + 1);
        Answer::ok(&ranking.candidates.len())
    };
    world.matcher.known_candidates(household, asked, answer).map(|answer| format!("{answer:?}"))
}

fn ask_the_database(world: &World, report: &Report) -> Ranking {
    let id = report.id;
    world.write(move |it, conn| it.matcher.candidates_in(conn, it.household, id, 20)).unwrap()
}

#[test]
fn candidates_are_known_once_they_were_asked_for() {
    on_each_engine(|world| {
        let (report, first) = (world.report(Selection::Instant), world.working(1));
        world.settle();
        let written = Cell::new(0);
        let own = || known(world, world.household, &report, &written);
        assert_eq!(own(), None, "nobody knows the door yet");
        assert_eq!(ask_the_database(world, &report).candidates.len(), 1);
        let one = own();
        assert!(one.is_some());
        assert_eq!((own(), written.get()), (one.clone(), 1));
        assert_eq!(known(world, world.account(7), &report, &written), None, "it is not his");
        world.pass(Duration::from_millis(500));
        assert_eq!(own(), None, "the log was not read for too long");
        world.working(2);
        world.settle();
        assert!(own().is_some_and(|two| Some(two) != one));
        world.accept(first, &report).unwrap();
        world.settle();
        assert_eq!(own(), None, "it is no longer open");
        assert_eq!(written.get(), 2);
    });
}

#[test]
fn the_same_snapshot_ranks_the_same_report_the_same() {
    on_each_engine(|world| {
        let report = world.report(Selection::Instant);
        world.working(1);
        world.settle();
        let before = ask_the_database(world, &report);
        world.pass(Duration::from_millis(400));
        assert_eq!(ask_the_database(world, &report), before);
    });
}
