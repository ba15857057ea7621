use database::{Connection, DatabaseError};
use diesel::{PgConnection, SqliteConnection, dsl::max, prelude::*, select};
use primitives::JournalId;

use super::{
    LINK, LinkRow,
    functions::{Looked, ledger_look},
    parse_journal,
};
use crate::{
    hash::NO_PREDECESSOR,
    rules::{Account, Balance},
    schema::{journal, journal_seal, ledger_account, posting},
};

/// Where an account's chain ends.
pub(crate) struct Position {
    /// The account's number.
    pub(crate) number: i64,
    /// Where it stands.
    pub(crate) last: Balance,
    /// The hash of the journal that made the last link.
    pub(crate) predecessor: String,
}

/// What there is before a journal is written.
pub(crate) struct Look {
    /// Where each account's chain ends.
    pub(crate) positions: Vec<Position>,
    /// Which journal is on the books for the piece of business.
    pub(crate) taken: Option<JournalId>,
}

impl Position {
    fn at_start(number: i64) -> Self {
        Self { number, last: Balance::default(), predecessor: NO_PREDECESSOR.to_owned() }
    }
}

/// Finds or opens the accounts, makes other writers wait, and only then looks where each chain ends.
///
/// The accounts come in ascending order of their names and are answered in that order.
pub(crate) fn lock_and_look(
    conn: &mut Connection,
    accounts: &[&Account],
    business_key: &str,
) -> Result<Look, DatabaseError> {
    match conn {
        Connection::Sqlite(conn) => look_one_by_one(conn, accounts, business_key),
        Connection::Postgres(conn) => look_together(conn, accounts, business_key),
    }
}

/// SQLite has one writer, which nobody has to be kept away from.
fn look_one_by_one(
    conn: &mut SqliteConnection,
    accounts: &[&Account],
    business_key: &str,
) -> Result<Look, DatabaseError> {
    let positions = accounts.iter().map(|it| position(conn, it)).collect::<Result<_, _>>()?;
    let taken = journal::table.filter(journal::business_key.eq(business_key));
    let taken: Option<String> = taken.select(journal::id).get_result(conn).optional()?;
    Ok(Look { positions, taken: taken.as_deref().map(parse_journal).transpose()? })
}

fn position(conn: &mut SqliteConnection, account: &Account) -> Result<Position, DatabaseError> {
    let links = diesel::alias!(posting as chain);
    let (of, version) = links.fields((posting::account, posting::version));
    let newest = links.filter(of.eq(ledger_account::id)).select(max(version)).single_value();
    let last = posting::account.eq(ledger_account::id).and(posting::version.nullable().eq(newest));
    // Joined one by one: joined to each other first, the two tables would be read as a whole.
    let found: Option<(i64, Option<LinkRow>, Option<String>)> = ledger_account::table
        .left_join(posting::table.on(last))
        .left_join(
            journal_seal::table.on(journal_seal::seq.nullable().eq(posting::journal.nullable())),
        )
        .filter(ledger_account::name.eq(&account.name))
        .select((ledger_account::id, LINK.nullable(), journal_seal::hash.nullable()))
        .get_result(conn)
        .optional()?;
    let Some((number, link, hash)) = found else { return open_one(conn, account) };
    Ok(match link.zip(hash) {
        Some((row, predecessor)) => Position { number, last: Balance::from(&row), predecessor },
        None => Position::at_start(number),
    })
}

fn open_one(conn: &mut SqliteConnection, account: &Account) -> Result<Position, DatabaseError> {
    let number = diesel::insert_into(ledger_account::table)
        .values((
            ledger_account::name.eq(&account.name),
            ledger_account::unit.eq(&account.unit),
            ledger_account::floor.eq(account.floor),
        ))
        .returning(ledger_account::id)
        .get_result(conn)?;
    Ok(Position::at_start(number))
}

/// One round trip, in which the accounts are locked before anything else is read.
fn look_together(
    conn: &mut PgConnection,
    accounts: &[&Account],
    business_key: &str,
) -> Result<Look, DatabaseError> {
    let names: Vec<&str> = accounts.iter().map(|account| account.name.as_str()).collect();
    let look =
        |conn: &mut PgConnection| select(ledger_look(&names, business_key)).load::<Looked>(conn);
    let mut found = look(conn)?;
    if found.len() < accounts.len() {
        open_all(conn, accounts)?;
        found = look(conn)?;
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    if !found.iter().map(|row| row.0.as_str()).eq(names) {
        return Err(DatabaseError::NotFound);
    }
    let taken = found.first().and_then(|row| row.6.as_deref()).map(parse_journal).transpose()?;
    let positions = found.into_iter().map(|(_, number, version, balance, held, predecessor, _)| {
        Position { number, last: Balance { balance, held, version }, predecessor }
    });
    Ok(Look { positions: positions.collect(), taken })
}

/// In ascending order of names, so that two who open the same accounts never wait in a circle either.
fn open_all(conn: &mut PgConnection, accounts: &[&Account]) -> Result<(), DatabaseError> {
    let rows: Vec<_> = accounts
        .iter()
        .map(|account| {
            (
                ledger_account::name.eq(&account.name),
                ledger_account::unit.eq(&account.unit),
                ledger_account::floor.eq(account.floor),
            )
        })
        .collect();
    diesel::insert_into(ledger_account::table)
        .values(rows)
        .on_conflict(ledger_account::name)
        .do_nothing()
        .execute(conn)?;
    Ok(())
}
