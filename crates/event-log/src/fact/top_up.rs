use primitives::{AccountId, Rupiah, TopUpId};
use serde::{Deserialize, Serialize};

/// Somebody wants to bring money into his wallet through a gateway; nothing has moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TopUpRequested {
    /// The top-up.
    pub top_up: TopUpId,
    /// Whose wallet.
    pub account: AccountId,
    /// At which bank, or by QRIS.
    pub channel: String,
    /// How much.
    pub amount_rupiah: Rupiah,
}

/// A top-up can be paid, or came to its end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TopUpProgressed {
    /// The top-up.
    pub top_up: TopUpId,
    /// Where it stands from now on.
    pub state: String,
    /// A person has to look into it.
    pub escalated: bool,
}

/// A payment came in that fits no top-up, or fits one again: it waits in suspense for a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TopUpSuspended {
    /// The top-up for which it came in.
    pub top_up: TopUpId,
    /// How much came in.
    pub amount_rupiah: Rupiah,
    /// The journal by which it went to the suspense.
    pub journal: String,
}

/// Staff want the gateway to be asked at once what became of a top-up; nothing has moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TopUpHurried {
    /// The top-up.
    pub top_up: TopUpId,
}

/// Staff have looked into a top-up and wait for nothing more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TopUpClosed {
    /// The top-up.
    pub top_up: TopUpId,
    /// Where it stands from now on.
    pub state: String,
}
