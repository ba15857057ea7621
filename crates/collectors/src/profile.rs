use std::sync::Arc;

use catalog::Vehicle;
use primitives::{AccountId, CollectorId, Coordinates, RegionCode, Timestamp};
use regions::TimeZone;

use crate::{CollectorKind, Limits, Prices, Promises, Rating};

/// A verified collector with everything a ranking asks about.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Identity.
    pub id: CollectorId,
    /// Who runs it; nobody fetches his own report.
    pub account: AccountId,
    /// What households call him.
    pub name: String,
    /// What sort of buyer he is.
    pub kind: CollectorKind,
    /// Where his trips begin when no live position is known.
    pub base: Coordinates,
    /// The desa of the base.
    pub desa: RegionCode,
    /// How far from his base he fetches.
    pub service_radius_meters: i64,
    /// Where and when he works within that.
    pub limits: Limits,
    /// By whose clock his hours are meant: that of his desa.
    pub time_zone: TimeZone,
    /// What he drives, with what it carries, how fast and how far.
    pub vehicle: Arc<Vehicle>,
    /// Whether he takes jobs now.
    pub online: bool,
    /// What he pays now.
    pub prices: Prices,
    /// Stars given by households.
    pub rating: Rating,
    /// What became of the jobs he accepted.
    pub promises: Promises,
    /// When he registered.
    pub created_at: Timestamp,
}

impl Profile {
    /// Whether this moment lies in his working hours.
    pub fn works_at(&self, moment: Timestamp) -> bool {
        self.limits.hours.include(moment, self.time_zone)
    }
}
