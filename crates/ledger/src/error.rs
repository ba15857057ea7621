use database::{DatabaseError, UnitError};
use primitives::{HoldId, JournalId, Timestamp};

/// Why the ledger refused. Nothing was written, unless it is `Database`: then the caller's unit of work must be undone.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The journal contradicts itself: a mistake of the caller's code, not of a person.
    #[error("malformed journal: {0}")]
    Malformed(&'static str),
    /// This piece of business is on the books already.
    #[error("{business_key} is on the books as {journal}")]
    AlreadyPosted {
        /// The name of the piece of business.
        business_key: String,
        /// Under which journal it was posted.
        journal: JournalId,
    },
    /// An account would fall below its floor.
    #[error("{account} has {available} available, {needed} needed")]
    Insufficient {
        /// The account's name.
        account: String,
        /// What it could give.
        available: i64,
        /// What was asked of it.
        needed: i64,
    },
    /// An amount or a balance would leave the range of the books.
    #[error("{account} would leave the range of the books")]
    OutOfRange {
        /// The account's name.
        account: String,
    },
    /// There is no such journal.
    #[error("journal not found")]
    JournalNotFound,
    /// The journal was reversed before.
    #[error("{0} is reversed already")]
    AlreadyReversed(JournalId),
    /// A part of the journal was given back, so it can no longer be undone as a whole.
    #[error("{0} is refunded in part")]
    AlreadyRefunded(JournalId),
    /// More was to be given back than is left of what the journal moved.
    #[error("{left} is left to be refunded on {account}")]
    RefundExceeded {
        /// The account's name.
        account: String,
        /// How much is left.
        left: i64,
    },
    /// Corrections and journals that hold money are undone in other ways.
    #[error("{0} cannot be reversed")]
    NotReversible(JournalId),
    /// There is no such hold.
    #[error("hold not found")]
    HoldNotFound,
    /// The hold was settled, voided or expired before.
    #[error("{0} is closed")]
    HoldClosed(HoldId),
    /// More was to be settled than is held.
    #[error("{hold} holds {held}")]
    HoldExceeded {
        /// The hold.
        hold: HoldId,
        /// What it holds.
        held: i64,
    },
    /// The hold has not expired yet.
    #[error("{hold} runs until {until}")]
    HoldRunning {
        /// The hold.
        hold: HoldId,
        /// When it expires.
        until: Timestamp,
    },
    /// The database failed, or contradicts the books.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl UnitError for LedgerError {
    fn database(&self) -> Option<&DatabaseError> {
        match self {
            Self::Database(error) => Some(error),
            _ => None,
        }
    }
}
