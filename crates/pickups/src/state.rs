use primitives::{Rupiah, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Line, Pickup, Scale};

/// Where a job stands, with what is known there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PickupState {
    /// Accepted.
    Assigned,
    /// The collector is on the way.
    EnRoute {
        /// Since when.
        departed_at: Timestamp,
    },
    /// The collector says that he is at the door.
    Arrived(Arrival),
    /// Weighed; the household has not said anything yet.
    Weighed(Weighing),
    /// The household disagrees.
    Disputed {
        /// What the scale said.
        weighing: Weighing,
        /// What the household objects to.
        dispute: Dispute,
    },
    /// The household agrees, or staff decided so.
    Confirmed {
        /// What the scale said.
        weighing: Weighing,
        /// Since when.
        at: Timestamp,
    },
    /// The money is where it belongs.
    Paid {
        /// What the scale said.
        weighing: Weighing,
        /// When the weigh-in was agreed upon.
        confirmed_at: Timestamp,
        /// Since when.
        at: Timestamp,
    },
    /// Given back; the report is open again.
    Released(Ending),
    /// Called off, together with the report.
    Cancelled(Ending),
}

/// How the collector came to the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// When he left.
    pub departed_at: Timestamp,
    /// When he arrived.
    pub at: Timestamp,
    /// How far from the home he claimed to be.
    pub distance_meters: i64,
}

impl Arrival {
    /// True when "at the door" is hard to believe.
    pub const fn is_far_from_home(&self) -> bool {
        self.distance_meters > 500
    }
}

/// What the scale said, at the frozen prices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighing {
    /// How the collector came to the door.
    pub arrival: Arrival,
    /// When.
    pub at: Timestamp,
    /// Which scale.
    pub scale: Scale,
    /// Material by material.
    pub lines: Vec<Line>,
    /// The sum of the lines.
    pub amount: Rupiah,
}

/// What the household objects to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispute {
    /// Since when.
    pub at: Timestamp,
    /// In a few words.
    pub reason: String,
    /// The whole story.
    pub detail: Option<String>,
}

/// How a job came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// When.
    pub at: Timestamp,
    /// By whose hand.
    pub by: EndedBy,
    /// In his words.
    pub reason: String,
}

/// Who brought a job to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EndedBy {
    /// Who sells.
    Household,
    /// Who buys.
    Collector,
    /// An officer, after a dispute.
    Staff,
    /// Nobody came; the house noticed.
    Worker,
}

impl EndedBy {
    const ALL: [Self; 4] = [Self::Household, Self::Collector, Self::Staff, Self::Worker];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Household => "household",
            Self::Collector => "collector",
            Self::Staff => "staff",
            Self::Worker => "worker",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == word)
    }
}

/// The states by name: what lists are filtered by and answers show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PickupStateName {
    /// Accepted.
    Assigned,
    /// On the way.
    EnRoute,
    /// At the door.
    Arrived,
    /// Weighed.
    Weighed,
    /// The household disagrees.
    Disputed,
    /// Agreed upon.
    Confirmed,
    /// Done.
    Paid,
    /// Given back.
    Released,
    /// Called off.
    Cancelled,
}

impl PickupStateName {
    /// The word in the database, in events and in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::EnRoute => "en_route",
            Self::Arrived => "arrived",
            Self::Weighed => "weighed",
            Self::Disputed => "disputed",
            Self::Confirmed => "confirmed",
            Self::Paid => "paid",
            Self::Released => "released",
            Self::Cancelled => "cancelled",
        }
    }
}

impl PickupState {
    /// The state without its facts.
    pub const fn name(&self) -> PickupStateName {
        match self {
            Self::Assigned => PickupStateName::Assigned,
            Self::EnRoute { .. } => PickupStateName::EnRoute,
            Self::Arrived(_) => PickupStateName::Arrived,
            Self::Weighed(_) => PickupStateName::Weighed,
            Self::Disputed { .. } => PickupStateName::Disputed,
            Self::Confirmed { .. } => PickupStateName::Confirmed,
            Self::Paid { .. } => PickupStateName::Paid,
            Self::Released(_) => PickupStateName::Released,
            Self::Cancelled(_) => PickupStateName::Cancelled,
        }
    }

    /// When the job came to its end, good or bad.
    pub const fn ended_at(&self) -> Option<Timestamp> {
        match self {
            Self::Paid { at, .. } => Some(*at),
            Self::Released(ending) | Self::Cancelled(ending) => Some(ending.at),
            _ => None,
        }
    }
}

