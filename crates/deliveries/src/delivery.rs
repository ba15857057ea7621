use catalog::MaterialCode;
use primitives::{CollectorId, DeliveryId, Grams, JournalId, RegionCode, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Reason, ScaleName};

/// What a collector brings to a facility.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Identity.
    pub id: DeliveryId,
    /// Who brings it.
    pub collector: CollectorId,
    /// Who is to receive it; never the collector himself.
    pub facility: CollectorId,
    /// The collector's desa when he announced it.
    pub desa: RegionCode,
    /// What he brings, each material once, in the order of codes.
    pub loads: Vec<Load>,
    /// When he announced it.
    pub announced_at: Timestamp,
    /// When it ends if nobody receives it.
    pub expires_at: Timestamp,
    /// Where it stands.
    pub state: DeliveryState,
    /// Counts every change.
    pub version: i64,
}

/// One material by weight, whatever unit it was bought in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// Which kind.
    pub material: MaterialCode,
    /// How much.
    pub grams: Grams,
}

/// Where a delivery stands, with what is known there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryState {
    /// Under way; the collector still carries it.
    Announced,
    /// The facility has it.
    Received(Receipt),
    /// The facility did not take it.
    Refused {
        /// When.
        at: Timestamp,
        /// Why.
        reason: Reason,
    },
    /// The collector did not bring it.
    Withdrawn {
        /// When.
        at: Timestamp,
    },
    /// Nobody received it in time.
    Expired {
        /// When.
        at: Timestamp,
    },
}

/// What the facility's scale said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// When.
    pub at: Timestamp,
    /// What arrived, for each load that was announced, in the same order; possibly nothing of one.
    pub loads: Vec<Load>,
    /// Which scale, if it has a name.
    pub scale: Option<ScaleName>,
    /// The ledger's journal.
    pub journal: JournalId,
}

/// The states by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryStateName {
    /// Under way.
    Announced,
    /// The facility has it.
    Received,
    /// The facility did not take it.
    Refused,
    /// The collector did not bring it.
    Withdrawn,
    /// Nobody received it in time.
    Expired,
}

/// On which side of a delivery somebody stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DeliveryRole)]
pub enum Role {
    /// Who brings it.
    Collector,
    /// Who receives it.
    Facility,
}

/// A delivery that has ended does not end again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a delivery that is {0:?} cannot end again")]
pub struct WrongState(pub DeliveryStateName);

impl DeliveryStateName {
    /// The word in the database and in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Announced => "announced",
            Self::Received => "received",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
        }
    }
}

impl DeliveryState {
    /// The state without its facts.
    pub const fn name(&self) -> DeliveryStateName {
        match self {
            Self::Announced => DeliveryStateName::Announced,
            Self::Received(_) => DeliveryStateName::Received,
            Self::Refused { .. } => DeliveryStateName::Refused,
            Self::Withdrawn { .. } => DeliveryStateName::Withdrawn,
            Self::Expired { .. } => DeliveryStateName::Expired,
        }
    }

    /// When it ended, if it has.
    pub const fn ended_at(&self) -> Option<Timestamp> {
        match self {
            Self::Announced => None,
            Self::Received(Receipt { at, .. })
            | Self::Refused { at, .. }
            | Self::Withdrawn { at }
            | Self::Expired { at } => Some(*at),
        }
    }
}

impl Delivery {
    /// The side on which this collector or facility stands; none for strangers.
    pub fn role_of(&self, party: CollectorId) -> Option<Role> {
        if party == self.collector {
            Some(Role::Collector)
        } else if party == self.facility {
            Some(Role::Facility)
        } else {
            None
        }
    }

    /// What the facility's scale said, once it has.
    pub const fn receipt(&self) -> Option<&Receipt> {
        match &self.state {
            DeliveryState::Received(receipt) => Some(receipt),
            _ => None,
        }
    }

    /// It ends in this way; from `announced` only, and not back to it.
    pub fn end(self, state: DeliveryState) -> Result<Self, WrongState> {
        match (&self.state, &state) {
            (DeliveryState::Announced, DeliveryState::Announced) => {
                Err(WrongState(DeliveryStateName::Announced))
            }
            (DeliveryState::Announced, _) => {
                Ok(Self { state, version: self.version.saturating_add(1), ..self })
            }
            (ended, _) => Err(WrongState(ended.name())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_ends_once() {
        let ambient = test_kit::ambient(&test_kit::clock());
        let at = ambient.now();
        let reason = Reason::parse("basah").unwrap();
        let receipt = Receipt { at, loads: Vec::new(), scale: None, journal: ambient.mint() };
        let ends = [
            DeliveryState::Received(receipt),
            DeliveryState::Refused { at, reason },
            DeliveryState::Withdrawn { at },
            DeliveryState::Expired { at },
        ];
        let announced = Delivery {
            id: ambient.mint(),
            collector: ambient.mint(),
            facility: ambient.mint(),
            desa: RegionCode::parse("12.07.28.2001").unwrap(),
            loads: Vec::new(),
            announced_at: at,
            expires_at: at,
            state: DeliveryState::Announced,
            version: 1,
        };
        assert!(announced.clone().end(DeliveryState::Announced).is_err());
        for first in &ends {
            let ended = announced.clone().end(first.clone()).unwrap();
            assert_eq!((ended.version, ended.state.ended_at()), (2, Some(at)));
            for second in ends.iter().chain([&DeliveryState::Announced]) {
                assert_eq!(ended.clone().end(second.clone()), Err(WrongState(first.name())));
            }
        }
    }
}
