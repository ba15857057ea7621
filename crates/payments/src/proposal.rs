//! What one member of staff proposes and another one decides.

use primitives::{AccountId, Invalid, JournalId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a proposal stands, with what is known there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProposalState {
    /// Nothing has moved.
    Proposed,
    /// The money has moved.
    Approved {
        /// When.
        at: Timestamp,
        /// Who released it.
        by: AccountId,
        /// The ledger's journal.
        journal: JournalId,
    },
    /// Nothing will move.
    Rejected {
        /// When.
        at: Timestamp,
        /// Who refused it.
        by: AccountId,
        /// Why.
        reason: String,
    },
}

/// The states by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProposalStateName {
    /// Waits for a checker.
    Proposed,
    /// Done.
    Approved,
    /// Refused.
    Rejected,
}

impl ProposalStateName {
    /// The word in the database and in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
        }
    }
}

impl ProposalState {
    /// The state without its facts.
    pub const fn name(&self) -> ProposalStateName {
        match self {
            Self::Proposed => ProposalStateName::Proposed,
            Self::Approved { .. } => ProposalStateName::Approved,
            Self::Rejected { .. } => ProposalStateName::Rejected,
        }
    }

    /// When it was decided, and by whom.
    pub const fn decided(&self) -> Option<(Timestamp, AccountId)> {
        match self {
            Self::Proposed => None,
            Self::Approved { at, by, .. } | Self::Rejected { at, by, .. } => Some((*at, *by)),
        }
    }

    /// By which the money has moved.
    pub const fn journal(&self) -> Option<JournalId> {
        match self {
            Self::Approved { journal, .. } => Some(*journal),
            _ => None,
        }
    }

    /// Why it was refused.
    pub fn rejection_reason(&self) -> Option<&str> {
        match self {
            Self::Rejected { reason, .. } => Some(reason),
            _ => None,
        }
    }
}

/// A state in the columns of a table.
pub(crate) struct ProposalColumns {
    pub(crate) state: String,
    pub(crate) decided_at: Option<i64>,
    pub(crate) decided_by: Option<String>,
    pub(crate) rejection_reason: Option<String>,
    pub(crate) journal_id: Option<String>,
}

impl From<&ProposalState> for ProposalColumns {
    fn from(state: &ProposalState) -> Self {
        let decided = state.decided();
        Self {
            state: state.name().as_str().to_owned(),
            decided_at: decided.map(|(at, _)| at.micros()),
            decided_by: decided.map(|(_, by)| by.to_string()),
            rejection_reason: state.rejection_reason().map(str::to_owned),
            journal_id: state.journal().map(|journal| journal.to_string()),
        }
    }
}

impl ProposalColumns {
    pub(crate) fn read(self) -> Result<ProposalState, Invalid> {
        let incomplete = Invalid("state_incomplete");
        if self.state == "proposed" {
            return Ok(ProposalState::Proposed);
        }
        let at = Timestamp::from_micros(self.decided_at.ok_or(incomplete)?);
        let by = AccountId::parse(self.decided_by.as_deref().ok_or(incomplete)?)?;
        match self.state.as_str() {
            "approved" => {
                let journal = JournalId::parse(self.journal_id.as_deref().ok_or(incomplete)?)?;
                Ok(ProposalState::Approved { at, by, journal })
            }
            "rejected" => {
                let reason = self.rejection_reason.ok_or(incomplete)?;
                Ok(ProposalState::Rejected { at, by, reason })
            }
            _ => Err(Invalid("state_unknown")),
        }
    }
}
