use std::ops::Range;

use super::{choices::Choices, solver::Assignment};

/// A report and the cost of the place it has, or would move to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Stake {
    pub(super) report: usize,
    pub(super) cost: i64,
}

/// Room for one report on a collector's vehicle.
#[derive(Clone, Copy, Default)]
pub(super) struct Place {
    collector: usize,
    /// What the others would lose if one more report were put here; nothing while it is free.
    pub(super) price: i64,
    pub(super) holder: Option<Stake>,
    /// In the search that reached it last: how dear the way here was, and who would move here.
    pub(super) distance: i64,
    pub(super) mover: Stake,
    pub(super) search: u32,
}

/// Reports on one side, places on the other.
///
/// Always true between two steps: no place is cheaper to a report, cost and price together, than the one it has; what is
/// free has no price; and whoever has given up finds no place cheaper than that.
pub(super) struct Market {
    choices: Vec<Choices>,
    places: Vec<Place>,
    /// Where each collector's places begin; one more at the end.
    starts: Vec<usize>,
    /// What each collector's cheapest place costs beyond the way to it.
    least_prices: Vec<u32>,
    /// The place each report has.
    held: Vec<Option<usize>>,
    /// Dearer than all that one more report could cost the others: it is left out only if it must be.
    pub(super) giving_up: i64,
    searches: u32,
}

impl Market {
    pub(super) fn open(choices: Vec<Choices>, places: &[u32], highest: i64) -> Self {
        let (mut starts, mut rooms) = (vec![0], Vec::new());
        for (collector, &places) in places.iter().enumerate() {
            let places = usize::try_from(places).unwrap_or(0);
            rooms.extend((0..places).map(|_| Place { collector, ..Place::default() }));
            starts.push(rooms.len());
        }
        let reports = i64::try_from(choices.len()).unwrap_or(i64::from(u32::MAX));
        Self {
            held: vec![None; choices.len()],
            places: rooms,
            least_prices: vec![0; places.len()],
            giving_up: (reports + 1).saturating_mul(highest + 1),
            choices,
            starts,
            searches: 0,
        }
    }

    /// How many reports there are.
    pub(super) fn reports(&self) -> usize {
        self.choices.len()
    }

    /// How many places there are.
    pub(super) fn places(&self) -> usize {
        self.places.len()
    }

    /// Shows a report the places it can take, until all that are left come to at least what `visit` returned last, or
    /// to no more than `slack` less. It may show a place again.
    pub(super) fn look(
        &mut self,
        report: usize,
        slack: i64,
        mut limit: i64,
        mut visit: impl FnMut(usize, &mut Place, i64) -> i64,
    ) {
        let Self { choices, places, starts, least_prices, .. } = self;
        let Some(choices) = choices.get_mut(report) else { return };
        let mut wider = false;
        loop {
            for choice in choices.at_hand() {
                if i64::from(choice.value(least_prices)) >= limit {
                    continue;
                }
                for number in places_of(starts, choice.collector) {
                    let Some(place) = places.get_mut(number) else { continue };
                    limit = visit(number, place, i64::from(choice.cost));
                }
            }
            if choices.rest_floor().is_none_or(|floor| i64::from(floor) + slack >= limit) {
                return;
            }
            choices.take_to_hand(wider, least_prices);
            wider = true;
        }
    }

    /// Takes everything from everybody; the prices stay.
    pub(super) fn vacate(&mut self) {
        self.places.iter_mut().for_each(|place| place.holder = None);
        self.held.fill(None);
    }

    /// The number of a new search.
    pub(super) fn next_search(&mut self) -> u32 {
        self.searches += 1;
        self.searches
    }

    /// Whether what is free has no price: then nobody could do better.
    pub(super) fn is_settled(&self) -> bool {
        self.places.iter().all(|place| place.holder.is_some() || place.price == 0)
    }

    /// Makes a place dearer.
    pub(super) fn raise(&mut self, place: usize, by: i64) {
        let Some(place) = self.places.get_mut(place) else { return };
        place.price += by;
        let collector = place.collector;
        let bounds = u32::try_from(collector).map(|collector| places_of(&self.starts, collector));
        let places = bounds.ok().and_then(|bounds| self.places.get(bounds)).unwrap_or_default();
        if let Some(least) = self.least_prices.get_mut(collector) {
            let cheapest = places.iter().map(|place| place.price).min().unwrap_or(0);
            *least = u32::try_from(cheapest).unwrap_or(u32::MAX);
        }
    }

    /// Begins from nothing.
    pub(super) fn forget_prices(&mut self) {
        self.vacate();
        self.places.iter_mut().for_each(|place| place.price = 0);
        self.least_prices.fill(0);
        self.choices.iter_mut().for_each(Choices::forget_prices);
    }

    pub(super) fn place(&mut self, place: usize) -> Option<&mut Place> {
        self.places.get_mut(place)
    }

    /// The place that a report has.
    pub(super) fn held(&self, report: usize) -> Option<usize> {
        self.held.get(report).copied().flatten()
    }

    /// Gives a place, or none, to a report; says who had the place before.
    pub(super) fn give(&mut self, place: Option<usize>, stake: Stake) -> Option<usize> {
        if let Some(held) = self.held.get_mut(stake.report) {
            *held = place;
        }
        let before = self.places.get_mut(place?)?.holder.replace(stake)?;
        Some(before.report)
    }

    /// Takes his place from a report that somebody else now has.
    pub(super) fn outbid(&mut self, report: usize) {
        if let Some(held) = self.held.get_mut(report) {
            *held = None;
        }
    }

    pub(super) fn close(&self) -> Assignment {
        let mut collectors = vec![None; self.held.len()];
        let mut cost = 0;
        for (collector, bounds) in (0u32..).zip(self.starts.windows(2)) {
            let &[start, end] = bounds else { continue };
            let places = self.places.get(start..end).unwrap_or_default();
            for stake in places.iter().filter_map(|place| place.holder) {
                if let Some(found) = collectors.get_mut(stake.report) {
                    *found = Some(collector);
                }
                cost += stake.cost.unsigned_abs();
            }
        }
        Assignment { collectors, cost }
    }
}

fn places_of(starts: &[usize], collector: u32) -> Range<usize> {
    let collector = usize::try_from(collector).unwrap_or(usize::MAX);
    match starts.get(collector..) {
        Some(&[start, end, ..]) => start..end,
        _ => 0..0,
    }
}
