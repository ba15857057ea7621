use std::{collections::BTreeMap, sync::Arc};

use catalog::{MaterialCode, Vehicle};
use primitives::{AccountId, CollectorId, Coordinates, RegionCode, Timestamp, UnitPrice};

use crate::{CollectorKind, Promises, Rating};

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
    /// What he drives, with what it carries, how fast and how far.
    pub vehicle: Arc<Vehicle>,
    /// Whether he takes jobs now.
    pub online: bool,
    /// What he pays now, by material.
    pub prices: BTreeMap<MaterialCode, UnitPrice>,
    /// Stars given by households.
    pub rating: Rating,
    /// What became of the jobs he accepted.
    pub promises: Promises,
    /// When he registered.
    pub created_at: Timestamp,
}
