use primitives::{AccountId, AdjustmentId, PaymentId, PickupId, Rupiah, TopUpId};
use serde::{Deserialize, Serialize};

/// The collector says that he paid cash.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PaymentClaimed {
    /// The payment.
    pub payment: PaymentId,
    /// For which job.
    pub pickup: PickupId,
    /// How much.
    pub amount_rupiah: Rupiah,
}

/// The household says that it received nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PaymentDenied {
    /// The payment.
    pub payment: PaymentId,
    /// For which job.
    pub pickup: PickupId,
}

/// The household has not said for 48 hours whether the cash arrived: staff should ask.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PaymentUnanswered {
    /// The payment.
    pub payment: PaymentId,
    /// For which job.
    pub pickup: PickupId,
}

/// Somebody says that the cash went another way; staff decide.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PaymentDisputed {
    /// The payment.
    pub payment: PaymentId,
    /// For which job.
    pub pickup: PickupId,
    /// `household` or `collector`.
    pub by: String,
}

/// Staff decided whether the cash arrived.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PaymentDisputeResolved {
    /// The payment.
    pub payment: PaymentId,
    /// For which job.
    pub pickup: PickupId,
    /// `received` or `not_received`.
    pub outcome: String,
}

/// Both sides agree, or the wallet moved: settled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PaymentSettled {
    /// The payment.
    pub payment: PaymentId,
    /// For which job.
    pub pickup: PickupId,
    /// `cash` or `wallet`.
    pub method: String,
    /// How much.
    pub amount_rupiah: Rupiah,
    /// The ledger's journal.
    pub journal: String,
}

/// Money came into a wallet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToppedUp {
    /// The top-up.
    pub top_up: TopUpId,
    /// Whose wallet.
    pub account: AccountId,
    /// How much.
    pub amount_rupiah: Rupiah,
    /// Who recorded it.
    pub maker: String,
}

/// Staff want to put a wallet right; nothing has moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdjustmentProposed {
    /// The adjustment.
    pub adjustment: AdjustmentId,
    /// Whose wallet.
    pub account: AccountId,
    /// What comes in, or, negative, goes out.
    pub amount_rupiah: Rupiah,
}

/// Somebody else of the staff released it: the money has moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdjustmentApproved {
    /// The adjustment.
    pub adjustment: AdjustmentId,
    /// The ledger's journal.
    pub journal: String,
}

/// Somebody else of the staff refused it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdjustmentRejected {
    /// The adjustment.
    pub adjustment: AdjustmentId,
}
