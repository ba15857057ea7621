use primitives::{JournalId, Timestamp};

use crate::AccountName;

/// A journal that is to be posted.
#[derive(Debug, Clone)]
pub struct NewJournal {
    /// What sort of business it is: `settlement`, `top-up`, …
    pub kind: &'static str,
    /// The name of this very piece of business; it can be on the books once.
    pub business_key: String,
    /// What moves; sums to zero in each unit.
    pub lines: Vec<Line>,
}

/// One movement of a journal that is to be posted.
#[derive(Debug, Clone)]
pub struct Line {
    /// Whose account.
    pub account: AccountName,
    /// What is added (or, negative, taken), in the account's unit.
    pub delta: i64,
}

impl Line {
    /// A movement on an account.
    pub const fn new(account: AccountName, delta: i64) -> Self {
        Self { account, delta }
    }
}

/// A journal on the books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Journal {
    /// Its identity.
    pub id: JournalId,
    /// What sort of business it is.
    pub kind: String,
    /// The name of this very piece of business.
    pub business_key: String,
    /// Which journal it undoes.
    pub reverses: Option<JournalId>,
    /// When it was posted.
    pub created_at: Timestamp,
    /// What moved, ordered by account name.
    pub postings: Vec<Posting>,
    /// SHA-256 over all of the above and over the journals before it on each account.
    pub hash: String,
}

/// One link in the chain of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// The account's name.
    pub account: String,
    /// The account's unit.
    pub unit: String,
    /// The place in the account's chain, from 1.
    pub version: i64,
    /// What was added or taken.
    pub delta: i64,
    /// What was set aside or released.
    pub held_delta: i64,
    /// The balance after this link.
    pub balance_after: i64,
    /// What is set aside after this link.
    pub held_after: i64,
}

/// One link of an account's chain as its holder reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The place in the account's chain, from 1.
    pub version: i64,
    /// The journal that moved it.
    pub journal: JournalId,
    /// What sort of business it was.
    pub kind: String,
    /// The name of that piece of business.
    pub business_key: String,
    /// What was added or taken.
    pub delta: i64,
    /// What was set aside or released.
    pub held_delta: i64,
    /// The balance afterwards.
    pub balance_after: i64,
    /// What was set aside afterwards.
    pub held_after: i64,
    /// When.
    pub created_at: Timestamp,
}
