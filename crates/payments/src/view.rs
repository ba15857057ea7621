mod adjustment;
mod dispute;
mod passbook;
mod receipt;
mod statement_csv;
mod wallet;

use primitives::{JournalId, PaymentId, PickupId, Rupiah, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

pub use adjustment::AdjustmentView;
pub use dispute::{CashDisputeView, OpenCashDisputeView};
pub use passbook::PassbookView;
pub use receipt::{ChainView, ReceiptView};
pub(crate) use statement_csv::statement_csv;
pub use wallet::{EntryView, TopUpView, WalletView};

use crate::{Dispute, Method, Payment, PaymentState, PaymentStateName, Settlement};

/// A payment as both of its sides see it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PaymentView {
    /// Identity.
    pub id: PaymentId,
    /// For which job.
    pub pickup_id: PickupId,
    /// How.
    pub method: Method,
    /// Where it stands.
    pub state: PaymentStateName,
    /// How much.
    pub amount_rupiah: Rupiah,
    /// When the collector said that he paid.
    pub claimed_at: Timestamp,
    /// Since when staff know that it is disputed, or that the household has not answered in time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flagged_at: Option<Timestamp>,
    /// When both agreed, or the wallets moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled_at: Option<Timestamp>,
    /// When the household said that nothing arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub denied_at: Option<Timestamp>,
    /// The ledger's journal of a settled payment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub journal_id: Option<JournalId>,
    /// What is or was disputed about it; the open or the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dispute: Option<CashDisputeView>,
}

impl PaymentView {
    /// The payment with what is disputed about it.
    pub fn of(payment: &Payment, dispute: Option<&Dispute>) -> Self {
        Self { dispute: dispute.map(CashDisputeView::from), ..Self::from(payment) }
    }
}

impl From<&Payment> for PaymentView {
    fn from(payment: &Payment) -> Self {
        let known = Self {
            id: payment.id,
            pickup_id: payment.pickup,
            method: payment.method,
            state: payment.state.name(),
            amount_rupiah: payment.amount,
            claimed_at: payment.claimed_at,
            flagged_at: None,
            settled_at: None,
            denied_at: None,
            journal_id: None,
            dispute: None,
        };
        match payment.state {
            PaymentState::Pending { flagged_at } => Self { flagged_at, ..known },
            PaymentState::Settled(Settlement { at, journal }) => {
                Self { settled_at: Some(at), journal_id: Some(journal), ..known }
            }
            PaymentState::Failed { denied_at } => Self { denied_at: Some(denied_at), ..known },
        }
    }
}
