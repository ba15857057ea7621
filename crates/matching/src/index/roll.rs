use std::sync::Arc;

use collectors::ServiceArea;
use primitives::{AccountId, CollectorId, Coordinates};

use super::{
    market::Markets,
    merits::{Height, Merits, Standards},
    order::{picked, picked_rows},
    plane::Flat,
};
use crate::ranking::{Contender, Load, Price, Standing, Value, spare_capacity};

/// What does not depend on where anybody is, row by row: it is kept from one fleet to the next while nobody does anything
/// but move.
#[derive(Debug, Default)]
pub(super) struct Roll {
    /// For each row the how-manieth its collector was when they were named.
    pub(super) named: Vec<usize>,
    pub(super) members: Vec<Member>,
    pub(super) markets: Markets,
    pub(super) merits: Vec<Merits>,
    /// Row by row what each collector comes to as a buyer of each material.
    heights: Vec<Height>,
}

/// What is read of somebody whom the index leaves: side by side, since nearly all of it is.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) id: CollectorId,
    pub(super) account: AccountId,
    pub(super) base: Coordinates,
    pub(super) radius_meters: u32,
    pub(super) area: Option<Arc<ServiceArea>>,
    /// As it was when the roll was called: of whereabouts and delay only the fleet knows the present.
    standing: Standing,
}

/// What changes when somebody moves.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whereabouts {
    pub(super) place: Coordinates,
    pub(super) delay_seconds: u32,
}

impl Roll {
    /// Takes those who work now and the order in which their rows shall stand. They are called as they come all the
    /// same: it takes half as long as to look for each of them.
    pub(super) fn call(working: &[&Contender], order: Vec<usize>) -> Self {
        let markets = Markets::open(working.iter().map(|contender| contender.prices.as_slice()));
        let mut roll = Self { markets, ..Self::default() };
        roll.heights.resize(working.len() * roll.markets.count(), Height::default());
        working.iter().enumerate().for_each(|(row, contender)| roll.add(row, contender));
        roll.in_order(order)
    }

    fn in_order(self, order: Vec<usize>) -> Self {
        Self {
            members: order.iter().filter_map(|&row| self.members.get(row).cloned()).collect(),
            merits: picked(&self.merits, &order),
            heights: picked_rows(&self.heights, self.markets.count(), &order),
            markets: self.markets.in_order(&order),
            named: order,
        }
    }

    /// What somebody comes to as a buyer of each material; nothing at all where he does not buy it.
    pub(super) fn heights(&self, row: usize) -> &[Height] {
        let count = self.markets.count();
        self.heights.get(row * count..(row + 1) * count).unwrap_or_default()
    }

    /// How many bytes it takes.
    pub(super) fn bytes(&self) -> usize {
        let own = size_of_val(self.members.as_slice()) + size_of_val(self.merits.as_slice());
        own + size_of_val(self.heights.as_slice()) + self.markets.price_bytes()
    }

    fn add(&mut self, row: usize, contender: &Contender) {
        let standing = Standing::of(contender);
        let merits = self.merits_of(&standing, &contender.prices);
        let row = row * self.markets.count();
        for line in &contender.prices {
            let height = Height::paying(merits, self.markets.share_of(line));
            let place = row + usize::from(line.material.0);
            if let Some(own) = self.heights.get_mut(place) {
                *own = height.max(*own);
            }
        }
        self.merits.push(merits);
        self.members.push(Member {
            id: contender.collector,
            account: contender.account,
            base: contender.base,
            radius_meters: contender.radius_meters,
            area: contender.area.clone(),
            standing,
        });
    }

    fn merits_of(&self, standing: &Standing, prices: &[Price]) -> Merits {
        let Standing { capacity, free, reliability, rating, fairness, .. } = *standing;
        let merits = Merits::of(Standards {
            reliability,
            rating,
            spare_capacity: spare_capacity(capacity, free, Load::default()),
            fairness,
            generosity: Value::WORST,
        });
        let shares = prices.iter().map(|line| self.markets.share_of(line));
        merits.with_generosity(shares.max().unwrap_or(0))
    }
}

impl Member {
    /// How he stands where he is now.
    pub(super) const fn standing(&self, whereabouts: Whereabouts) -> Standing {
        let Whereabouts { place, delay_seconds } = whereabouts;
        Standing { whereabouts: place, delay_seconds, ..self.standing }
    }

    /// Nobody farther from there than this lies in his circle.
    pub(super) fn reach_meters(&self, place: Flat) -> f64 {
        // The map is at most 5 % short, and distances are rounded to meters.
        f64::from(self.radius_meters) + place.distance(Flat::of(self.base)) / 0.949 + 3.0
    }
}

impl Whereabouts {
    pub(super) fn of(contender: &Contender) -> Self {
        Self { place: contender.whereabouts(), delay_seconds: contender.delay_seconds() }
    }
}
