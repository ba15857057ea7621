use primitives::UnitPrice;

use super::bitmap::Bitmap;
use crate::ranking::{MaterialSlot, Price};

/// Stands for the price of what somebody does not buy; no price is so high.
const NOT_BOUGHT: u32 = u32::MAX;

/// Who buys one material, and what the best of them pays.
#[derive(Debug, Clone, Default)]
pub(super) struct Market {
    buyers: Bitmap,
    best_price: u32,
}

/// All markets, and everybody's price list: one column per material that anybody buys, so that a price is found by its
/// place alone.
#[derive(Debug, Clone, Default)]
pub(super) struct Markets {
    markets: Vec<Market>,
    prices: Vec<u32>,
}

impl Market {
    /// Who buys it.
    pub(super) const fn buyers(&self) -> &Bitmap {
        &self.buyers
    }

    /// What the best of them pays.
    pub(super) fn best_price(&self) -> i64 {
        self.best_price.into()
    }
}

impl Markets {
    /// Takes everybody's price lists in the order of the slots.
    pub(super) fn open<'a>(lists: impl ExactSizeIterator<Item = &'a [Price]> + Clone) -> Self {
        let slots = lists.len();
        let columns = lists.clone().flatten().map(|line| usize::from(line.material.0) + 1).max();
        let closed = Market { buyers: Bitmap::of(slots), best_price: 0 };
        let mut all = Self {
            markets: vec![closed; columns.unwrap_or(0)],
            prices: vec![NOT_BOUGHT; slots * columns.unwrap_or(0)],
        };
        for (slot, list) in lists.enumerate() {
            list.iter().for_each(|line| all.admit(slot, line));
        }
        all
    }

    /// The market of one material, if anybody buys it or what comes after it.
    pub(super) fn of(&self, material: MaterialSlot) -> Option<&Market> {
        self.markets.get(usize::from(material.0))
    }

    /// What one of the buyers pays; nothing when he does not buy it.
    pub(super) fn price_at(&self, slot: usize, material: MaterialSlot) -> Option<UnitPrice> {
        let price = *self.prices.get(self.place_of(slot, material)?)?;
        UnitPrice::parse(price.into()).ok()
    }

    /// How many there are.
    pub(super) const fn count(&self) -> usize {
        self.markets.len()
    }

    /// How many bytes the bitmaps take.
    pub(super) fn bitmap_bytes(&self) -> usize {
        self.markets.iter().map(|market| market.buyers.bytes()).sum()
    }

    /// How many bytes the price lists take.
    pub(super) const fn price_bytes(&self) -> usize {
        size_of_val(self.prices.as_slice())
    }

    /// The first line of a list counts.
    fn admit(&mut self, slot: usize, line: &Price) {
        let place = self.place_of(slot, line.material);
        let entry = place.and_then(|place| self.prices.get_mut(place));
        let market = self.markets.get_mut(usize::from(line.material.0));
        if let (Some(entry), Some(market), Ok(price)) =
            (entry, market, u32::try_from(line.price.get()))
            && market.buyers.raise(slot)
        {
            *entry = price;
            market.best_price = market.best_price.max(price);
        }
    }

    fn place_of(&self, slot: usize, material: MaterialSlot) -> Option<usize> {
        let column = usize::from(material.0);
        (column < self.markets.len()).then(|| slot * self.markets.len() + column)
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
            for (slot, expected) in lists.iter().enumerate() {
                prop_assert_eq!(markets.price_at(slot, material).map(UnitPrice::get), *expected);
                prop_assert_eq!(markets.price_at(slot, MaterialSlot(0)), None);
            }
            prop_assert_eq!(markets.price_at(lists.len(), material), None);
        }
    }
}
