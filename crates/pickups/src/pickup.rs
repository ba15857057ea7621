use std::fmt;

use catalog::MaterialCode;
use primitives::{
    AccountId, CollectorId, Grams, Milliliters, PickupId, RegionCode, ReportId, Timestamp,
    UnitPrice,
};
use reports::Settlement;

use crate::{Handover, PickupState, Weighing};

/// One collector's job of fetching one report.
#[derive(Clone, PartialEq)]
pub struct Pickup {
    /// Identity.
    pub id: PickupId,
    /// What is fetched.
    pub report: ReportId,
    /// Who sells.
    pub household: AccountId,
    /// Who buys.
    pub collector: JobCollector,
    /// The report's desa.
    pub desa: RegionCode,
    /// How the household wants to be paid.
    pub settlement: Settlement,
    /// The collector's prices as they were at acceptance.
    pub prices: Vec<FrozenPrice>,
    /// The estimated weight, which the vehicle must carry.
    pub estimated_grams: Grams,
    /// The estimated loose volume, which the vehicle must hold.
    pub estimated_milliliters: Milliliters,
    /// From the collector's base to the home, as the crow flies.
    pub base_distance_meters: i64,
    /// What ties the weigh-in to the household's door.
    pub handover: Handover,
    /// When the collector promised to come, if he did.
    pub pickup_at: Option<Timestamp>,
    /// When the report (last) became open.
    pub report_opened_at: Timestamp,
    /// When the collector got the job.
    pub assigned_at: Timestamp,
    /// Not departed by then: a no-show.
    pub due_at: Timestamp,
    /// Where it stands.
    pub state: PickupState,
    /// Counts every change.
    pub version: i64,
}

impl Pickup {
    /// What the scale said; none before the weigh-in, and none of a job that came to nothing.
    pub const fn weighing(&self) -> Option<&Weighing> {
        match &self.state {
            PickupState::Weighed(weighing)
            | PickupState::Disputed { weighing, .. }
            | PickupState::Confirmed { weighing, .. }
            | PickupState::Paid { weighing, .. } => Some(weighing),
            PickupState::Assigned
            | PickupState::EnRoute { .. }
            | PickupState::Arrived(_)
            | PickupState::Released(_)
            | PickupState::Cancelled(_) => None,
        }
    }

    /// On which side of the job the account stands.
    pub fn side_of(&self, account: AccountId) -> Option<Side> {
        if self.household == account {
            Some(Side::Household)
        } else if self.collector.account == account {
            Some(Side::Collector)
        } else {
            None
        }
    }
}

impl fmt::Debug for Pickup {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Pickup")
            .field("id", &self.id)
            .field("state", &self.state.name())
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

/// Who buys, as he was known at acceptance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobCollector {
    /// Identity.
    pub id: CollectorId,
    /// Who runs it.
    pub account: AccountId,
    /// `pengepul`, `bank_sampah_unit`, `bank_sampah_induk`, `tps3r` or `tpst`.
    pub kind: String,
    /// What households call him.
    pub name: String,
}

/// A price that holds for this job, whatever the collector publishes later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrozenPrice {
    /// For which material.
    pub material: MaterialCode,
    /// Per kilogram, piece or liter.
    pub price: UnitPrice,
}

/// The two sides of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Who sells.
    Household,
    /// Who buys.
    Collector,
}

impl Side {
    /// The word in the database, in events and in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Household => "household",
            Self::Collector => "collector",
        }
    }
}
