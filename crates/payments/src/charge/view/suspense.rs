use primitives::{AccountId, JournalId, Rupiah, SuspenseReleaseId, Timestamp, TopUpId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    ProposalState, ProposalStateName,
    charge::{SuspendedPayment, SuspenseOutcomeName, SuspenseRelease},
    gateway::GatewayName,
};

/// A payment that went to a gateway's suspense, as staff see it: without a name.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SuspendedPaymentView {
    /// Whose suspense.
    pub gateway: GatewayName,
    /// The gateway's own name for the payment.
    pub reference: String,
    /// For which top-up it came in.
    pub top_up_id: TopUpId,
    /// Whose top-up that is.
    pub account_id: AccountId,
    /// How much.
    pub amount_rupiah: Rupiah,
    /// The journal by which it went to the suspense.
    pub journal_id: JournalId,
    /// When we learnt of it.
    pub created_at: Timestamp,
    /// How old that was when the page was made.
    pub age_seconds: i64,
    /// It waits there still.
    pub open: bool,
    /// The release that is proposed, or done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<SuspenseReleaseView>,
}

impl SuspendedPaymentView {
    /// The payment as it looks at this moment.
    pub fn new(found: &SuspendedPayment, now: Timestamp) -> Self {
        let (payment, release) = (&found.payment, found.release.as_ref());
        let left = release.is_some_and(|it| matches!(it.state, ProposalState::Approved { .. }));
        Self {
            gateway: payment.gateway,
            reference: payment.reference.clone(),
            top_up_id: payment.charge,
            account_id: found.account,
            amount_rupiah: payment.amount,
            journal_id: payment.placed,
            created_at: payment.created_at,
            age_seconds: now.seconds_since(payment.created_at),
            open: !left,
            release: release.map(SuspenseReleaseView::from),
        }
    }
}

/// How money leaves a gateway's suspense.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SuspenseReleaseView {
    /// Identity.
    pub id: SuspenseReleaseId,
    /// Whose suspense.
    pub gateway: GatewayName,
    /// The gateway's own name for the payment.
    pub payment_reference: String,
    /// What becomes of the money.
    pub outcome: SuspenseOutcomeName,
    /// Whose wallet it goes to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_id: Option<AccountId>,
    /// The gateway's own name for the return.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_reference: Option<String>,
    /// All of the payment.
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

impl From<&SuspenseRelease> for SuspenseReleaseView {
    fn from(release: &SuspenseRelease) -> Self {
        let (state, decided) = (&release.state, release.state.decided());
        Self {
            id: release.id,
            gateway: release.gateway,
            payment_reference: release.payment.clone(),
            outcome: release.outcome.name(),
            account_id: release.outcome.account(),
            return_reference: release.outcome.return_reference().map(str::to_owned),
            amount_rupiah: release.amount,
            reason: release.reason.clone(),
            maker: release.maker,
            state: state.name(),
            checker: decided.map(|(_, by)| by),
            decided_at: decided.map(|(at, _)| at),
            rejection_reason: state.rejection_reason().map(str::to_owned),
            journal_id: state.journal(),
            created_at: release.proposed_at,
        }
    }
}
