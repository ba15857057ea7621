use std::fmt;

use primitives::{AccountId, EventId, Invalid, RegionCode, Timestamp};

use crate::Fact;

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A signed-in person.
    Account(AccountId),
    /// A worker of ours, by name.
    Worker(&'static str),
    /// Somebody on the host.
    CommandLine,
}

impl fmt::Display for Actor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(account) => account.fmt(formatter),
            Self::Worker(name) => write!(formatter, "worker:{name}"),
            Self::CommandLine => formatter.write_str("command-line"),
        }
    }
}

/// Something about to be appended.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Who did it.
    pub actor: Actor,
    /// The smallest region it concerns, for readers that serve one region.
    pub region: Option<RegionCode>,
    /// When it happened, by the clock of whoever did it.
    pub occurred_at: Timestamp,
    /// What happened.
    pub fact: Fact,
}

/// Something that happened, numbered and chained.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Its identity; readers act at most once per id.
    pub id: EventId,
    /// Its place in the log: 1, 2, 3 … without gaps.
    pub seq: i64,
    /// The thing it happened to.
    pub subject: String,
    /// The smallest region it concerns.
    pub region: Option<RegionCode>,
    /// Who did it: an account id, `worker:<name>` or `command-line`.
    pub actor: String,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When it was written down.
    pub created_at: Timestamp,
    /// What happened.
    pub fact: Fact,
    /// The chain's hash up to and including this event, in hexadecimal.
    pub hash: String,
}

/// An event's place in the chain. Its hash covers the event and everything before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// 1, 2, 3 … without gaps.
    pub seq: i64,
    /// The chain's hash up to and including this event, in hexadecimal.
    pub hash: String,
}

impl Event {
    /// The account that did it, if a person did.
    pub fn account(&self) -> Result<AccountId, Invalid> {
        AccountId::parse(&self.actor)
    }
}
