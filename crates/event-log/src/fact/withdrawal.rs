use primitives::{AccountId, Rupiah, WithdrawalId};
use serde::{Deserialize, Serialize};

/// Money left a wallet, on its way to an account of its holder's elsewhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WithdrawalRequested {
    /// The withdrawal.
    pub withdrawal: WithdrawalId,
    /// Whose wallet.
    pub account: AccountId,
    /// Through which bank or electronic wallet.
    pub channel: String,
    /// What is to arrive.
    pub amount_rupiah: Rupiah,
    /// What the wallet gave on top.
    pub fee_rupiah: Rupiah,
    /// The ledger's journal.
    pub journal: String,
}

/// A withdrawal went on its way, or came to its end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WithdrawalProgressed {
    /// The withdrawal.
    pub withdrawal: WithdrawalId,
    /// Where it stands from now on.
    pub state: String,
    /// A person has to look into it.
    pub escalated: bool,
    /// The journal of its end, or of the money's way back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub journal: Option<String>,
}
