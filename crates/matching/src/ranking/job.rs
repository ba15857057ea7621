use primitives::{AccountId, Coordinates, Quantity, Rupiah, Timestamp, UnitPrice};
use reports::MinimumShare;

use super::Price;

/// A material, as a column number of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MaterialSlot(pub u16);

/// Weight and loose volume: a vehicle is full when either is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Load {
    /// Grams.
    pub grams: i64,
    /// Milliliters, as it lies loose on the vehicle.
    pub milliliters: i64,
}

impl Load {
    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            grams: self.grams.saturating_add(other.grams),
            milliliters: self.milliliters.saturating_add(other.milliliters),
        }
    }

    /// What is left when `other` is taken away; below zero when it was too much.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self {
            grams: self.grams.saturating_sub(other.grams),
            milliliters: self.milliliters.saturating_sub(other.milliliters),
        }
    }

    /// Whether `other` fits in, by weight and by volume.
    pub const fn holds(self, other: Self) -> bool {
        self.grams >= other.grams && self.milliliters >= other.milliliters
    }
}

/// One material of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// Which material.
    pub material: MaterialSlot,
    /// How much of it, as estimated.
    pub quantity: Quantity,
    /// What it weighs and how much room it takes.
    pub load: Load,
}

/// A span of time in which the household is at home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The first moment.
    pub from: Timestamp,
    /// The last moment.
    pub until: Timestamp,
}

/// What a report asks of a collector.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Who asks; nobody fetches from himself.
    pub household: AccountId,
    /// Where to go.
    pub place: Coordinates,
    /// How far from `place` the home may lie, in meters: nothing when `place` is the home itself.
    pub tolerance_meters: u32,
    /// What to fetch.
    pub items: Vec<Item>,
    /// What all of it weighs and how much room it takes: the sum of the items.
    pub load: Load,
    /// How much of it, by weight, somebody must buy to be asked at all.
    pub minimum_share: MinimumShare,
    /// What the items are worth at the top of the reference prices.
    pub top_payout: Rupiah,
    /// When somebody is at home; empty means always.
    pub windows: Vec<Window>,
    /// Since when the household has been waiting.
    pub waiting_since: Timestamp,
}

/// What somebody takes of a job, and what he pays for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deal {
    /// For the estimated quantities of what he takes.
    pub payout: Rupiah,
    /// What that weighs and how much room it takes.
    pub load: Load,
    /// One bit per item, in their order.
    items: u64,
}

impl Deal {
    const NOTHING: Self =
        Self { payout: Rupiah::ZERO, load: Load { grams: 0, milliliters: 0 }, items: 0 };

    /// Whether the item in that place of the report is part of it.
    pub fn takes(&self, position: usize) -> bool {
        bit(position) & self.items != 0
    }

    /// The same for so much money.
    pub(crate) const fn paying(self, payout: Rupiah) -> Self {
        Self { payout, ..self }
    }

    fn with(self, position: usize, item: &Item, price: UnitPrice) -> Option<Self> {
        let payout = self.payout.checked_add(item.quantity.value_at(price).ok()?).ok()?;
        Some(Self { payout, load: self.load.plus(item.load), items: self.items | bit(position) })
    }
}

/// A report has at most twenty items.
fn bit(position: usize) -> u64 {
    u32::try_from(position).ok().and_then(|position| 1_u64.checked_shl(position)).unwrap_or(0)
}

impl Job {
    /// What somebody with this price list takes; nothing when the household would not have that.
    pub fn deal_at(&self, prices: &[Price]) -> Option<Deal> {
        self.deal(|material| {
            let found = prices.binary_search_by_key(&material, |price| price.material).ok()?;
            Some(prices.get(found)?.price)
        })
    }

    /// The same by whatever knows his prices: he takes all that he buys.
    pub(crate) fn deal(
        &self,
        price_of: impl Fn(MaterialSlot) -> Option<UnitPrice>,
    ) -> Option<Deal> {
        let mut deal = Deal::NOTHING;
        for (position, item) in self.items.iter().enumerate() {
            match price_of(item.material) {
                Some(price) => deal = deal.with(position, item, price)?,
                None if self.minimum_share.is_all() => return None,
                None => {}
            }
        }
        let enough = self.minimum_share.is_all()
            || deal.items != 0
                && self.minimum_share.is_reached_by(deal.load.grams, self.load.grams);
        enough.then_some(deal)
    }

    /// The least that anybody takes whom the household would have.
    pub(crate) fn least_load(&self) -> Load {
        if self.minimum_share.is_all() { self.load } else { Load::default() }
    }
}
