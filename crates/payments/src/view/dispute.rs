use primitives::{PaymentId, PhotoId, PickupId, Rupiah, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{CashOutcome, Closing, Dispute, Opener, Payment};

/// What is disputed about cash, as both sides and staff see it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CashDisputeView {
    /// Who opened it.
    pub opened_by: Opener,
    /// Since when.
    pub opened_at: Timestamp,
    /// In a few words; `unanswered` when the house opened it.
    pub reason: String,
    /// The whole story.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What it looked like; the pictures are below `dispute/photos` of the payment, for both sides, and for staff while
    /// they have to decide.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub photo_ids: Vec<PhotoId>,
    /// Until when staff should have decided.
    pub decide_by: Timestamp,
    /// When the household's answer or a ruling ended it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
    /// How staff decided, if they had to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<CashOutcome>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome_reason: Option<String>,
}

impl From<&Dispute> for CashDisputeView {
    fn from(dispute: &Dispute) -> Self {
        let open = Self {
            opened_by: dispute.opened_by,
            opened_at: dispute.opened_at,
            reason: dispute.reason.clone(),
            detail: dispute.detail.clone(),
            photo_ids: dispute.photos.clone(),
            decide_by: dispute.decide_by,
            closed_at: None,
            outcome: None,
            outcome_reason: None,
        };
        match &dispute.closing {
            None => open,
            Some(Closing::Answered { at }) => Self { closed_at: Some(*at), ..open },
            Some(Closing::Ruled { at, ruling, .. }) => Self {
                closed_at: Some(*at),
                outcome: Some(ruling.outcome),
                outcome_reason: Some(ruling.reason.clone()),
                ..open
            },
        }
    }
}

/// An open dispute on the desk of staff: figures and words, neither homes nor names.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct OpenCashDisputeView {
    /// The payment to decide about.
    pub payment_id: PaymentId,
    /// The job that it pays.
    pub pickup_id: PickupId,
    /// How much is said to have been paid.
    pub amount_rupiah: Rupiah,
    /// When the collector said that he paid.
    pub claimed_at: Timestamp,
    /// What it is about.
    pub dispute: CashDisputeView,
    /// The deadline has passed.
    pub overdue: bool,
}

impl OpenCashDisputeView {
    /// As it looks at that moment.
    pub fn at(now: Timestamp, payment: &Payment, dispute: &Dispute) -> Self {
        Self {
            payment_id: payment.id,
            pickup_id: payment.pickup,
            amount_rupiah: payment.amount,
            claimed_at: payment.claimed_at,
            dispute: CashDisputeView::from(dispute),
            overdue: dispute.decide_by < now,
        }
    }
}
