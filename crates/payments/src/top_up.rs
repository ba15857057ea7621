use std::fmt;

use event_log::Actor;
use primitives::{AccountId, Invalid, JournalId, Rupiah, Timestamp, TopUpId};

/// Money that came into a wallet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopUp {
    /// Identity.
    pub id: TopUpId,
    /// Whose wallet.
    pub account: AccountId,
    /// Through which gateway.
    pub gateway: String,
    /// How much.
    pub amount: Rupiah,
    /// Why, in the maker's words.
    pub reason: String,
    /// Who recorded it.
    pub maker: Maker,
    /// The journal by which the gateway's money reached us.
    pub received: JournalId,
    /// The journal by which it reached the wallet.
    pub credited: JournalId,
    /// When.
    pub created_at: Timestamp,
}

/// Money that is to come into a wallet.
#[derive(Debug, Clone)]
pub struct NewTopUp {
    /// Who records it.
    pub maker: Maker,
    /// Whose wallet.
    pub account: AccountId,
    /// How much: 1 – 50,000,000.
    pub amount: Rupiah,
    /// Why.
    pub reason: String,
}

/// Who records money that came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Maker {
    /// A member of staff.
    Staff(AccountId),
    /// Somebody on the host.
    CommandLine,
}

impl Maker {
    pub(crate) fn parse(word: &str) -> Result<Self, Invalid> {
        if word == "command_line" {
            Ok(Self::CommandLine)
        } else {
            AccountId::parse(word).map(Self::Staff)
        }
    }
}

impl fmt::Display for Maker {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Staff(account) => account.fmt(formatter),
            Self::CommandLine => formatter.write_str("command_line"),
        }
    }
}

impl From<Maker> for Actor {
    fn from(maker: Maker) -> Self {
        match maker {
            Maker::Staff(account) => Self::Account(account),
            Maker::CommandLine => Self::CommandLine,
        }
    }
}
