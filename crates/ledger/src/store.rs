mod hold;
mod statement;

use database::{Connection, DatabaseError};
use diesel::{Connection as _, dsl::count_star, prelude::*};
use primitives::{JournalId, Timestamp};

use crate::{
    journal::{Entry, Journal, Posting},
    rules::{Account, Balance},
    schema::{journal, journal_seal, ledger_account, posting},
};

pub(crate) use hold::{Outcome, StoredHold, find_hold, insert_hold, insert_outcome};
pub(crate) use statement::{balance_before, entries_between};

#[derive(Queryable)]
struct AccountRow {
    id: i64,
    name: String,
    unit: String,
    floor: Option<i64>,
}

#[derive(Queryable)]
struct JournalRow {
    seq: i64,
    id: String,
    kind: String,
    business_key: String,
    reverses: Option<String>,
    created_at: i64,
}

#[derive(Queryable)]
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

impl From<AccountRow> for Account {
    fn from(row: AccountRow) -> Self {
        Self { name: row.name, unit: row.unit, floor: row.floor }
    }
}

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
    Ok(found.select(ledger_account::id).first(conn).optional()?)
}

/// Finds the account or opens it. Callers go through names in ascending order, so that two of them never wait for each other.
pub(crate) fn open(conn: &mut Connection, account: &Account) -> Result<i64, DatabaseError> {
    if let Some(number) = account_number(conn, &account.name)? {
        return Ok(number);
    }
    let opened = conn.transaction::<_, DatabaseError, _>(|savepoint| {
        let row: AccountRow = diesel::insert_into(ledger_account::table)
            .values((
                ledger_account::name.eq(&account.name),
                ledger_account::unit.eq(&account.unit),
                ledger_account::floor.eq(account.floor),
            ))
            .returning(ledger_account::all_columns)
            .get_result(savepoint)?;
        Ok(row.id)
    });
    match opened {
        Err(error) if error.violates("ledger_account_name_key") => {
            account_number(conn, &account.name)?.ok_or(DatabaseError::NotFound)
        }
        other => other,
    }
}

/// Makes other writers wait, where there are any: always in ascending order, so that none waits in a circle.
pub(crate) fn lock(conn: &mut Connection, numbers: &[i64]) -> Result<(), DatabaseError> {
    if let Connection::Postgres(conn) = conn {
        let _locked: Vec<i64> = ledger_account::table
            .filter(ledger_account::id.eq_any(numbers))
            .order(ledger_account::id)
            .select(ledger_account::id)
            .for_no_key_update()
            .load(conn)?;
    }
    Ok(())
}

/// The last link of an account's chain, with the hash of the journal that made it.
pub(crate) fn last_link(
    conn: &mut Connection,
    number: i64,
) -> Result<Option<(Balance, String)>, DatabaseError> {
    let last: Option<(LinkRow, String)> = posting::table
        .inner_join(journal_seal::table.on(journal_seal::seq.eq(posting::journal)))
        .filter(posting::account.eq(number))
        .order(posting::version.desc())
        .select((LINK, journal_seal::hash))
        .first(conn)
        .optional()?;
    Ok(last.map(|(row, hash)| (Balance::from(&row), hash)))
}

/// Where the account stands: its last link, or nothing at all.
pub(crate) fn balance(conn: &mut Connection, name: &str) -> Result<Balance, DatabaseError> {
    let Some(number) = account_number(conn, name)? else { return Ok(Balance::default()) };
    Ok(last_link(conn, number)?.map(|(balance, _)| balance).unwrap_or_default())
}

pub(crate) fn insert_journal(conn: &mut Connection, new: &Journal) -> Result<i64, DatabaseError> {
    conn.transaction(|savepoint| {
        let row: JournalRow = diesel::insert_into(journal::table)
            .values((
                journal::id.eq(new.id.to_string()),
                journal::kind.eq(&new.kind),
                journal::business_key.eq(&new.business_key),
                journal::reverses.eq(new.reverses.map(|id| id.to_string())),
                journal::created_at.eq(new.created_at.micros()),
            ))
            .returning(journal::all_columns)
            .get_result(savepoint)?;
        Ok(row.seq)
    })
}

pub(crate) fn insert_posting(
    conn: &mut Connection,
    seq: i64,
    account: i64,
    new: &Posting,
) -> Result<(), DatabaseError> {
    diesel::insert_into(posting::table)
        .values((
            posting::account.eq(account),
            posting::version.eq(new.version),
            posting::journal.eq(seq),
            posting::delta.eq(new.delta),
            posting::held_delta.eq(new.held_delta),
            posting::balance_after.eq(new.balance_after),
            posting::held_after.eq(new.held_after),
        ))
        .execute(conn)?;
    Ok(())
}

pub(crate) fn seal(conn: &mut Connection, seq: i64, hash: &str) -> Result<(), DatabaseError> {
    diesel::insert_into(journal_seal::table)
        .values((journal_seal::seq.eq(seq), journal_seal::hash.eq(hash)))
        .execute(conn)?;
    Ok(())
}

pub(crate) fn journal_by_id(
    conn: &mut Connection,
    id: JournalId,
) -> Result<Option<Journal>, DatabaseError> {
    let row = journal::table.filter(journal::id.eq(id.to_string())).first(conn).optional()?;
    row.map(|row| complete(conn, row)).transpose()
}

pub(crate) fn journal_by_key(
    conn: &mut Connection,
    business_key: &str,
) -> Result<Option<Journal>, DatabaseError> {
    let row =
        journal::table.filter(journal::business_key.eq(business_key)).first(conn).optional()?;
    row.map(|row| complete(conn, row)).transpose()
}

pub(crate) fn count_of_kind(conn: &mut Connection, kind: &str) -> Result<i64, DatabaseError> {
    Ok(journal::table.filter(journal::kind.eq(kind)).select(count_star()).first(conn)?)
}

fn complete(conn: &mut Connection, row: JournalRow) -> Result<Journal, DatabaseError> {
    let mut postings: Vec<Posting> = postings_of(conn, row.seq)?;
    postings.sort_by(|a, b| a.account.cmp(&b.account));
    let hash = journal_seal::table.find(row.seq).select(journal_seal::hash).first(conn)?;
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
    let row: Option<AccountRow> = found.first(conn).optional()?;
    Ok(row.map(Account::from))
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
