use catalog::MaterialCode;
use primitives::{
    AccountId, CollectorId, Invalid, OfferId, PickupId, RegionCode, ReportId, Timestamp, UnitPrice,
};
use reports::Report;
use serde::Serialize;
use utoipa::ToSchema;

use crate::ranking::Load;

/// What a collector offers to pay for one report, and when he would come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Identity.
    pub id: OfferId,
    /// For which report.
    pub report: ReportId,
    /// The report as the collector read it.
    pub report_version: i64,
    /// Who decides.
    pub household: AccountId,
    /// Who offers.
    pub collector: CollectorId,
    /// The report's desa.
    pub desa: RegionCode,
    /// What he pays, for every material of the report that he takes, in the order of codes.
    pub prices: Vec<OfferedPrice>,
    /// When he would come.
    pub pickup_at: Timestamp,
    /// His words.
    pub note: Option<String>,
    /// Where it stands.
    pub state: OfferState,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Offer {
    /// What he takes of the report.
    pub(crate) fn load_of(&self, report: &Report) -> Load {
        let taken = report
            .items
            .iter()
            .filter(|item| self.prices.iter().any(|line| line.material == item.material));
        taken.fold(Load::default(), |load, item| {
            load.plus(Load { grams: item.grams.get(), milliliters: item.milliliters.get() })
        })
    }

    /// True when the collector offers just this once more.
    pub(crate) fn says_the_same_as(&self, other: &Self) -> bool {
        self.prices == other.prices
            && self.pickup_at == other.pickup_at
            && self.note == other.note
            && self.report_version == other.report_version
    }
}

/// What a collector pays for one material of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferedPrice {
    /// Which material.
    pub material: MaterialCode,
    /// Per kilogram, piece or liter.
    pub price: UnitPrice,
}

/// What a collector wants to offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOffer {
    /// What he pays.
    pub prices: Vec<OfferedPrice>,
    /// When he would come.
    pub pickup_at: Timestamp,
    /// His words.
    pub note: Option<String>,
}

/// Where an offer stands, with what is known there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferState {
    /// The household has not decided.
    Pending,
    /// The household picked it.
    Accepted {
        /// The job that came of it.
        pickup: PickupId,
        /// Since when.
        at: Timestamp,
    },
    /// The household picked another one, or none.
    Declined {
        /// Since when.
        at: Timestamp,
    },
    /// The collector took it back.
    Withdrawn {
        /// Since when.
        at: Timestamp,
    },
    /// Too old, or there is nothing to fetch any more.
    Expired {
        /// Since when.
        at: Timestamp,
    },
}

/// The state without its facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OfferStateName {
    /// The household has not decided.
    Pending,
    /// The household picked it.
    Accepted,
    /// The household picked another one, or none.
    Declined,
    /// The collector took it back.
    Withdrawn,
    /// Too old, or there is nothing to fetch any more.
    Expired,
}

impl OfferState {
    /// The state without its facts.
    pub const fn name(&self) -> OfferStateName {
        match self {
            Self::Pending => OfferStateName::Pending,
            Self::Accepted { .. } => OfferStateName::Accepted,
            Self::Declined { .. } => OfferStateName::Declined,
            Self::Withdrawn { .. } => OfferStateName::Withdrawn,
            Self::Expired { .. } => OfferStateName::Expired,
        }
    }

    /// When it came to its end.
    pub const fn closed_at(&self) -> Option<Timestamp> {
        match self {
            Self::Pending => None,
            Self::Accepted { at, .. }
            | Self::Declined { at }
            | Self::Withdrawn { at }
            | Self::Expired { at } => Some(*at),
        }
    }

    /// The job that came of it.
    pub const fn pickup(&self) -> Option<PickupId> {
        match self {
            Self::Accepted { pickup, .. } => Some(*pickup),
            _ => None,
        }
    }

    pub(crate) fn read(
        name: &str,
        closed_at: Option<Timestamp>,
        pickup: Option<PickupId>,
    ) -> Result<Self, Invalid> {
        match (name, closed_at, pickup) {
            ("pending", None, None) => Ok(Self::Pending),
            ("accepted", Some(at), Some(pickup)) => Ok(Self::Accepted { pickup, at }),
            ("declined", Some(at), None) => Ok(Self::Declined { at }),
            ("withdrawn", Some(at), None) => Ok(Self::Withdrawn { at }),
            ("expired", Some(at), None) => Ok(Self::Expired { at }),
            _ => Err(Invalid("offer_state_impossible")),
        }
    }
}

impl OfferStateName {
    /// The word in the database, in events and in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
        }
    }
}
