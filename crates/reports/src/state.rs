use primitives::{Invalid, PickupId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Report;

/// Where a report stands, with what is known there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReportState {
    /// Waiting for a collector.
    Open,
    /// A collector is coming.
    Assigned {
        /// His job.
        pickup: PickupId,
        /// Since when.
        at: Timestamp,
    },
    /// Weighed, and the household agreed.
    Collected {
        /// The job that fetched it.
        pickup: PickupId,
        /// Since when.
        at: Timestamp,
    },
    /// Paid.
    Closed {
        /// The job that fetched it.
        pickup: PickupId,
        /// Since when.
        at: Timestamp,
    },
    /// Called off.
    Cancelled {
        /// Since when.
        at: Timestamp,
        /// Why, in the words of who called it off.
        reason: String,
    },
    /// Nobody took it in time.
    Expired {
        /// Since when.
        at: Timestamp,
    },
}

impl ReportState {
    /// The state without its facts.
    pub const fn name(&self) -> ReportStateName {
        match self {
            Self::Open => ReportStateName::Open,
            Self::Assigned { .. } => ReportStateName::Assigned,
            Self::Collected { .. } => ReportStateName::Collected,
            Self::Closed { .. } => ReportStateName::Closed,
            Self::Cancelled { .. } => ReportStateName::Cancelled,
            Self::Expired { .. } => ReportStateName::Expired,
        }
    }

    /// Since when it stands there; an open report carries that moment outside of its state.
    pub(crate) const fn since(&self, opened_at: Timestamp) -> Timestamp {
        match self {
            Self::Open => opened_at,
            Self::Assigned { at, .. }
            | Self::Collected { at, .. }
            | Self::Closed { at, .. }
            | Self::Cancelled { at, .. }
            | Self::Expired { at } => *at,
        }
    }

    /// The job that fetches or fetched it.
    pub const fn pickup(&self) -> Option<PickupId> {
        match self {
            Self::Assigned { pickup, .. }
            | Self::Collected { pickup, .. }
            | Self::Closed { pickup, .. } => Some(*pickup),
            Self::Open | Self::Cancelled { .. } | Self::Expired { .. } => None,
        }
    }
}

/// The states by name: what lists are filtered by and answers show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportStateName {
    /// Waiting for a collector.
    Open,
    /// A collector is coming.
    Assigned,
    /// Weighed, and the household agreed.
    Collected,
    /// Paid.
    Closed,
    /// Called off.
    Cancelled,
    /// Nobody took it in time.
    Expired,
}

impl ReportStateName {
    /// The word in the database and in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Assigned => "assigned",
            Self::Collected => "collected",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }
}

/// The transition is not allowed from this state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a report that is {0:?} cannot do that")]
pub struct WrongState(pub ReportStateName);

impl Report {
    /// A collector got the job.
    pub fn assign(self, pickup: PickupId, at: Timestamp) -> Result<Self, WrongState> {
        match self.state {
            ReportState::Open => Ok(self.moved_to(ReportState::Assigned { pickup, at })),
            _ => Err(self.refusal()),
        }
    }

    /// The collector gave the job back: the household waits again.
    pub fn reopen(self, pickup: PickupId, at: Timestamp) -> Result<Self, WrongState> {
        self.must_be_assigned_to(pickup)?;
        let expires_at = crate::rules::expiry(&self.windows, at);
        Ok(Self { opened_at: at, expires_at, ..self.moved_to(ReportState::Open) })
    }

    /// The household agreed with the weigh-in.
    pub fn collect(self, pickup: PickupId, at: Timestamp) -> Result<Self, WrongState> {
        self.must_be_assigned_to(pickup)?;
        Ok(self.moved_to(ReportState::Collected { pickup, at }))
    }

    /// The money is where it belongs.
    pub fn close(self, pickup: PickupId, at: Timestamp) -> Result<Self, WrongState> {
        match self.state {
            ReportState::Collected { pickup: by, .. } if by == pickup => {
                Ok(self.moved_to(ReportState::Closed { pickup, at }))
            }
            _ => Err(self.refusal()),
        }
    }

    /// Called off while nobody had accepted.
    pub fn cancel(self, reason: String, at: Timestamp) -> Result<Self, WrongState> {
        match self.state {
            ReportState::Open => Ok(self.moved_to(ReportState::Cancelled { at, reason })),
            _ => Err(self.refusal()),
        }
    }

    /// Called off together with the job.
    pub fn cancel_with(
        self,
        pickup: PickupId,
        reason: String,
        at: Timestamp,
    ) -> Result<Self, WrongState> {
        self.must_be_assigned_to(pickup)?;
        Ok(self.moved_to(ReportState::Cancelled { at, reason }))
    }

    /// Nobody took it in time.
    pub fn expire(self, at: Timestamp) -> Result<Self, WrongState> {
        match self.state {
            ReportState::Open if self.expires_at <= at => {
                Ok(self.moved_to(ReportState::Expired { at }))
            }
            _ => Err(self.refusal()),
        }
    }

    pub(crate) fn must_be_open(&self) -> Result<(), WrongState> {
        if self.state == ReportState::Open { Ok(()) } else { Err(self.refusal()) }
    }

    fn must_be_assigned_to(&self, job: PickupId) -> Result<(), WrongState> {
        match self.state {
            ReportState::Assigned { pickup, .. } if pickup == job => Ok(()),
            _ => Err(self.refusal()),
        }
    }

    fn moved_to(self, state: ReportState) -> Self {
        Self { state, version: self.version.saturating_add(1), ..self }
    }

    const fn refusal(&self) -> WrongState {
        WrongState(self.state.name())
    }
}

/// Reads a state back from its columns.
pub(crate) fn read_state(
    word: &str,
    at: Timestamp,
    pickup: Option<PickupId>,
    reason: Option<String>,
) -> Result<ReportState, Invalid> {
    let incomplete = Invalid("state_incomplete");
    match word {
        "open" => Ok(ReportState::Open),
        "assigned" => Ok(ReportState::Assigned { pickup: pickup.ok_or(incomplete)?, at }),
        "collected" => Ok(ReportState::Collected { pickup: pickup.ok_or(incomplete)?, at }),
        "closed" => Ok(ReportState::Closed { pickup: pickup.ok_or(incomplete)?, at }),
        "cancelled" => Ok(ReportState::Cancelled { at, reason: reason.ok_or(incomplete)? }),
        "expired" => Ok(ReportState::Expired { at }),
        _ => Err(Invalid("state_unknown")),
    }
}
