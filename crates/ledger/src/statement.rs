use database::{Connection, DatabaseError};
use primitives::Timestamp;

use crate::{AccountName, journal::Entry, rules::Balance, store};

/// What happened on an account within a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Where it stood at the beginning.
    pub opening: Balance,
    /// Every link of the period, oldest first, without a gap.
    pub entries: Vec<Entry>,
    /// Where it stood at the end.
    pub closing: Balance,
}

/// The account's links from `from` until before `until`.
///
/// The period is cut between two links, not by each link's own clock: it begins after the last link from before
/// `from`, so that periods which follow each other share no link and lose none, whatever the clocks did.
pub fn statement_in(
    conn: &mut Connection,
    account: &AccountName,
    from: Timestamp,
    until: Timestamp,
) -> Result<Statement, DatabaseError> {
    let name = account.to_string();
    let opening = store::balance_before(conn, &name, from)?;
    let closing = store::balance_before(conn, &name, until)?;
    let entries = store::entries_between(conn, &name, opening.version, closing.version)?;
    Ok(Statement { opening, entries, closing })
}
