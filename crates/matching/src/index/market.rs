use primitives::UnitPrice;

use super::order::picked_rows;
use crate::ranking::{MaterialSlot, Price};

/// Stands for the price of what somebody does not buy; no price is so high.
const NOT_BOUGHT: u32 = u32::MAX;

/// What the best buyer of one material pays.
#[derive(Debug, Clone, Default)]
pub(super) struct Market {
    best_price: u32,
    /// What one rupiah is of the best price: in 255ths of it and 2³²nds of these, rounded up.
    share_per_rupiah: u64,
}

/// All markets, and everybody's price list: one column per material that anybody buys, so that a price is found by its
/// place alone.
#[derive(Debug, Clone, Default)]
pub(super) struct Markets {
    markets: Vec<Market>,
    prices: Vec<u32>,
}

impl Market {
    /// A price beside the best one in 255ths, rounded up or one above that: a division would take most of a build.
    pub(super) fn share_of(&self, price: UnitPrice) -> u8 {
        let rupiah = u64::try_from(price.get()).unwrap_or(0);
        let share = rupiah.saturating_mul(self.share_per_rupiah) >> 32;
        u8::try_from(share + 1).unwrap_or(u8::MAX)
    }

    /// What the best of them pays.
    pub(super) fn best_price(&self) -> i64 {
        self.best_price.into()
    }
}

impl Markets {
    /// Takes everybody's price lists, row by row.
    pub(super) fn open<'a>(lists: impl ExactSizeIterator<Item = &'a [Price]> + Clone) -> Self {
        let rows = lists.len();
        let columns = lists.clone().flatten().map(|line| usize::from(line.material.0) + 1).max();
        let mut all = Self {
            markets: vec![Market::default(); columns.unwrap_or(0)],
            prices: vec![NOT_BOUGHT; rows * columns.unwrap_or(0)],
        };
        for (row, list) in lists.enumerate() {
            list.iter().for_each(|line| all.admit(row, line));
        }
        for market in &mut all.markets {
            market.share_per_rupiah = (255_u64 << 32).div_ceil(market.best_price.max(1).into());
        }
        all
    }

    /// The same rows in another order.
    pub(super) fn in_order(self, order: &[usize]) -> Self {
        let prices = picked_rows(&self.prices, self.count(), order);
        Self { prices, ..self }
    }

    /// The market of one material, if anybody buys it or what comes after it.
    pub(super) fn of(&self, material: MaterialSlot) -> Option<&Market> {
        self.markets.get(usize::from(material.0))
    }

    /// What one of the buyers pays; nothing when he does not buy it.
    pub(super) fn price_at(&self, row: usize, material: MaterialSlot) -> Option<UnitPrice> {
        let price = *self.prices.get(self.place_of(row, material)?)?;
        UnitPrice::parse(price.into()).ok()
    }

    /// How many there are.
    pub(super) const fn count(&self) -> usize {
        self.markets.len()
    }

    /// The share of the market's best price, in 255ths.
    pub(super) fn share_of(&self, line: &Price) -> u8 {
        self.of(line.material).map_or(u8::MAX, |market| market.share_of(line.price))
    }

    /// How many bytes the price lists take.
    pub(super) const fn price_bytes(&self) -> usize {
        size_of_val(self.prices.as_slice())
    }

    /// The first line of a list counts.
    fn admit(&mut self, row: usize, line: &Price) {
        let place = self.place_of(row, line.material);
        let entry = place.and_then(|place| self.prices.get_mut(place));
        let market = self.markets.get_mut(usize::from(line.material.0));
        if let (Some(entry), Some(market), Ok(price)) =
            (entry, market, u32::try_from(line.price.get()))
            && *entry == NOT_BOUGHT
        {
            *entry = price;
            market.best_price = market.best_price.max(price);
        }
    }

    fn place_of(&self, row: usize, material: MaterialSlot) -> Option<usize> {
        let column = usize::from(material.0);
        (column < self.markets.len()).then(|| row * self.markets.len() + column)
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    proptest! {
        #[test]
        fn a_market_knows_every_price_list(lists in vec(proptest::option::of(0i64..9_000), 0..200)) {
            let material = MaterialSlot(1);
            let line = |price: i64| Price { material, price: UnitPrice::parse(price).unwrap() };
            let slices: Vec<Vec<Price>> = lists.iter().map(|price| price.map(line).into_iter().collect()).collect();
            let markets = Markets::open(slices.iter().map(Vec::as_slice));
            let best = lists.iter().flatten().max();
            prop_assert_eq!(markets.of(material).map(Market::best_price), best.copied());
            for (price, best) in lists.iter().flatten().filter_map(|price| Some((*price, *best?))) {
                let share = markets.of(material).unwrap().share_of(UnitPrice::parse(price).unwrap());
                let exact = (price * 255).unsigned_abs().div_ceil(best.unsigned_abs().max(1));
                prop_assert!((exact..=exact + 1).contains(&share.into()) || share == 255);
            }
            for (slot, expected) in lists.iter().enumerate() {
                prop_assert_eq!(markets.price_at(slot, material).map(UnitPrice::get), *expected);
                prop_assert_eq!(markets.price_at(slot, MaterialSlot(0)), None);
            }
            prop_assert_eq!(markets.price_at(lists.len(), material), None);
        }
    }
}
