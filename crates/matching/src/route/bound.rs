use super::{BASE, Base, Day, START, Visit, node_of, spanning::road_at_least};
use crate::ranking::Load;

/// What no order of the visits undercuts, whenever the vehicle is unloaded: the least road, the earliest end and the
/// least lateness, each proved by itself. `known_road` is that of a plan at hand.
pub(super) fn at_least(day: &Day, known_road: i64) -> i64 {
    if day.is_idle() {
        return 0;
    }
    let facts = Facts::of(day);
    let returns = facts.returns();
    let road = road_at_least(&day.travel, returns, known_road).max(facts.radial_road());
    let rates = day.terms.rates;
    let time = if rates.time == 0 { 0 } else { facts.end(road, returns) };
    rates.road * road + rates.time * time + rates.late * facts.lateness()
}

/// A visit with the shortest ways to it.
struct Fact<'day> {
    visit: &'day Visit,
    from_start: i64,
    from_base: i64,
    /// The shortest leg by which it can be reached.
    leg: i64,
}

struct Facts<'day> {
    day: &'day Day,
    all: Vec<Fact<'day>>,
}

impl<'day> Facts<'day> {
    fn of(day: &'day Day) -> Self {
        let from_start = day.travel.shortest_from(START);
        let from_base = day.travel.shortest_from(BASE);
        let at = |ways: &[i64], node: usize| ways.get(node).copied().unwrap_or(0);
        let fact = |(number, visit)| {
            let node = node_of(number);
            let others = (0..day.travel.nodes()).filter(|other| *other != node);
            let leg = others.map(|other| day.travel.between(other, node)).min().unwrap_or(0);
            Fact { visit, from_start: at(&from_start, node), from_base: at(&from_base, node), leg }
        };
        Self { day, all: day.visits.iter().enumerate().map(fact).collect() }
    }

    fn measures(&self) -> [Measure; 2] {
        let grams: Measure = |load| load.grams;
        let milliliters: Measure = |load| load.milliliters;
        [grams, milliliters]
    }

    /// How often the base is passed before the end: between two unloadings no more is loaded than the vehicle holds,
    /// but for a visit that is too much by itself and then counts as much as the vehicle holds.
    fn returns(&self) -> usize {
        let needed = self.measures().map(|measure| {
            let room = measure(self.day.terms.capacity);
            let on_board = measure(self.day.terms.on_board).min(room);
            let loads = self.all.iter().map(|fact| measure(fact.visit.load).min(room));
            let trips = (on_board + loads.sum::<i64>() + room - 1).checked_div(room);
            usize::try_from(trips.unwrap_or(1) - 1).unwrap_or(0)
        });
        needed.into_iter().max().unwrap_or(0)
    }

    /// A trip from the base takes twice the way to its farthest visit, hence at least twice the mean of the ways, weighed
    /// by the parts of the vehicle that the visits fill. The first trip may begin elsewhere: once its farthest is given.
    fn radial_road(&self) -> i64 {
        let farthest = self.all.iter().map(|fact| fact.from_base).max().unwrap_or(0);
        let roads = self.measures().map(|measure| {
            let room = measure(self.day.terms.capacity);
            let filled = |fact: &Fact<'_>| {
                2 * i128::from(measure(fact.visit.load).min(room)) * i128::from(fact.from_base)
            };
            let sum: i128 = self.all.iter().map(filled).sum();
            let road = sum.checked_div(i128::from(room)).unwrap_or(0);
            i64::try_from(road).unwrap_or(i64::MAX) - farthest
        });
        roads.into_iter().max().unwrap_or(0)
    }

    /// The earliest second at which the vehicle can be back and empty.
    fn end(&self, road: i64, returns: usize) -> i64 {
        let Base::Unloads { seconds } = self.day.terms.base else { return 0 };
        let unloadings = i64::try_from(returns).unwrap_or(0) + 1;
        let work: i64 = self.all.iter().map(|fact| fact.visit.service_seconds).sum();
        let without_waiting = road + work + unloadings * seconds;
        let after_waiting = self.all.iter().map(|fact| self.end_after(fact.earliest()) + seconds);
        after_waiting.max().unwrap_or(0).max(without_waiting)
    }

    /// From the moment on, all visits that cannot begin before it have to be made: their work, the legs between them, and
    /// one way home.
    fn end_after(&self, moment: i64) -> i64 {
        let later = || self.all.iter().filter(|fact| fact.earliest() >= moment);
        let work: i64 = later().map(|fact| fact.visit.service_seconds + fact.leg).sum();
        let first_leg = later().map(|fact| fact.leg).max().unwrap_or(0);
        let home = later().map(|fact| fact.from_base).min().unwrap_or(0);
        moment + work - first_leg + home
    }

    /// Seconds that all visits together begin too late: going straight to each, or, whoever comes as the k-th, after k - 1
    /// of the shortest works and k of the shortest legs; the most urgent in front, as it is best for a sum of delays.
    fn lateness(&self) -> i64 {
        let straight = self.all.iter().map(|fact| fact.visit.begin(fact.from_start).late).sum();
        let sorted = |mut numbers: Vec<i64>| {
            numbers.sort_unstable();
            numbers
        };
        let works = sorted(self.all.iter().map(|fact| fact.visit.service_seconds).collect());
        let legs = sorted(self.all.iter().map(|fact| fact.leg).collect());
        let deadlines = sorted(self.all.iter().map(|fact| fact.visit.deadline()).collect());
        let mut arrival: i64 = 0;
        let mut in_turn: i64 = 0;
        for ((work, leg), deadline) in works.iter().zip(&legs).zip(&deadlines) {
            arrival += leg;
            in_turn += arrival.saturating_sub(*deadline).max(0);
            arrival += work;
        }
        in_turn.max(straight)
    }
}

impl Fact<'_> {
    /// When the work can begin at the earliest.
    fn earliest(&self) -> i64 {
        self.visit.begin(self.from_start).at
    }
}

type Measure = fn(Load) -> i64;
