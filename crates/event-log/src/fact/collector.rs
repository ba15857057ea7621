use primitives::{AccountId, CollectorId, Timestamp, UnitPrice};
use serde::{Deserialize, Serialize};

/// Somebody asked to be a collector; staff have not looked yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CollectorRegistered {
    /// The new collector.
    pub collector: CollectorId,
    /// Who runs it.
    pub account: AccountId,
    /// `pengepul`, `bank_sampah_unit`, `bank_sampah_induk`, `tps3r` or `tpst`.
    pub collector_kind: String,
    /// The vehicle's code.
    pub vehicle: String,
}

/// Name, base, radius or vehicle changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CollectorChanged {
    /// Whose profile.
    pub collector: CollectorId,
    /// The version after the change.
    pub version: i64,
}

/// Staff verified a collector.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CollectorVerified {
    /// Who may work now.
    pub collector: CollectorId,
}

/// Staff suspended a collector.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CollectorSuspended {
    /// Who may no longer work.
    pub collector: CollectorId,
}

/// A collector published a price list, which replaces the one before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PricesPublished {
    /// Whose list.
    pub collector: CollectorId,
    /// From when it counts; a list may be announced ahead.
    pub valid_from: Timestamp,
    /// The list.
    pub prices: Vec<PublishedPrice>,
}

/// One line of a price list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PublishedPrice {
    /// Material code.
    pub material: String,
    /// Per kilogram, piece or liter.
    pub price_rupiah: UnitPrice,
}

/// A collector went online or offline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AvailabilityChanged {
    /// Who.
    pub collector: CollectorId,
    /// Whether he takes jobs now.
    pub online: bool,
}
