use super::{Day, Front, START, node_of};
use crate::ranking::Load;

/// An order of visits, what it costs with the best choice of when to unload, and how to change it for the better.
#[derive(Debug, Clone)]
pub struct Tour<'day> {
    day: &'day Day,
    order: Vec<usize>,
    /// How the day may stand after the first so many visits.
    fronts: Vec<Front>,
    /// What is not yet loaded then; what is not in the order yet lies ahead all the time.
    ahead: Vec<Load>,
    cost: i64,
    trial: Vec<usize>,
    /// So many steps from door to door may still be thought through.
    patience: usize,
    now: Front,
    next: Front,
}

/// What may be done to a stretch of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// The other way round (2-opt).
    Reverse,
    /// The first so many go behind the rest (Or-opt).
    Rotate(usize),
    /// The same, and the shorter part is turned round.
    RotateTurned(usize),
    /// The first and the last change places.
    Exchange,
}

impl<'day> Tour<'day> {
    /// This order, which names no visit twice; it will be thought about for so many steps.
    pub fn of(day: &'day Day, order: Vec<usize>, patience: usize) -> Self {
        let trial = Vec::with_capacity(day.visits.len());
        let (fronts, ahead) = (vec![Front::default()], vec![day.load()]);
        let (now, next) = (Front::default(), Front::default());
        let order_so_far = Vec::new();
        let mut tour =
            Self { day, order: order_so_far, fronts, ahead, cost: 0, trial, patience, now, next };
        for front in &mut tour.fronts {
            front.offer(day.dawn());
        }
        tour.adopt(order, 0);
        tour
    }

    /// What the whole day costs.
    pub const fn cost(&self) -> i64 {
        self.cost
    }

    /// The visits, first to last.
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    pub(super) const fn day(&self) -> &'day Day {
        self.day
    }

    pub(super) fn fronts(&self) -> &[Front] {
        &self.fronts
    }

    /// What is not yet loaded after so many visits.
    pub(super) fn ahead(&self, done: usize) -> Load {
        self.ahead.get(done).copied().unwrap_or_default()
    }

    pub(super) const fn patience(&self) -> usize {
        self.patience
    }

    pub(super) const fn set_patience(&mut self, patience: usize) {
        self.patience = patience;
    }

    pub(super) const fn is_tired(&self) -> bool {
        self.patience == 0
    }

    /// Puts one more visit where it costs least; without patience, at the end.
    pub fn insert(&mut self, visit: usize) {
        let mut best = (self.order.len(), i64::MAX);
        let first = self.day.underway().min(self.order.len());
        self.trial.clear();
        self.trial.extend_from_slice(&self.order);
        self.trial.insert(first, visit);
        for place in first..=self.order.len() {
            if self.is_tired() {
                break;
            }
            if let Some(cost) = self.appraise(place, usize::MAX, best.1) {
                best = (place, cost);
            }
            if place < self.order.len() {
                self.trial.swap(place, place + 1);
            }
        }
        let mut order = self.order.clone();
        order.insert(best.0, visit);
        self.adopt(order, best.0);
    }

    /// Changes the stretch if the day gets cheaper by it.
    pub(super) fn attempt(&mut self, from: usize, to: usize, change: Change) -> bool {
        if self.is_tired() {
            return false;
        }
        self.trial.clear();
        self.trial.extend_from_slice(&self.order);
        if let Some(stretch) = self.trial.get_mut(from..to) {
            rearrange(stretch, change);
        }
        if self.appraise(from, to, self.cost).is_none() {
            return false;
        }
        let order = self.trial.clone();
        self.adopt(order, from);
        true
    }

    /// What the trial costs if that is below the limit. It is the present order before `first`, and from `settled` on.
    fn appraise(&mut self, first: usize, settled: usize, limit: i64) -> Option<i64> {
        let day = self.day;
        let mut ahead = self.ahead(first);
        let mut from = node_before(&self.order, first);
        self.now.clone_from(self.fronts.get(first)?);
        for (place, &visit) in self.trial.iter().enumerate().skip(first) {
            self.patience = self.patience.saturating_sub(self.now.labels().len());
            go_on(day, (from, &self.now, ahead), (visit, &mut self.next), limit);
            let known = self.fronts.get(place + 1).filter(|_| place >= settled);
            if known.is_some_and(|known| known.covers_all(&self.next)) || self.next.is_empty() {
                return None;
            }
            std::mem::swap(&mut self.now, &mut self.next);
            ahead = ahead.minus(load_of(day, visit));
            from = node_of(visit);
        }
        cheapest(day, from, &self.now).filter(|cost| *cost < limit)
    }

    /// Takes over an order that begins like the present one.
    fn adopt(&mut self, order: Vec<usize>, first: usize) {
        self.patience = self.patience.saturating_sub(order.len() - first);
        self.fronts.truncate(first + 1);
        self.ahead.truncate(first + 1);
        let mut from = node_before(&order, first);
        for &visit in order.iter().skip(first) {
            let (mut next, ahead) =
                (Front::default(), self.ahead.last().copied().unwrap_or_default());
            if let Some(now) = self.fronts.last() {
                go_on(self.day, (from, now, ahead), (visit, &mut next), i64::MAX);
            }
            self.fronts.push(next);
            self.ahead.push(ahead.minus(load_of(self.day, visit)));
            from = node_of(visit);
        }
        self.order = order;
        let last = self.fronts.last();
        self.cost = last.and_then(|front| cheapest(self.day, from, front)).unwrap_or(i64::MAX);
    }
}

/// Where the vehicle comes from to this place in the order.
fn node_before(order: &[usize], place: usize) -> usize {
    let before = place.checked_sub(1).and_then(|before| order.get(before));
    before.map_or(START, |visit| node_of(*visit))
}

/// How the day may stand after one more visit, straight or by way of the base, as long as it costs less than the limit.
fn go_on(
    day: &Day,
    (from, now, ahead): (usize, &Front, Load),
    (visit, next): (usize, &mut Front),
    limit: i64,
) {
    next.clear();
    for label in now.labels() {
        let straight = day.straight(from, label, visit);
        let by_base = day.by_base(from, label, visit, ahead);
        for label in straight.into_iter().chain(by_base) {
            if day.so_far(&label) < limit {
                next.offer(label);
            }
        }
    }
}

fn cheapest(day: &Day, from: usize, front: &Front) -> Option<i64> {
    front.labels().iter().map(|label| day.total(from, label)).min()
}

fn load_of(day: &Day, visit: usize) -> Load {
    day.visits.get(visit).map_or(Load::default(), |visit| visit.load)
}

fn rearrange(stretch: &mut [usize], change: Change) {
    let length = stretch.len();
    match change {
        Change::Reverse => stretch.reverse(),
        Change::Exchange => {
            if let [first, .., last] = stretch {
                std::mem::swap(first, last);
            }
        }
        Change::Rotate(by) => stretch.rotate_left(by.min(length)),
        Change::RotateTurned(by) => {
            let by = by.min(length);
            stretch.rotate_left(by);
            let (ahead, behind) = stretch.split_at_mut(length - by);
            if by < length - by { behind.reverse() } else { ahead.reverse() }
        }
    }
}
