use std::collections::BTreeMap;

use database::{Connection, DatabaseError};
use diesel::{dsl::exists, prelude::*, select};
use primitives::JournalId;

use crate::schema::{journal, ledger_account, posting, refund};

pub(crate) fn insert_refund(
    conn: &mut Connection,
    seq: i64,
    original: JournalId,
) -> Result<(), DatabaseError> {
    let original = journal::table.filter(journal::id.eq(original.to_string()));
    let original: i64 = original.select(journal::seq).first(conn)?;
    diesel::insert_into(refund::table)
        .values((refund::journal.eq(seq), refund::original.eq(original)))
        .execute(conn)?;
    Ok(())
}

/// Whether the journal gives another one back.
pub(crate) fn is_refund(conn: &mut Connection, id: JournalId) -> Result<bool, DatabaseError> {
    let found = refund::table
        .inner_join(journal::table.on(journal::seq.eq(refund::journal)))
        .filter(journal::id.eq(id.to_string()));
    Ok(select(exists(found)).get_result(conn)?)
}

/// Whether the journal was taken back as a whole.
pub(crate) fn is_reversed(conn: &mut Connection, id: JournalId) -> Result<bool, DatabaseError> {
    let found = journal::table.filter(journal::reverses.eq(id.to_string()));
    Ok(select(exists(found)).get_result(conn)?)
}

/// What all refunds of a journal moved, by account.
pub(crate) fn refunded(
    conn: &mut Connection,
    id: JournalId,
) -> Result<BTreeMap<String, i64>, DatabaseError> {
    let rows: Vec<(String, i64)> = refund::table
        .inner_join(journal::table.on(journal::seq.eq(refund::original)))
        .inner_join(posting::table.on(posting::journal.eq(refund::journal)))
        .inner_join(ledger_account::table.on(ledger_account::id.eq(posting::account)))
        .filter(journal::id.eq(id.to_string()))
        .select((ledger_account::name, posting::delta))
        .load(conn)?;
    let mut sums: BTreeMap<String, i64> = BTreeMap::new();
    for (account, delta) in rows {
        let sum = sums.entry(account).or_default();
        *sum = sum.saturating_add(delta);
    }
    Ok(sums)
}
