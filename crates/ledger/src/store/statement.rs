use database::{Connection, DatabaseError};
use diesel::prelude::*;
use primitives::Timestamp;

use super::{JournalRow, LINK, LinkRow, account_number, entry_of};
use crate::{
    journal::Entry,
    rules::Balance,
    schema::{journal, posting},
};

/// Where the account stood after its last link from before the moment.
pub(crate) fn balance_before(
    conn: &mut Connection,
    name: &str,
    moment: Timestamp,
) -> Result<Balance, DatabaseError> {
    let Some(number) = account_number(conn, name)? else { return Ok(Balance::default()) };
    let last: Option<LinkRow> = posting::table
        .inner_join(journal::table)
        .filter(posting::account.eq(number))
        .filter(journal::created_at.lt(moment.micros()))
        .order(posting::version.desc())
        .select(LINK)
        .first(conn)
        .optional()?;
    Ok(last.map(|row| Balance::from(&row)).unwrap_or_default())
}

/// Links of a chain, oldest first: those after the one version, up to the other.
pub(crate) fn entries_between(
    conn: &mut Connection,
    name: &str,
    after: i64,
    up_to: i64,
) -> Result<Vec<Entry>, DatabaseError> {
    let Some(number) = account_number(conn, name)? else { return Ok(Vec::new()) };
    let rows: Vec<(LinkRow, JournalRow)> = posting::table
        .inner_join(journal::table)
        .filter(posting::account.eq(number))
        .filter(posting::version.gt(after).and(posting::version.le(up_to)))
        .order(posting::version)
        .select((LINK, journal::all_columns))
        .load(conn)?;
    rows.into_iter().map(|(link, journal)| entry_of(link, journal)).collect()
}
