//! The hash chain over numbered events.

use data_encoding::HEXLOWER;
use database::{Connection, DatabaseError, at_one_moment};
use sha2::{Digest, Sha256};

use crate::store::{self, EventRow};

/// Keeps these hashes apart from every other use of SHA-256.
const DOMAIN: &[u8] = b"jumpa-madu event v1";
/// Rows read at a time while verifying.
const PAGE: i64 = 2_000;

/// What a clean walk found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedChain {
    /// Events walked; also the last number.
    pub events: i64,
    /// The hash of the last one.
    pub head: String,
}

/// The first thing that is wrong with the log.
#[derive(Debug, thiserror::Error)]
pub enum ChainFault {
    /// A number is missing or out of order.
    #[error("event {expected} is missing; the next one is {found}")]
    Gap {
        /// The number that should come.
        expected: i64,
        /// The number that came.
        found: i64,
    },
    /// A row is not what was chained.
    #[error("event {seq} ({id}) does not match its hash")]
    Altered {
        /// Its number.
        seq: i64,
        /// Its id.
        id: String,
    },
    /// A row names another predecessor.
    #[error("event {seq} ({id}) does not follow its predecessor")]
    Unlinked {
        /// Its number.
        seq: i64,
        /// Its id.
        id: String,
    },
    /// The log is shorter or longer than its recorded end.
    #[error("the chain should end at event {expected} but ends at {found}")]
    WrongEnd {
        /// The recorded end.
        expected: i64,
        /// The end found.
        found: i64,
    },
    /// The log could not be read.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<diesel::result::Error> for ChainFault {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}

/// Walks the whole chain as it stands at one moment; `progress` is told the number of events walked so far.
pub fn verify(
    connection: &mut Connection,
    progress: impl FnMut(i64),
) -> Result<VerifiedChain, ChainFault> {
    at_one_moment(connection, |connection| walk(connection, progress))
}

fn walk(
    connection: &mut Connection,
    mut progress: impl FnMut(i64),
) -> Result<VerifiedChain, ChainFault> {
    let end = store::chain_end(connection)?;
    let (mut seq, mut hash) = (0, store::GENESIS.to_owned());
    loop {
        let rows = store::rows_after(connection, seq, PAGE)?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            (seq, hash) = follow(row, seq, &hash)?;
        }
        progress(seq);
    }
    if (seq, &hash) != (end.seq, &end.hash) {
        return Err(ChainFault::WrongEnd { expected: end.seq, found: seq });
    }
    Ok(VerifiedChain { events: seq, head: hash })
}

fn follow(row: &EventRow, before: i64, previous: &str) -> Result<(i64, String), ChainFault> {
    let (seq, id) = (row.seq.unwrap_or_default(), row.id.clone());
    if seq != before + 1 {
        return Err(ChainFault::Gap { expected: before + 1, found: seq });
    }
    if row.prev_hash.as_deref() != Some(previous) {
        return Err(ChainFault::Unlinked { seq, id });
    }
    let hash = link(previous, seq, row);
    if row.hash.as_deref() != Some(hash.as_str()) {
        return Err(ChainFault::Altered { seq, id });
    }
    Ok((seq, hash))
}

/// SHA-256 over the domain, the previous hash and every field with its length before it.
pub(crate) fn link(previous: &str, seq: i64, row: &EventRow) -> String {
    let mut hasher = Sha256::new_with_prefix(DOMAIN);
    let numbers = [seq, row.occurred_at, row.created_at].map(|number| number.to_string());
    let texts = [
        previous,
        &row.id,
        &row.kind,
        &row.subject,
        row.region.as_deref().unwrap_or(""),
        &row.actor,
        &row.body,
    ];
    for field in texts.into_iter().chain(numbers.iter().map(String::as_str)) {
        hasher.update(u64::try_from(field.len()).unwrap_or(u64::MAX).to_be_bytes());
        hasher.update(field.as_bytes());
    }
    HEXLOWER.encode(&hasher.finalize())
}
