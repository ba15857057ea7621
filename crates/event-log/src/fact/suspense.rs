use primitives::{AccountId, Rupiah, SuspenseReleaseId};
use serde::{Deserialize, Serialize};

/// Staff want to end what waits in a gateway's suspense; nothing has moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SuspenseReleaseProposed {
    /// The release.
    pub release: SuspenseReleaseId,
    /// Whose suspense.
    pub gateway: String,
    /// The gateway's own name for the payment.
    pub payment: String,
    /// Whose wallet it is for; none when the gateway has given it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// All of the payment.
    pub amount_rupiah: Rupiah,
}

/// Somebody else of the staff released it: the money has moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SuspenseReleaseApproved {
    /// The release.
    pub release: SuspenseReleaseId,
    /// The ledger's journal.
    pub journal: String,
}

/// Somebody else of the staff refused it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SuspenseReleaseRejected {
    /// The release.
    pub release: SuspenseReleaseId,
}
