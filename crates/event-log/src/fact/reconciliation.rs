use primitives::{ReconciliationId, Rupiah, Timestamp};
use serde::{Deserialize, Serialize};

/// Our withdrawals were compared with a gateway's own book. Figures only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReconciliationFinished {
    /// The comparison.
    pub reconciliation: ReconciliationId,
    /// Whose book.
    pub gateway: String,
    /// Payouts of which both books say the same.
    pub matched: i64,
    /// Payouts of which only ours tells.
    pub ours_only: i64,
    /// Payouts of which only the gateway's tells.
    pub theirs_only: i64,
    /// Payouts of which the two say different things.
    pub different_amount: i64,
    /// Differences that somebody has to look into and nobody has explained.
    pub open_differences: i64,
}

/// A person has found out what a difference was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DifferenceExplained {
    /// The comparison in which he saw it.
    pub reconciliation: ReconciliationId,
    /// Whose book.
    pub gateway: String,
    /// `by_hand`, `lost_withdrawal`, `gateway_error` or `other`.
    pub cause: String,
}

/// A gateway's statement shows what it has kept for its services, or given back of it; it is on the books now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GatewayFeesBooked {
    /// The comparison that saw it.
    pub reconciliation: ReconciliationId,
    /// Which gateway.
    pub gateway: String,
    /// All that no comparison had seen before; below zero what was given back.
    pub amount_rupiah: Rupiah,
    /// The ledger's journal.
    pub journal: String,
}

/// The database was restored: nothing is sent through the gateway until its book is accounted for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PayoutsQuarantined {
    /// Which gateway.
    pub gateway: String,
    /// Up to here our memory reaches.
    pub since: Timestamp,
}

/// The gateway's book is accounted for: payouts go out again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PayoutsReleased {
    /// Which gateway.
    pub gateway: String,
    /// By which comparison.
    pub reconciliation: ReconciliationId,
}
