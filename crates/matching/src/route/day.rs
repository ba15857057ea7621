use super::{BASE, Label, START, Travel, Visit, node_of};
use crate::ranking::Load;

/// What a second of each kind adds to the cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// On the road: for the fuel.
    pub road: i64,
    /// Until the day is done, whatever it is spent on: for the man.
    pub time: i64,
    /// That somebody waits beyond his last window.
    pub late: i64,
}

impl Rates {
    /// What the product reckons with: being late is worse than anything else.
    pub const WORK: Self = Self { road: 1, time: 1, late: 1_000 };
    /// Only the way counts, as in the scientific instances, in which nobody may be late.
    pub const WAY: Self = Self { road: 1, time: 0, late: 1_000_000 };
}

/// What passing by the base is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// The vehicle is emptied: at the end, and before when what lies ahead does not all fit.
    Unloads {
        /// How long that takes; longer than a detour can seem short by rounding.
        seconds: i64,
    },
    /// The next of many vehicles sets out at second zero, at any time: a fleet's routes one after another.
    SendsNext,
}

/// The rules of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// What the vehicle holds. A visit that alone is too much is made with an empty vehicle.
    pub capacity: Load,
    /// What is on it at the start.
    pub on_board: Load,
    /// What happens at the base.
    pub base: Base,
    /// What is good and what is bad.
    pub rates: Rates,
    /// So many of the first visits are under way: they come first, in their order.
    pub underway: usize,
}

/// Everything a plan depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// The doors, in any order but for those under way.
    pub visits: Vec<Visit>,
    /// The ways between them.
    pub travel: Travel,
    /// The rules.
    pub terms: Terms,
}

impl Day {
    /// What all visits together load.
    pub(super) fn load(&self) -> Load {
        self.visits.iter().fold(Load::default(), |sum, visit| sum.plus(visit.load))
    }

    /// Nobody waits and nothing is on the vehicle: then it may stay where it is.
    pub(super) fn is_idle(&self) -> bool {
        self.visits.is_empty() && self.terms.on_board == Load::default()
    }

    /// How many visits are under way.
    pub(super) fn underway(&self) -> usize {
        self.terms.underway.min(self.visits.len())
    }

    /// How the day stands before the first visit.
    pub(super) const fn dawn(&self) -> Label {
        Label { time: 0, spent: 0, load: self.terms.on_board }
    }

    /// From a node straight on to a visit, if it fits on the vehicle.
    pub(super) fn straight(&self, from: usize, label: &Label, to: usize) -> Option<Label> {
        let visit = self.visits.get(to)?;
        let fits =
            label.load == Load::default() || self.terms.capacity.holds(label.load.plus(visit.load));
        fits.then(|| self.served(label, self.travel.between(from, node_of(to)), visit))
    }

    /// From a node to a visit by way of the base, if that may help; `ahead` is all that is not yet loaded.
    pub(super) fn by_base(
        &self,
        from: usize,
        label: &Label,
        to: usize,
        ahead: Load,
    ) -> Option<Label> {
        let visit = self.visits.get(to)?;
        let at_base = self.emptied(from, label, ahead)?;
        Some(self.served(&at_base, self.travel.between(BASE, node_of(to)), visit))
    }

    /// When the vehicle can be at the base.
    pub(super) fn at_base(&self, from: usize, label: &Label) -> i64 {
        label.time + self.travel.between(from, BASE)
    }

    /// What everything has cost when the last vehicle is back and empty.
    pub(super) fn total(&self, from: usize, label: &Label) -> i64 {
        if self.is_idle() {
            return 0;
        }
        let home = self.leave_base(from, label);
        home.spent + self.terms.rates.time * home.time
    }

    /// What cannot be undone any more.
    pub(super) const fn so_far(&self, label: &Label) -> i64 {
        label.spent + self.terms.rates.time * label.time
    }

    fn emptied(&self, from: usize, label: &Label, ahead: Load) -> Option<Label> {
        let helps = match self.terms.base {
            Base::Unloads { .. } => {
                label.load != Load::default() && !self.terms.capacity.holds(label.load.plus(ahead))
            }
            Base::SendsNext => from != START,
        };
        helps.then(|| self.leave_base(from, label))
    }

    fn leave_base(&self, from: usize, label: &Label) -> Label {
        let time = match self.terms.base {
            Base::Unloads { seconds } => self.at_base(from, label) + seconds,
            Base::SendsNext => 0,
        };
        let road = self.travel.between(from, BASE);
        let spent = label.spent + self.terms.rates.road * road;
        Label { time, spent, load: Load::default() }
    }

    fn served(&self, label: &Label, road: i64, visit: &Visit) -> Label {
        let begin = visit.begin(label.time + road);
        let Rates { road: per_road, late: per_late, .. } = self.terms.rates;
        Label {
            time: begin.at + visit.service_seconds,
            spent: label.spent + per_road * road + per_late * begin.late,
            load: label.load.plus(visit.load),
        }
    }
}
