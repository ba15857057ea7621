//! The first step: whoever wants a place most pays for it. Settles nearly everybody in little time.

use super::market::{Market, Stake};

/// How often a report may bid on average; whoever is left then searches. Bounds what two who want the same could do.
const BIDS_EACH: usize = 40;
/// How often those who met an equal bid try again.
const ROUNDS: usize = 2;
/// The first step of the bids is this part of the highest cost, each next one this part of the one before.
const FIRST_STEP: i64 = 32;
const FINER: i64 = 5;

/// Something that a report could do, and what it comes to: cost and price.
#[derive(Clone, Copy)]
struct Bid {
    value: i64,
    cost: i64,
    /// None means to give up.
    place: Option<usize>,
}

enum Outcome {
    /// It has a place, or has given up for good.
    Settled,
    /// It has the place of another, who must look for himself.
    Outbid(usize),
    /// Others want its places as much as it does.
    Tied,
}

impl Market {
    /// Finds out what the places are worth: everybody bids in large steps, then in smaller ones.
    ///
    /// Leaves nothing but prices, and they are sound only if every place finds somebody in the end.
    pub(super) fn feel_out_prices(&mut self, highest: i64) {
        let mut step = highest / FIRST_STEP;
        while step > 0 {
            let mut bids_left = self.reports().saturating_mul(BIDS_EACH);
            for report in 0..self.reports() {
                self.bid_until_settled(report, step, &mut bids_left);
            }
            self.vacate();
            step /= FINER;
        }
    }

    /// Lets every report bid; says who is left without a place.
    pub(super) fn bid_for_all(&mut self) -> Vec<usize> {
        let mut bids_left = self.reports().saturating_mul(BIDS_EACH);
        let mut waiting: Vec<usize> = (0..self.reports()).collect();
        for _ in 0..ROUNDS {
            let mut left = Vec::new();
            for report in waiting {
                left.extend(self.bid_until_settled(report, 0, &mut bids_left));
            }
            waiting = left;
        }
        waiting
    }

    /// Bids, then lets whoever was outbid bid, and so on; says who is left without a place at the end.
    fn bid_until_settled(
        &mut self,
        first: usize,
        step: i64,
        bids_left: &mut usize,
    ) -> Option<usize> {
        let mut bidder = first;
        while *bids_left > 0 {
            *bids_left -= 1;
            match self.bid(bidder, step) {
                Outcome::Settled => return None,
                Outcome::Outbid(other) => bidder = other,
                Outcome::Tied => break,
            }
        }
        Some(bidder)
    }

    /// Pays what makes the cheapest as dear as the second cheapest, and a step more.
    fn bid(&mut self, report: usize, step: i64) -> Outcome {
        let (first, second) = self.two_cheapest(report, step);
        let Some(wanted) = first.place else { return Outcome::Settled };
        let raise = second.value - first.value + step;
        if raise == 0 && self.is_held(wanted) {
            return match second.place {
                Some(free) if !self.is_held(free) => {
                    self.give(Some(free), Stake { report, cost: second.cost });
                    Outcome::Settled
                }
                _ => Outcome::Tied,
            };
        }
        self.raise(wanted, raise);
        match self.give(Some(wanted), Stake { report, cost: first.cost }) {
            Some(other) => {
                self.outbid(other);
                Outcome::Outbid(other)
            }
            None => Outcome::Settled,
        }
    }

    fn is_held(&mut self, place: usize) -> bool {
        self.place(place).is_some_and(|place| place.holder.is_some())
    }

    /// In large steps a choice that is cheaper by less than a step may be overlooked.
    fn two_cheapest(&mut self, report: usize, slack: i64) -> (Bid, Bid) {
        let mut first = Bid { value: self.giving_up, cost: 0, place: None };
        let mut second = Bid { value: i64::MAX, ..first };
        self.look(report, slack, i64::MAX, |number, place, cost| {
            let bid = Bid { value: cost + place.price, cost, place: Some(number) };
            if bid.value < first.value {
                (first, second) = (bid, first);
            } else if bid.value < second.value && bid.place != first.place {
                second = bid;
            }
            second.value
        });
        (first, second)
    }
}
