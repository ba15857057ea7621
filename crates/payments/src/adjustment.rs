use primitives::{AccountId, AdjustmentId, JournalId, RegionCode, Rupiah, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What staff put right in a wallet by hand: one proposes, another one releases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjustment {
    /// Identity.
    pub id: AdjustmentId,
    /// Whose staff answer for it.
    pub region: RegionCode,
    /// Whose wallet.
    pub account: AccountId,
    /// What comes in, or, negative, goes out; never nothing.
    pub amount: Rupiah,
    /// Why, in the maker's words.
    pub reason: String,
    /// Who proposed it.
    pub maker: AccountId,
    /// When.
    pub proposed_at: Timestamp,
    /// Where it stands.
    pub state: AdjustmentState,
    /// Counts every change.
    pub version: i64,
}

/// Where an adjustment stands, with what is known there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AdjustmentState {
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
pub enum AdjustmentStateName {
    /// Waits for a checker.
    Proposed,
    /// Done.
    Approved,
    /// Refused.
    Rejected,
}

impl AdjustmentStateName {
    /// The word in the database and in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
        }
    }
}

impl AdjustmentState {
    /// The state without its facts.
    pub const fn name(&self) -> AdjustmentStateName {
        match self {
            Self::Proposed => AdjustmentStateName::Proposed,
            Self::Approved { .. } => AdjustmentStateName::Approved,
            Self::Rejected { .. } => AdjustmentStateName::Rejected,
        }
    }
}

/// What a maker proposes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAdjustment {
    /// Whose staff answer for it.
    pub region: RegionCode,
    /// Whose wallet.
    pub account: AccountId,
    /// What comes in, or, negative, goes out: up to 5,000,000 either way.
    pub amount: Rupiah,
    /// Why.
    pub reason: String,
}