/// The transition is not allowed from this state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a pickup that is {0:?} cannot do that")]
pub struct WrongState(pub PickupStateName);

impl Pickup {
    /// The collector leaves for the home.
    pub fn depart(self, at: Timestamp) -> Result<Self, WrongState> {
        match self.state {
            PickupState::Assigned => Ok(self.moved_to(PickupState::EnRoute { departed_at: at })),
            _ => Err(self.refusal()),
        }
    }

    /// The collector says that he is at the door.
    pub fn arrive(self, at: Timestamp, distance_meters: i64) -> Result<Self, WrongState> {
        match self.state {
            PickupState::EnRoute { departed_at } => {
                let arrival = Arrival { departed_at, at, distance_meters };
                Ok(self.moved_to(PickupState::Arrived(arrival)))
            }
            _ => Err(self.refusal()),
        }
    }

    /// What the scale says; the code has been checked, the lines were judged.
    pub fn weigh(
        self,
        at: Timestamp,
        scale: Scale,
        lines: Vec<Line>,
        amount: Rupiah,
    ) -> Result<Self, WrongState> {
        match self.state {
            PickupState::Arrived(arrival) => {
                let weighing = Weighing { arrival, at, scale, lines, amount };
                Ok(self.moved_to(PickupState::Weighed(weighing)))
            }
            _ => Err(self.refusal()),
        }
    }

    /// The household agrees.
    pub fn confirm(self, at: Timestamp) -> Result<Self, WrongState> {
        match self.state {
            PickupState::Weighed(ref weighing) => {
                let weighing = weighing.clone();
                Ok(self.moved_to(PickupState::Confirmed { weighing, at }))
            }
            _ => Err(self.refusal()),
        }
    }

    /// The household disagrees.
    pub fn dispute(self, dispute: Dispute) -> Result<Self, WrongState> {
        match self.state {
            PickupState::Weighed(ref weighing) => {
                let weighing = weighing.clone();
                Ok(self.moved_to(PickupState::Disputed { weighing, dispute }))
            }
            _ => Err(self.refusal()),
        }
    }

    /// Staff decide that the weigh-in stands.
    pub fn uphold(self, at: Timestamp) -> Result<Self, WrongState> {
        match self.state {
            PickupState::Disputed { ref weighing, .. } => {
                let weighing = weighing.clone();
                Ok(self.moved_to(PickupState::Confirmed { weighing, at }))
            }
            _ => Err(self.refusal()),
        }
    }

    /// Staff decide that nothing was sold.
    pub fn annul(self, ending: Ending) -> Result<Self, WrongState> {
        match self.state {
            PickupState::Disputed { .. } => Ok(self.moved_to(PickupState::Cancelled(ending))),
            _ => Err(self.refusal()),
        }
    }

    /// The money is where it belongs.
    pub fn pay(self, at: Timestamp) -> Result<Self, WrongState> {
        match self.state {
            PickupState::Confirmed { ref weighing, at: confirmed_at } => {
                let weighing = weighing.clone();
                Ok(self.moved_to(PickupState::Paid { weighing, confirmed_at, at }))
            }
            _ => Err(self.refusal()),
        }
    }

    /// The collector gives the job back.
    pub fn release(self, ending: Ending) -> Result<Self, WrongState> {
        self.must_not_be_weighed()?;
        Ok(self.moved_to(PickupState::Released(ending)))
    }

    /// Nobody departed in time.
    pub fn lapse(self, ending: Ending) -> Result<Self, WrongState> {
        match self.state {
            PickupState::Assigned if self.due_at <= ending.at => {
                Ok(self.moved_to(PickupState::Released(ending)))
            }
            _ => Err(self.refusal()),
        }
    }

    /// One of the two calls it off.
    pub fn cancel(self, ending: Ending) -> Result<Self, WrongState> {
        self.must_not_be_weighed()?;
        Ok(self.moved_to(PickupState::Cancelled(ending)))
    }

    const fn must_not_be_weighed(&self) -> Result<(), WrongState> {
        match self.state {
            PickupState::Assigned | PickupState::EnRoute { .. } | PickupState::Arrived(_) => Ok(()),
            _ => Err(self.refusal()),
        }
    }

    fn moved_to(self, state: PickupState) -> Self {
        Self { state, version: self.version.saturating_add(1), ..self }
    }

    pub(crate) const fn refusal(&self) -> WrongState {
        WrongState(self.state.name())
    }
}
