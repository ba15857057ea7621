use primitives::{AccountId, AdjustmentId, JournalId, RegionCode, Rupiah, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Adjustment, ProposalStateName};

/// What staff put right in a wallet by hand.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AdjustmentView {
    /// Identity.
    pub id: AdjustmentId,
    /// Whose staff answer for it.
    pub region: RegionCode,
    /// Whose wallet.
    pub account_id: AccountId,
    /// What comes in, or, negative, goes out.
    pub amount_rupiah: Rupiah,
    /// Why.
    pub reason: String,
    /// Who proposed it.
    pub maker: AccountId,
    /// Where it stands.
    pub state: ProposalStateName,
    /// Who released or refused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checker: Option<AccountId>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<Timestamp>,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rejection_reason: Option<String>,
    /// The ledger's journal, when it was released.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub journal_id: Option<JournalId>,
    /// When it was proposed.
    pub created_at: Timestamp,
}

impl From<&Adjustment> for AdjustmentView {
    fn from(adjustment: &Adjustment) -> Self {
        let (state, decided) = (&adjustment.state, adjustment.state.decided());
        Self {
            id: adjustment.id,
            region: adjustment.region.clone(),
            account_id: adjustment.account,
            amount_rupiah: adjustment.amount,
            reason: adjustment.reason.clone(),
            maker: adjustment.maker,
            state: state.name(),
            checker: decided.map(|(_, by)| by),
            decided_at: decided.map(|(at, _)| at),
            rejection_reason: state.rejection_reason().map(str::to_owned),
            journal_id: state.journal(),
            created_at: adjustment.proposed_at,
        }
    }
}
