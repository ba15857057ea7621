use primitives::{AccountId, AdjustmentId, RegionCode, Rupiah, Timestamp};

use crate::ProposalState;

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
    pub state: ProposalState,
    /// Counts every change.
    pub version: i64,
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
