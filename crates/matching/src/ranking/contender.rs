use std::sync::Arc;

use collectors::ServiceArea;
use primitives::{AccountId, CollectorId, Coordinates, UnitPrice};

use super::{Load, MaterialSlot, Value, values};

/// Whether somebody may and wants to work now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    /// Verified and online.
    Working,
    /// Verified, but takes no jobs now.
    Offline,
    /// Verified and online, but this is not the time in which he works.
    OffHours,
    /// Staff have not verified him yet.
    Unverified,
    /// Staff have suspended him.
    Suspended,
}

/// One line of a price list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// For which material.
    pub material: MaterialSlot,
    /// Per kilogram, piece or liter.
    pub price: UnitPrice,
}

/// What is remembered of somebody's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Record {
    /// Jobs that came to an end, well or not.
    pub promised: u32,
    /// Jobs among them that were carried out.
    pub kept: u32,
    /// How many households gave stars.
    pub ratings: u32,
    /// All their stars together.
    pub stars: u32,
    /// Jobs won in the last days.
    pub recent_wins: u32,
}

/// What is known of where somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Sighting {
    /// He was seen lately.
    Fresh(Coordinates),
    /// He was seen, but too long ago to say where he is now, or where he cannot have been: thought to be at his base,
    /// but not relied on.
    Stale,
    /// He tells nobody where he is: he waits at his base.
    #[default]
    Never,
}

/// A collector, as the ranking sees him.
#[derive(Debug, Clone, PartialEq)]
pub struct Contender {
    /// Who.
    pub collector: CollectorId,
    /// Whose hand he is.
    pub account: AccountId,
    /// Whether he works now.
    pub duty: Duty,
    /// Where he sets out from.
    pub base: Coordinates,
    /// How far from his base he goes.
    pub radius_meters: u32,
    /// Where within that he works; everywhere when absent.
    pub area: Option<Arc<ServiceArea>>,
    /// What is known of where he is.
    pub sighting: Sighting,
    /// How fast his vehicle gets on, in meters per hour of the crow: winding roads are allowed for.
    pub crow_meters_per_hour: u32,
    /// What his vehicle holds.
    pub capacity: Load,
    /// What his open jobs will fill of it.
    pub carried: Load,
    /// What he buys and for how much, sorted by material.
    pub prices: Vec<Price>,
    /// What is remembered of his work.
    pub record: Record,
}

impl Contender {
    /// Where he would come from now.
    pub fn whereabouts(&self) -> Coordinates {
        match self.sighting {
            Sighting::Fresh(place) => place,
            Sighting::Stale | Sighting::Never => self.base,
        }
    }

    /// How much later he may set out, since nobody knows where he is.
    pub const fn delay_seconds(&self) -> u32 {
        values::delay_seconds(self.sighting)
    }

    /// Whether he works now, has something to carry it on and something to pay for it with.
    pub fn is_ready(&self) -> bool {
        let has_room = self.capacity.grams > 0 && self.capacity.milliliters > 0;
        self.duty == Duty::Working && has_room && !self.prices.is_empty()
    }

    /// What still fits on his vehicle.
    pub fn free(&self) -> Load {
        self.capacity.minus(self.carried)
    }
}

/// What a score needs to know of a collector, worked out once when the index is built.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// Where he would come from now.
    pub whereabouts: Coordinates,
    /// How fast his vehicle gets on, in meters per hour of the crow.
    pub crow_meters_per_hour: u32,
    /// How much later he may set out, since nobody knows where he is.
    pub delay_seconds: u32,
    /// What his vehicle holds.
    pub capacity: Load,
    /// What still fits on it.
    pub free: Load,
    /// How many of his promises he keeps.
    pub reliability: Value,
    /// What households think of him.
    pub rating: Value,
    /// How few jobs he won lately.
    pub fairness: Value,
}

impl Standing {
    /// Works it out.
    pub fn of(contender: &Contender) -> Self {
        Self {
            whereabouts: contender.whereabouts(),
            crow_meters_per_hour: contender.crow_meters_per_hour,
            delay_seconds: contender.delay_seconds(),
            capacity: contender.capacity,
            free: contender.free(),
            reliability: values::reliability(&contender.record),
            rating: values::rating(&contender.record),
            fairness: values::fairness(&contender.record),
        }
    }
}
