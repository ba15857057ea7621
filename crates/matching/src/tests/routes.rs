//! From accepted jobs to the planner's day.

use std::time::Duration;

use primitives::Coordinates;
use reports::{NewReport, RawWindow, Selection};

use super::world::{Botot, World, bottles, on_each_engine, place};
use crate::{
    Origin, Workday,
    route::{Base, Task, plan},
};

fn workday(world: &World, botot: Botot, seen: Option<Coordinates>) -> Workday {
    world.write(move |it, conn| it.matcher.workday_in(conn, botot.id, seen)).unwrap()
}

/// An accepted job some kilometers north of the base, with a window that begins in so many hours.
fn job(world: &World, botot: Botot, north: f64, hours: Option<u64>) -> primitives::PickupId {
    let location = place(3.56 + north / 111.2, 98.88);
    let windows =
        hours.map(|from| RawWindow { from: world.in_hours(from), until: world.in_hours(from + 1) });
    let new = NewReport {
        location,
        windows: windows.into_iter().collect(),
        ..bottles(4_000, Selection::Instant)
    };
    let report = world.submit(new);
    world.accept(botot, &report).unwrap().pickup.id
}

fn order(workday: &Workday) -> Vec<Option<primitives::PickupId>> {
    let stops = plan(&workday.day).timetable.stops;
    let pickup = |task| match task {
        Task::Visit(visit) => workday.doors.get(visit).map(|(pickup, _)| *pickup),
        Task::Unload => None,
    };
    stops.iter().map(|stop| pickup(stop.task)).collect()
}

#[test]
fn open_jobs_become_a_day_with_windows_loads_and_the_vehicle() {
    on_each_engine(|world| {
        let botot = world.working(1);
        let (late, early) = (job(world, botot, 2.0, Some(4)), job(world, botot, 2.1, Some(1)));
        let workday = workday(world, botot, None);
        assert_eq!((workday.origin, workday.doors.len()), (Origin::Base, 2));
        assert_eq!(order(&workday), [Some(early), Some(late), None]);
        let terms = workday.day.terms;
        assert_eq!(terms.base, Base::Unloads { seconds: 900 });
        assert_eq!((terms.capacity.grams, terms.capacity.milliliters), (250_000, 800_000));
        assert_eq!(workday.day.visits[0].load.grams, 4_000);
        let arrival = plan(&workday.day).timetable.stops[0];
        let begins = workday.at(arrival.arrival + arrival.waiting);
        assert_eq!(begins, world.in_hours(1));
    });
}

#[test]
fn who_is_on_the_way_goes_on_and_who_is_at_a_door_begins_there() {
    on_each_engine(|world| {
        let botot = world.working(1);
        let (near, far) = (job(world, botot, 1.0, None), job(world, botot, 3.0, None));
        let seen = Coordinates::parse(3.57, 98.88).unwrap();
        assert_eq!(workday(world, botot, Some(seen)).origin, Origin::Position);
        let depart = move |it: &World, conn: &mut database::Connection| {
            it.pickups.depart_in(conn, botot.account, far, None)
        };
        world.write(depart).unwrap();
        world.pass(Duration::from_secs(60));
        assert_eq!(order(&workday(world, botot, Some(seen))), [Some(far), Some(near), None]);
        let arrive = move |it: &World, conn: &mut database::Connection| {
            it.pickups.arrive_in(conn, botot.account, far, place(3.57, 98.88), None)
        };
        world.write(arrive).unwrap();
        let workday = workday(world, botot, Some(seen));
        assert_eq!(workday.origin, Origin::Door);
        assert_eq!(order(&workday), [Some(far), Some(near), None]);
        assert_eq!(plan(&workday.day).timetable.stops[0].arrival, 0);
    });
}
