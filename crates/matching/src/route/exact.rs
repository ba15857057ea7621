use super::{Day, Label, START, Tour, node_of};
use crate::ranking::Load;

/// So many visits are ordered with proof.
pub(super) const MOST_VISITS: usize = 10;

/// An order that is cheaper than the known one and than every other; nothing when the known one is.
///
/// Works through all sets of visits, smaller ones first, and keeps for each set and last door every way to stand there
/// that no other covers and that can still end below what is known.
pub(super) fn best_order(day: &Day, known: &Tour<'_>) -> Option<Vec<usize>> {
    let mut search = Search::new(day, known);
    for set in 0..search.sets() {
        search.extend(set);
    }
    let last = search.best?;
    let mut order: Vec<usize> = search.back_from(last).collect();
    order.extend((0..day.underway()).rev());
    order.reverse();
    Some(order)
}

struct Search<'day> {
    day: &'day Day,
    free: usize,
    /// Every way to stand that was ever looked at.
    steps: Vec<Step>,
    /// By set and last visit: those not covered by another.
    states: Vec<Vec<usize>>,
    limit: i64,
    best: Option<usize>,
}

#[derive(Clone, Copy)]
struct Step {
    label: Label,
    visit: Option<usize>,
    before: Option<usize>,
}

impl<'day> Search<'day> {
    fn new(day: &'day Day, known: &Tour<'_>) -> Self {
        let first = day.underway();
        let free = day.visits.len().saturating_sub(first);
        let visit = first.checked_sub(1);
        let begun = known.fronts().get(first).into_iter().flat_map(|front| front.labels());
        let steps: Vec<Step> =
            begun.map(|label| Step { label: *label, visit, before: None }).collect();
        let mut states = vec![Vec::new(); (1 << free) * free.max(1)];
        if let Some(state) = states.first_mut() {
            state.extend(0..steps.len());
        }
        Self { day, free, steps, states, limit: known.cost(), best: None }
    }

    const fn sets(&self) -> usize {
        1 << self.free
    }

    /// The free visits in a set, or those outside of it.
    fn members(&self, set: usize, inside: bool) -> impl Iterator<Item = usize> + use<> {
        (0..self.free).filter(move |bit| (set >> bit & 1 == 1) == inside)
    }

    /// Goes one visit further from every way to stand after this set.
    fn extend(&mut self, set: usize) {
        let first = self.day.underway();
        let outside = self.members(set, false).filter_map(|bit| self.day.visits.get(first + bit));
        let ahead = outside.fold(Load::default(), |sum, visit| sum.plus(visit.load));
        let lasts: Vec<usize> = if set == 0 { vec![0] } else { self.members(set, true).collect() };
        for last in lasts {
            let state = self.states.get_mut(set * self.free.max(1) + last);
            for step in state.map(std::mem::take).unwrap_or_default() {
                self.go_on(set, step, ahead);
            }
        }
    }

    fn go_on(&mut self, set: usize, at: usize, ahead: Load) {
        let Some(Step { label, visit, .. }) = self.steps.get(at).copied() else { return };
        let from = visit.map_or(START, node_of);
        if set + 1 == self.sets() {
            let total = self.day.total(from, &label);
            if total < self.limit {
                (self.limit, self.best) = (total, Some(at));
            }
            return;
        }
        for bit in self.members(set, false) {
            let to = self.day.underway() + bit;
            let straight = self.day.straight(from, &label, to);
            let by_base = self.day.by_base(from, &label, to, ahead);
            for label in straight.into_iter().chain(by_base) {
                let state = (set | 1 << bit) * self.free + bit;
                self.offer(state, Step { label, visit: Some(to), before: Some(at) });
            }
        }
    }

    fn offer(&mut self, state: usize, new: Step) {
        if self.day.so_far(&new.label) >= self.limit {
            return;
        }
        let Some(state) = self.states.get_mut(state) else { return };
        let label = |step: &usize| self.steps.get(*step).map(|step| step.label);
        if state.iter().filter_map(label).any(|known| known.covers(&new.label)) {
            return;
        }
        state.retain(|step| label(step).is_none_or(|known| !new.label.covers(&known)));
        state.push(self.steps.len());
        self.steps.push(new);
    }

    /// The free visits up to this step, last to first.
    fn back_from(&self, last: usize) -> impl Iterator<Item = usize> {
        let steps =
            std::iter::successors(self.steps.get(last), |step| self.steps.get(step.before?));
        steps.filter(|step| step.before.is_some()).filter_map(|step| step.visit)
    }
}
