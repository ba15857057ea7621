use super::{BASE, Base, Day, Label, START, Tour, node_of};
use crate::ranking::Load;

/// What is done at a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// This visit of the day is made.
    Visit(usize),
    /// The vehicle is emptied at the base.
    Unload,
}

/// One stop; times in seconds after the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// What is done.
    pub task: Task,
    /// When the vehicle comes.
    pub arrival: i64,
    /// How long it waits until somebody is at home.
    pub waiting: i64,
    /// How long after the last window it comes.
    pub late: i64,
    /// When it leaves.
    pub departure: i64,
    /// What is on it then.
    pub load: Load,
}

/// A tour, stop by stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timetable {
    /// First to last; the last is at the base, unless there is nothing to do.
    pub stops: Vec<Stop>,
    /// Seconds on the road.
    pub road: i64,
    /// The day's length in seconds, until the vehicle is empty.
    pub end: i64,
}

impl Timetable {
    /// Of a tour over all its visits.
    pub fn of(tour: &Tour<'_>) -> Self {
        let (day, order) = (tour.day(), tour.order());
        let mut table = Self { stops: Vec::new(), road: 0, end: 0 };
        if day.is_idle() {
            return table;
        }
        let (mut from, mut load) = (START, day.terms.on_board);
        for (&visit, by_base) in order.iter().zip(returns(tour)) {
            if by_base {
                table.unload(day, from);
                (from, load) = (BASE, Load::default());
            }
            load = table.visit(day, from, visit, load);
            from = node_of(visit);
        }
        table.unload(day, from);
        table
    }

    /// How many seconds late all visits begin together.
    pub fn late(&self) -> i64 {
        self.stops.iter().map(|stop| stop.late).sum()
    }

    /// When the vehicle comes to a place from the one before.
    fn drive(&mut self, day: &Day, from: usize, to: usize) -> i64 {
        let road = day.travel.between(from, to);
        self.road += road;
        self.end + road
    }

    fn visit(&mut self, day: &Day, from: usize, visit: usize, load: Load) -> Load {
        let arrival = self.drive(day, from, node_of(visit));
        let Some(door) = day.visits.get(visit) else { return load };
        let begin = door.begin(arrival);
        let load = load.plus(door.load);
        self.end = begin.at + door.service_seconds;
        self.stops.push(Stop {
            task: Task::Visit(visit),
            arrival,
            waiting: begin.at - arrival,
            late: begin.late,
            departure: self.end,
            load,
        });
        load
    }

    fn unload(&mut self, day: &Day, from: usize) {
        let arrival = self.drive(day, from, BASE);
        self.end = match day.terms.base {
            Base::Unloads { seconds } => arrival + seconds,
            Base::SendsNext => 0,
        };
        self.stops.push(Stop {
            task: Task::Unload,
            arrival,
            waiting: 0,
            late: 0,
            departure: self.end,
            load: Load::default(),
        });
    }
}

/// Before which visits the cheapest way passes by the base.
fn returns(tour: &Tour<'_>) -> Vec<bool> {
    let (day, order) = (tour.day(), tour.order());
    let node = |place: usize| order.get(place).map_or(START, |visit| node_of(*visit));
    let labels = |done: usize| tour.fronts().get(done).map_or(&[][..], |front| front.labels());
    let last = order.len().checked_sub(1).map_or(START, node);
    let cheapest = labels(order.len()).iter().min_by_key(|label| day.total(last, label));
    let (mut by_base, mut after) = (Vec::with_capacity(order.len()), cheapest.copied());
    for (place, &visit) in order.iter().enumerate().rev() {
        let from = place.checked_sub(1).map_or(START, node);
        let leads = |before: &Label| {
            let passes = day.by_base(from, before, visit, tour.ahead(place)) == after;
            (passes || day.straight(from, before, visit) == after).then_some((*before, passes))
        };
        let found = labels(place).iter().find_map(leads);
        by_base.push(found.is_some_and(|(_, passes)| passes));
        after = found.map(|(before, _)| before);
    }
    by_base.reverse();
    by_base
}
