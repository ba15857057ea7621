//! The same rules once more, the slow way: every order, and before every visit both ways there.

use crate::{
    ranking::Load,
    route::{BASE, Base, Day, START, Stop, Task, Timetable, node_of},
};

/// What the cheapest of all plans costs.
pub(super) fn cheapest(day: &Day) -> i64 {
    let left: Vec<usize> = (0..day.visits.len()).collect();
    if left.is_empty() && day.terms.on_board == Load::default() {
        return 0;
    }
    let dawn = Stage { node: START, time: 0, cost: 0, load: day.terms.on_board };
    go_on(day, dawn, &left, day.terms.underway)
}

#[derive(Clone, Copy)]
struct Stage {
    node: usize,
    time: i64,
    cost: i64,
    load: Load,
}

fn go_on(day: &Day, at: Stage, left: &[usize], underway: usize) -> i64 {
    if left.is_empty() {
        let home = unloaded(day, at);
        return home.cost + day.terms.rates.time * home.time;
    }
    let choices = if underway > 0 { &left[..1] } else { left };
    let ahead = left.iter().fold(Load::default(), |sum, &it| sum.plus(day.visits[it].load));
    let fits = |load: Load| day.terms.capacity.holds(at.load.plus(load));
    let mut best = i64::MAX;
    for &visit in choices {
        let rest: Vec<usize> = left.iter().copied().filter(|it| *it != visit).collect();
        if at.load == Load::default() || fits(day.visits[visit].load) {
            let next = visited(day, at, visit);
            best = best.min(go_on(day, next, &rest, underway.saturating_sub(1)));
        }
        if at.load != Load::default() && !fits(ahead) {
            let next = visited(day, unloaded(day, at), visit);
            best = best.min(go_on(day, next, &rest, underway.saturating_sub(1)));
        }
    }
    best
}

fn moved(day: &Day, at: Stage, node: usize) -> Stage {
    let road = day.travel.between(at.node, node);
    let cost = at.cost + day.terms.rates.road * road;
    Stage { node, time: at.time + road, cost, load: at.load }
}

fn unloaded(day: &Day, at: Stage) -> Stage {
    let Base::Unloads { seconds } = day.terms.base else { panic!("one vehicle only") };
    let there = moved(day, at, BASE);
    Stage { time: there.time + seconds, load: Load::default(), ..there }
}

fn visited(day: &Day, at: Stage, visit: usize) -> Stage {
    let door = &day.visits[visit];
    let there = moved(day, at, node_of(visit));
    let begin = door.begin(there.time);
    Stage {
        time: begin.at + door.service_seconds,
        cost: there.cost + day.terms.rates.late * begin.late,
        load: at.load.plus(door.load),
        ..there
    }
}

/// Goes through a timetable stop by stop: says what it really costs, and panics where it breaks a rule.
pub(super) fn check(day: &Day, table: &Timetable) -> i64 {
    let mut at = Stage { node: START, time: 0, cost: 0, load: day.terms.on_board };
    let mut made = Vec::new();
    for stop in &table.stops {
        at = match stop.task {
            Task::Unload => unloaded(day, at),
            Task::Visit(visit) => {
                made.push(visit);
                let load = at.load.plus(day.visits[visit].load);
                assert!(at.load == Load::default() || day.terms.capacity.holds(load), "overloaded");
                visited(day, at, visit)
            }
        };
        agrees(stop, at);
    }
    assert_eq!(at.time, table.end);
    if table.stops.is_empty() {
        assert!(day.visits.is_empty() && day.terms.on_board == Load::default());
        return 0;
    }
    assert!(table.stops.last().is_none_or(|stop| stop.task == Task::Unload));
    assert_eq!(made[..day.terms.underway], (0..day.terms.underway).collect::<Vec<_>>());
    made.sort_unstable();
    assert_eq!(made, (0..day.visits.len()).collect::<Vec<_>>(), "every job exactly once");
    at.cost + day.terms.rates.time * at.time
}

fn agrees(stop: &Stop, at: Stage) {
    assert_eq!((stop.departure, stop.load), (at.time, at.load));
    assert!(stop.waiting >= 0 && stop.late >= 0 && stop.arrival + stop.waiting <= stop.departure);
}
