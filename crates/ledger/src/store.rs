mod family;
mod functions;
mod hold;
mod position;
mod record;
mod refund;
mod statement;

use database::{Connection, DatabaseError};
use diesel::{
    dsl::{count_star, max},
    prelude::*,
};
use primitives::{JournalId, Timestamp};

use crate::{
    journal::{Entry, Journal, Posting},
    rules::{Account, Balance},
    schema::{journal, journal_seal, ledger_account, posting},
};

pub(crate) use family::balances_under;
pub(crate) use hold::{StoredHold, due_holds, find_hold, insert_hold, insert_outcome};
pub(crate) use position::{Look, Position, lock_and_look};
pub(crate) use record::{insert_journal, seal};
pub(crate) use refund::{insert_refund, is_refund, is_reversed, refunded};
pub(crate) use statement::{balance_before, entries_between};

#[derive(Queryable)]
struct JournalRow {
    seq: i64,
    id: String,
    kind: String,
    business_key: String,
    reverses: Option<String>,
    created_at: i64,
}

#[derive(Queryable, Clone)]
struct LinkRow {
    version: i64,
    delta: i64,
    held_delta: i64,
    balance_after: i64,
    held_after: i64,
}

/// The columns of a [`LinkRow`].
const LINK: (
    posting::version,
    posting::delta,
    posting::held_delta,
    posting::balance_after,
    posting::held_after,
) = (
    posting::version,
    posting::delta,
    posting::held_delta,
    posting::balance_after,
    posting::held_after,
);

impl From<&LinkRow> for Balance {
    fn from(row: &LinkRow) -> Self {
        Self { balance: row.balance_after, held: row.held_after, version: row.version }
    }
}

pub(crate) fn account_number(
    conn: &mut Connection,
    name: &str,
) -> Result<Option<i64>, DatabaseError> {
    let found = ledger_account::table.filter(ledger_account::name.eq(name));
    Ok(found.select(ledger_account::id).get_result(conn).optional()?)
}

/// Where the account stands: its last link, or nothing at all.
pub(crate) fn balance(conn: &mut Connection, name: &str) -> Result<Balance, DatabaseError> {
    let links = diesel::alias!(posting as chain);
    let (account, version) = links.fields((posting::account, posting::version));
    let newest = links.filter(account.eq(ledger_account::id)).select(max(version)).single_value();
    let last: Option<LinkRow> = posting::table
        .inner_join(ledger_account::table)
        .filter(ledger_account::name.eq(name))
        .filter(posting::version.nullable().eq(newest))
        .select(LINK)
        .get_result(conn)
        .optional()?;
    Ok(last.map(|row| Balance::from(&row)).unwrap_or_default())
}

pub(crate) fn journal_by_id(
    conn: &mut Connection,
    id: JournalId,
) -> Result<Option<Journal>, DatabaseError> {
    let row = journal::table.filter(journal::id.eq(id.to_string())).get_result(conn).optional()?;
    row.map(|row| complete(conn, row)).transpose()
}

pub(crate) fn journal_by_key(
    conn: &mut Connection,
    business_key: &str,
) -> Result<Option<Journal>, DatabaseError> {
    let row = journal::table
        .filter(journal::business_key.eq(business_key))
        .get_result(conn)
        .optional()?;
    row.map(|row| complete(conn, row)).transpose()
}

/// Which journal is on the books for this piece of business.
pub(crate) fn journal_id_by_key(
    conn: &mut Connection,
    business_key: &str,
) -> Result<Option<JournalId>, DatabaseError> {
    let found = journal::table.filter(journal::business_key.eq(business_key));
    let id: Option<String> = found.select(journal::id).get_result(conn).optional()?;
    id.as_deref().map(parse_journal).transpose()
}

pub(crate) fn count_of_kind(conn: &mut Connection, kind: &str) -> Result<i64, DatabaseError> {
    Ok(journal::table.filter(journal::kind.eq(kind)).select(count_star()).first(conn)?)
}

fn complete(conn: &mut Connection, row: JournalRow) -> Result<Journal, DatabaseError> {
    let mut postings: Vec<Posting> = postings_of(conn, row.seq)?;
    postings.sort_by(|a, b| a.account.cmp(&b.account));
    let hash = journal_seal::table.find(row.seq).select(journal_seal::hash).get_result(conn)?;
    Ok(Journal {
        id: parse_journal(&row.id)?,
        kind: row.kind,
        business_key: row.business_key,
        reverses: row.reverses.as_deref().map(parse_journal).transpose()?,
        created_at: Timestamp::from_micros(row.created_at),
        postings,
        hash,
    })
}

fn postings_of(conn: &mut Connection, seq: i64) -> Result<Vec<Posting>, DatabaseError> {
    let rows: Vec<(LinkRow, (String, String))> = posting::table
        .inner_join(ledger_account::table)
        .filter(posting::journal.eq(seq))
        .select((LINK, (ledger_account::name, ledger_account::unit)))
        .load(conn)?;
    Ok(rows.into_iter().map(|(row, (name, unit))| link_of(&row, name, unit)).collect())
}

fn link_of(row: &LinkRow, account: String, unit: String) -> Posting {
    Posting {
        account,
        unit,
        version: row.version,
        delta: row.delta,
        held_delta: row.held_delta,
        balance_after: row.balance_after,
        held_after: row.held_after,
    }
}

fn parse_journal(text: &str) -> Result<JournalId, DatabaseError> {
    JournalId::parse(text).map_err(|invalid| DatabaseError::corrupt("journal", text, invalid))
}

pub(crate) fn account(conn: &mut Connection, name: &str) -> Result<Option<Account>, DatabaseError> {
    let found = ledger_account::table.filter(ledger_account::name.eq(name));
    let columns = (ledger_account::name, ledger_account::unit, ledger_account::floor);
    let row: Option<(String, String, Option<i64>)> =
        found.select(columns).get_result(conn).optional()?;
    Ok(row.map(|(name, unit, floor)| Account { name, unit, floor }))
}

/// Links of a chain, newest first, before the given version.
pub(crate) fn entries(
    conn: &mut Connection,
    name: &str,
    before_version: i64,
    limit: i64,
) -> Result<Vec<Entry>, DatabaseError> {
    let Some(number) = account_number(conn, name)? else { return Ok(Vec::new()) };
    let rows: Vec<(LinkRow, JournalRow)> = posting::table
        .inner_join(journal::table)
        .filter(posting::account.eq(number))
        .filter(posting::version.lt(before_version))
        .order(posting::version.desc())
        .limit(limit)
        .select((LINK, journal::all_columns))
        .load(conn)?;
    rows.into_iter().map(|(link, journal)| entry_of(link, journal)).collect()
}

fn entry_of(link: LinkRow, journal: JournalRow) -> Result<Entry, DatabaseError> {
    Ok(Entry {
        version: link.version,
        journal: parse_journal(&journal.id)?,
        kind: journal.kind,
        business_key: journal.business_key,
        delta: link.delta,
        held_delta: link.held_delta,
        balance_after: link.balance_after,
        held_after: link.held_after,
        created_at: Timestamp::from_micros(journal.created_at),
    })
}
