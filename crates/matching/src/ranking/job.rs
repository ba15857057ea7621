use primitives::{AccountId, Coordinates, Quantity, Rupiah, Timestamp};

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
    /// What all of it weighs and how much room it takes.
    pub load: Load,
    /// What the items are worth at the top of the reference prices.
    pub top_payout: Rupiah,
    /// When somebody is at home; empty means always.
    pub windows: Vec<Window>,
    /// Since when the household has been waiting.
    pub waiting_since: Timestamp,
}

impl Job {
    /// What a price list pays for the items; nothing when a material is not on it.
    pub fn payout_at(&self, prices: &[Price]) -> Option<Rupiah> {
        self.items.iter().try_fold(Rupiah::ZERO, |sum, item| {
            let found = prices.binary_search_by_key(&item.material, |price| price.material).ok()?;
            let price = prices.get(found)?.price;
            sum.checked_add(item.quantity.value_at(price).ok()?).ok()
        })
    }
}
