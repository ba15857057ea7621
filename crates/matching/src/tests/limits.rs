//! Where and when a collector works, besides his circle.

use std::time::Duration;

use collectors::{ProfileChange, RawShift, ServiceArea, WorkingHours};
use database::Connection;
use reports::Selection;
use serde_json::json;

use super::world::{Botot, World, on_each_engine};
use crate::{MatchingError, Reasons, Verdict, ranking::Ineligible};

fn change(world: &World, botot: Botot, change: ProfileChange) {
    let unit = move |it: &World, conn: &mut Connection| {
        let version = it.collectors.collector_in(conn, botot.id)?.version;
        it.collectors.change_in(conn, botot.id, version, &change)
    };
    world.write(unit).unwrap();
    world.settle();
}

/// A box of 0.02° around a point east of the home by so many degrees.
fn area(east: f64) -> ServiceArea {
    let (south, north) = (3.5441, 3.5641);
    let (west, east) = (98.8712 + east, 98.8912 + east);
    let ring = [[west, south], [east, south], [east, north], [west, north], [west, south]];
    ServiceArea::parse(&ring).unwrap()
}

fn shifts(from: &str, until: &str) -> WorkingHours {
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let shifts = days.map(|day| json!({"day": day, "from": from, "until": until}));
    let shifts: Vec<RawShift> = serde_json::from_value(json!(shifts)).unwrap();
    WorkingHours::parse(&shifts).unwrap()
}

fn refused(world: &World, botot: Botot, report: &reports::Report) -> Ineligible {
    let accepted = world.accept(botot, report);
    let Err(MatchingError::NotEligible(reason)) = accepted else { panic!("{accepted:?}") };
    let id = report.id;
    let explained =
        world.write(move |it, conn| it.matcher.explain_in(conn, id, Some(botot.id), None)).unwrap();
    let expected = Reasons::About(botot.id, Verdict::Refused(reason));
    assert_eq!(explained.answer, expected);
    assert!(world.ranked(report).is_empty());
    reason
}

#[test]
fn nobody_is_asked_outside_of_his_area() {
    on_each_engine(|world| {
        let (botot, report) = (world.working(1), world.report(Selection::Instant));
        let elsewhere = Some(Some(area(0.05)));
        change(world, botot, ProfileChange { service_area: elsewhere, ..Default::default() });
        assert_eq!(refused(world, botot, &report), Ineligible::OutsideArea);
        let here = Some(Some(area(0.0)));
        change(world, botot, ProfileChange { service_area: here, ..Default::default() });
        assert_eq!(world.ranked(&report), [botot.id]);
        // A process that starts later reads the same area.
        world.write(|it, conn| it.matcher.rebuild_in(conn)).unwrap();
        assert_eq!(world.ranked(&report), [botot.id]);
        world.accept(botot, &report).unwrap();
    });
}

#[test]
fn nobody_is_asked_outside_of_his_hours_though_nothing_happens_but_the_clock() {
    on_each_engine(|world| {
        let (botot, report) = (world.working(1), world.report(Selection::Instant));
        // The clock of the tests starts at eight in the morning of Deli Serdang.
        let working_hours = Some(shifts("07:00", "09:00"));
        change(world, botot, ProfileChange { working_hours, ..Default::default() });
        assert_eq!(world.ranked(&report), [botot.id]);
        world.pass(Duration::from_secs(3_600));
        world.settle();
        assert_eq!(refused(world, botot, &report), Ineligible::OutsideHours);
        world.pass(Duration::from_secs(22 * 3_600));
        world.settle();
        assert_eq!(world.ranked(&report), [botot.id]);
        world.accept(botot, &report).unwrap();
    });
}

#[test]
fn who_stays_is_ranked_as_himself_when_another_goes_home() {
    on_each_engine(|world| {
        let (early, late) = (world.working(1), world.working(2));
        let report = world.report(Selection::Instant);
        let working_hours = Some(shifts("07:00", "09:00"));
        change(world, early, ProfileChange { working_hours, ..Default::default() });
        let both = world.ranked(&report);
        assert_eq!(both.len(), 2);
        world.pass(Duration::from_secs(3_600));
        world.settle();
        assert_eq!(world.ranked(&report), [late.id]);
        world.pass(Duration::from_secs(22 * 3_600));
        world.settle();
        assert_eq!(world.ranked(&report), both);
    });
}
