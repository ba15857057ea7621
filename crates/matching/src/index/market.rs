use primitives::UnitPrice;

use super::bitmap::{Bitmap, WORD_BITS};
use crate::ranking::Price;

/// Who buys one material, and for how much.
#[derive(Debug, Clone, Default)]
pub(super) struct Market {
    buyers: Bitmap,
    /// How many buy it before each word of the bitmap: where in `prices` the word begins.
    before: Vec<u32>,
    /// What the buyers pay, in the order of their slots.
    prices: Vec<UnitPrice>,
    best_price: i64,
}

impl Market {
    /// One market per material that anybody buys, from everybody's price lists in the order of the slots.
    pub(super) fn open<'a>(lists: impl ExactSizeIterator<Item = &'a [Price]>) -> Vec<Self> {
        let slots = lists.len();
        let mut markets: Vec<Self> = Vec::new();
        for (slot, list) in lists.enumerate() {
            for line in list {
                let column = usize::from(line.material.0);
                if markets.len() <= column {
                    let closed = Self { buyers: Bitmap::of(slots), ..Self::default() };
                    markets.resize(column + 1, closed);
                }
                if let Some(market) = markets.get_mut(column) {
                    market.admit(slot, line.price);
                }
            }
        }
        markets.iter_mut().for_each(Self::count);
        markets
    }

    /// Who buys it.
    pub(super) const fn buyers(&self) -> &Bitmap {
        &self.buyers
    }

    /// What the best of them pays.
    pub(super) const fn best_price(&self) -> i64 {
        self.best_price
    }

    /// How many bytes the price list takes, without the bitmap.
    pub(super) const fn bytes(&self) -> usize {
        size_of_val(self.before.as_slice()) + size_of_val(self.prices.as_slice())
    }

    /// What one of them pays; nothing when he does not buy it.
    pub(super) fn price_at(&self, slot: usize) -> Option<UnitPrice> {
        let (number, bit) = (slot / WORD_BITS, slot % WORD_BITS);
        let word = self.buyers.word(number);
        let within = (word & ((1 << bit) - 1)).count_ones();
        let place = usize::try_from(*self.before.get(number)? + within).ok()?;
        let buys = word >> bit & 1 == 1;
        self.prices.get(place).copied().filter(|_| buys)
    }

    fn admit(&mut self, slot: usize, price: UnitPrice) {
        if self.buyers.raise(slot) {
            self.prices.push(price);
            self.best_price = self.best_price.max(price.get());
        }
    }

    fn count(&mut self) {
        let sums = self.buyers.words().iter().scan(0, |sum, word| {
            let before = *sum;
            *sum += word.count_ones();
            Some(before)
        });
        self.before = sums.collect();
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::ranking::MaterialSlot;

    proptest! {
        #[test]
        fn a_market_knows_every_price_list(lists in vec(proptest::option::of(0i64..9_000), 0..200)) {
            let line = |price: i64| Price { material: MaterialSlot(1), price: UnitPrice::parse(price).unwrap() };
            let slices: Vec<Vec<Price>> = lists.iter().map(|price| price.map(line).into_iter().collect()).collect();
            let markets = Market::open(slices.iter().map(Vec::as_slice));
            let best = lists.iter().flatten().max();
            prop_assert_eq!(markets.get(1).map(Market::best_price), best.copied());
            for (slot, expected) in lists.iter().enumerate().filter(|_| best.is_some()) {
                prop_assert_eq!(markets[1].price_at(slot).map(UnitPrice::get), *expected);
            }
            prop_assert!(markets.iter().all(|market| market.price_at(lists.len() + 64).is_none()));
        }
    }
}
