use catalog::VehicleCode;
use primitives::{AccountId, CollectorId, Location, RegionCode, Timestamp};

use crate::{CollectorKind, Limits, Name, Reason, ServiceRadius, VerificationState};

/// Somebody who fetches recyclables, as staff and the collector himself know him.
#[derive(Debug, Clone, PartialEq)]
pub struct Collector {
    /// Identity.
    pub id: CollectorId,
    /// Who runs it; one collector per account.
    pub account: AccountId,
    /// What sort of buyer he is.
    pub kind: CollectorKind,
    /// What households call him.
    pub name: Name,
    /// Where his trips begin.
    pub base: Location,
    /// The desa of the base; decides which staff are responsible.
    pub desa: RegionCode,
    /// How far from his base he fetches.
    pub service_radius: ServiceRadius,
    /// Where and when he works within that.
    pub limits: Limits,
    /// What he drives.
    pub vehicle: VehicleCode,
    /// What staff decided about him.
    pub verification: Verification,
    /// Whether he takes jobs now.
    pub online: bool,
    /// Stars given by households.
    pub rating: Rating,
    /// What became of the jobs he accepted.
    pub promises: Promises,
    /// Counts every change of what is shown of him.
    pub version: i64,
    /// When he registered.
    pub created_at: Timestamp,
}

/// What staff decided about a collector, with the facts of that decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verification {
    /// Nobody has looked yet.
    Pending,
    /// May work.
    Verified {
        /// Since when.
        at: Timestamp,
        /// The member of staff who decided.
        by: AccountId,
    },
    /// May not work.
    Suspended {
        /// Since when.
        at: Timestamp,
        /// The member of staff who decided.
        by: AccountId,
        /// Why, in words the collector reads.
        reason: Reason,
    },
}

impl Verification {
    /// The state without its facts.
    pub const fn state(&self) -> VerificationState {
        match self {
            Self::Pending => VerificationState::Pending,
            Self::Verified { .. } => VerificationState::Verified,
            Self::Suspended { .. } => VerificationState::Suspended,
        }
    }
}

/// Stars given by households.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rating {
    /// All stars added up.
    pub sum: i64,
    /// How many households gave them.
    pub count: i64,
}

/// What became of the jobs a collector accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Promises {
    /// Fetched and paid.
    pub completed: i64,
    /// Given back.
    pub released: i64,
    /// Never came.
    pub no_shows: i64,
}

/// How one accepted job ended for the collector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Fetched and paid.
    Completed,
    /// Given back.
    Released,
    /// Never came.
    NoShow,
}
