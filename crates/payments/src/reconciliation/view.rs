use primitives::{AccountId, ReconciliationId, Rupiah, Timestamp, TopUpId, WithdrawalId};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    DifferenceCause, DifferenceExplanation, Direction, ExplainedItem, GatewayStanding,
    MatchOutcome, ReadFailure, Reconciliation, ReconciliationState, ReconciliationStateName,
    ReconciliationTally,
};
use crate::{error::PAYOUTS_QUARANTINED, gateway::GatewayName, quarantine::Quarantine};

/// One comparison of our withdrawals and what came in with a gateway's own book.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ReconciliationView {
    /// Identity.
    pub id: ReconciliationId,
    /// Whose book.
    pub gateway: GatewayName,
    /// Where it stands.
    pub state: ReconciliationStateName,
    /// The first moment that is compared.
    pub from: Timestamp,
    /// The first moment after it.
    pub until: Timestamp,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// By whom: an account, a worker or the command line.
    pub requested_by: String,
    /// When it came to its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// What came of the payouts, if both books were compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payouts: Option<ReconciliationTally>,
    /// What came of the payments that came in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incoming: Option<ReconciliationTally>,
    /// Why the gateway's book could not be read, if it could not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<ReadFailure>,
}

impl From<&Reconciliation> for ReconciliationView {
    fn from(it: &Reconciliation) -> Self {
        let (ended_at, failure) = match it.state {
            ReconciliationState::Open { .. } => (None, None),
            ReconciliationState::Finished { at, .. } => (Some(at), None),
            ReconciliationState::Failed { at, failure } => (Some(at), Some(failure)),
        };
        Self {
            id: it.id,
            gateway: it.gateway,
            state: it.state.name(),
            from: it.period.from,
            until: it.period.until,
            created_at: it.requested_at,
            requested_by: it.requested_by.clone(),
            ended_at,
            payouts: it.state.tally().copied(),
            incoming: it.state.incoming().copied(),
            failure,
        }
    }
}

/// One payout, or one payment that came in, in the two books.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ReconciliationItemView {
    /// Which of the two.
    pub direction: Direction,
    /// The gateway's own name for it; the withdrawal's id where the gateway has none.
    pub subject: String,
    /// How the books stand to each other.
    pub outcome: MatchOutcome,
    /// The withdrawal, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawal_id: Option<WithdrawalId>,
    /// The top-up, if it is one of ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_up_id: Option<TopUpId>,
    /// What moved by our books, or is to move.
    pub ours_rupiah: Rupiah,
    /// What left by the gateway's book.
    pub theirs_out_rupiah: Rupiah,
    /// What came in by the gateway's book.
    pub theirs_in_rupiah: Rupiah,
    /// What of it went back again.
    pub theirs_back_rupiah: Rupiah,
    /// Since when.
    pub happened_at: Timestamp,
    /// How old that was when the page was made.
    pub age_seconds: i64,
    /// Somebody has to look into it, and nobody has explained it.
    pub open: bool,
    /// What a person has found out about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<DifferenceExplanationView>,
}

impl ReconciliationItemView {
    /// The payout as it looks at this moment.
    pub fn new((item, explanation): &ExplainedItem, now: Timestamp) -> Self {
        Self {
            subject: item.subject.clone(),
            outcome: item.outcome,
            direction: item.direction,
            withdrawal_id: item.withdrawal,
            top_up_id: item.charge,
            theirs_in_rupiah: Rupiah::new(item.theirs_in),
            ours_rupiah: Rupiah::new(item.ours),
            theirs_out_rupiah: Rupiah::new(item.theirs_out),
            theirs_back_rupiah: Rupiah::new(item.theirs_back),
            happened_at: item.at,
            age_seconds: now.seconds_since(item.at),
            open: item.suspense && explanation.is_none(),
            explanation: explanation.as_ref().map(DifferenceExplanationView::from),
        }
    }
}

/// What a person has found out about a difference: who, when, why, what.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DifferenceExplanationView {
    /// Who.
    pub explained_by: AccountId,
    /// When.
    pub explained_at: Timestamp,
    /// Why.
    pub reason: String,
    /// What.
    pub cause: DifferenceCause,
}

impl From<&DifferenceExplanation> for DifferenceExplanationView {
    fn from(said: &DifferenceExplanation) -> Self {
        Self {
            explained_by: said.by,
            explained_at: said.at,
            reason: said.reason.clone(),
            cause: said.cause,
        }
    }
}

/// How a gateway stands to us, as far as our own books tell.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct GatewayView {
    /// Which.
    pub gateway: GatewayName,
    /// Why nothing is sent through it: `payouts_quarantined`; absent while all is well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<&'static str>,
    /// Since when, and from when on its book has to be accounted for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quarantine: Option<QuarantineView>,
    /// The last comparison that came to its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_reconciliation: Option<ReconciliationView>,
    /// The differences in it that somebody has to look into and nobody has explained.
    pub open_differences: usize,
    /// What it should hold for us: what came in less what arrived elsewhere.
    pub held_rupiah: Rupiah,
    /// What is on its way out.
    pub clearing_rupiah: Rupiah,
    /// What it has kept for its services and not given back, as far as its statements have shown.
    pub fees_rupiah: Rupiah,
}

/// Nothing is sent until the gateway's book is accounted for.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct QuarantineView {
    /// Up to here our memory reaches.
    pub since: Timestamp,
    /// When it was noticed that it reaches no further.
    pub begun_at: Timestamp,
}

impl From<&Quarantine> for QuarantineView {
    fn from(quarantine: &Quarantine) -> Self {
        Self { since: quarantine.since, begun_at: quarantine.begun_at }
    }
}

impl From<&GatewayStanding> for GatewayView {
    fn from(standing: &GatewayStanding) -> Self {
        Self {
            gateway: standing.gateway,
            problem: standing.quarantine.map(|_| PAYOUTS_QUARANTINED.code),
            quarantine: standing.quarantine.as_ref().map(QuarantineView::from),
            last_reconciliation: standing.last.as_ref().map(ReconciliationView::from),
            open_differences: standing.open_differences,
            held_rupiah: standing.held,
            clearing_rupiah: standing.clearing,
            fees_rupiah: standing.fees,
        }
    }
}
