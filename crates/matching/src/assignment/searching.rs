//! The second step: the cheapest chain of moves that ends at a free place.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::market::{Market, Stake};

/// Who would have to move, and what his own move is measured from.
#[derive(Clone, Copy)]
struct Mover {
    report: usize,
    base: i64,
}

/// The cheapest end of a chain so far: a free place, or that somebody gives up.
#[derive(Clone, Copy)]
struct End {
    distance: i64,
    place: Option<usize>,
    last: Stake,
}

/// One search for one report.
struct Search {
    number: u32,
    end: End,
    /// Held places, the nearest first.
    open: BinaryHeap<Reverse<(i64, usize)>>,
    /// Places whose distance is final.
    closed: Vec<usize>,
}

impl Market {
    /// Finds a place for a report that has none, by moving others where that is cheapest.
    pub(super) fn search_for(&mut self, report: usize) {
        let number = self.next_search();
        let giving_up = End { distance: i64::MAX, place: None, last: Stake { report, cost: 0 } };
        let mut search =
            Search { number, end: giving_up, open: BinaryHeap::new(), closed: Vec::new() };
        self.reach(&mut search, Mover { report, base: 0 });
        while let Some(Reverse((distance, place))) = search.open.pop() {
            if distance >= search.end.distance {
                break;
            }
            let Some(found) = self.place(place) else { continue };
            let Some(holder) = found.holder.filter(|_| found.distance == distance) else {
                continue;
            };
            let base = distance - holder.cost - found.price;
            search.closed.push(place);
            self.reach(&mut search, Mover { report: holder.report, base });
        }
        self.raise_prices(&search);
        self.move_along(report, search.end);
    }

    /// Notes every place that the mover could go to more cheaply than the search knew, and what giving up would be.
    fn reach(&mut self, search: &mut Search, Mover { report, base }: Mover) {
        let giving_up = base + self.giving_up;
        if giving_up < search.end.distance {
            let last = Stake { report, cost: 0 };
            search.end = End { distance: giving_up, place: None, last };
        }
        let Search { number: this, end, open, .. } = search;
        self.look(report, 0, end.distance - base, |number, place, cost| {
            let stake = Stake { report, cost };
            let distance = base + cost + place.price;
            let known = place.search == *this && place.distance <= distance;
            if !known && distance < end.distance {
                (place.search, place.distance, place.mover) = (*this, distance, stake);
                if place.holder.is_some() {
                    open.push(Reverse((distance, number)));
                } else {
                    *end = End { distance, place: Some(number), last: stake };
                }
            }
            end.distance - base
        });
    }

    /// What was nearer than the end becomes dearer by the difference, so that everybody who moves is content.
    fn raise_prices(&mut self, search: &Search) {
        for &place in &search.closed {
            let distance = self.place(place).map_or(search.end.distance, |place| place.distance);
            self.raise(place, search.end.distance - distance);
        }
    }

    /// Moves everybody one step, from the end of the chain back to the report that began it.
    fn move_along(&mut self, first: usize, end: End) {
        let (mut place, mut stake) = (end.place, end.last);
        loop {
            let left = self.held(stake.report);
            self.give(place, stake);
            if stake.report == first {
                return;
            }
            let Some(mover) = left.and_then(|left| self.place(left)).map(|left| left.mover) else {
                return;
            };
            (place, stake) = (left, mover);
        }
    }
}
