use database::{Connection, DatabaseError};
use diesel::{PgConnection, SqliteConnection, dsl::max, prelude::*};

use super::{LINK, LinkRow};
use crate::{
    hash::NO_PREDECESSOR,
    rules::{Account, Balance},
    schema::{journal_seal, ledger_account, posting},
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

impl Position {
    fn at_start(number: i64) -> Self {
        Self { number, last: Balance::default(), predecessor: NO_PREDECESSOR.to_owned() }
    }

    fn after(number: i64, link: Option<(LinkRow, String)>) -> Self {
        match link {
            Some((row, predecessor)) => Self { number, last: Balance::from(&row), predecessor },
            None => Self::at_start(number),
        }
    }
}

/// Finds or opens the accounts, makes other writers wait, and only then looks where each chain ends.
///
/// The accounts come in ascending order of their names and are answered in that order.
pub(crate) fn lock_positions(
    conn: &mut Connection,
    accounts: &[&Account],
) -> Result<Vec<Position>, DatabaseError> {
    match conn {
        Connection::Sqlite(conn) => accounts.iter().map(|it| position(conn, it)).collect(),
        Connection::Postgres(conn) => lock_and_look(conn, accounts),
    }
}

/// SQLite has one writer, which nobody has to be kept away from.
fn position(conn: &mut SqliteConnection, account: &Account) -> Result<Position, DatabaseError> {
    // Joined one by one: joined to each other first, the two tables would be read as a whole.
    let found: Option<(i64, Option<LinkRow>, Option<String>)> = ledger_account::table
        .left_join(posting::table)
        .left_join(
            journal_seal::table.on(journal_seal::seq.nullable().eq(posting::journal.nullable())),
        )
        .filter(ledger_account::name.eq(&account.name))
        .order(posting::version.desc())
        .select((ledger_account::id, LINK.nullable(), journal_seal::hash.nullable()))
        .first(conn)
        .optional()?;
    if let Some((number, link, hash)) = found {
        return Ok(Position::after(number, link.zip(hash)));
    }
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

fn lock_and_look(
    conn: &mut PgConnection,
    accounts: &[&Account],
) -> Result<Vec<Position>, DatabaseError> {
    let mut locked = lock(conn, accounts)?;
    if locked.len() < accounts.len() {
        open(conn, accounts)?;
        locked = lock(conn, accounts)?;
    }
    // A statement of its own: what was committed while we waited for the locks must be seen.
    let links = last_links(conn, &locked)?;
    let mut positions = Vec::with_capacity(accounts.len());
    for account in accounts {
        let number = locked.iter().find(|(_, name)| *name == account.name);
        let number = number.ok_or(DatabaseError::NotFound)?.0;
        let link = links.iter().find(|(of, _)| *of == number).map(|(_, link)| link.clone());
        positions.push(Position::after(number, link));
    }
    Ok(positions)
}

/// Always in ascending order, so that nobody waits in a circle.
fn lock(
    conn: &mut PgConnection,
    accounts: &[&Account],
) -> Result<Vec<(i64, String)>, DatabaseError> {
    let names: Vec<&str> = accounts.iter().map(|account| account.name.as_str()).collect();
    Ok(ledger_account::table
        .filter(ledger_account::name.eq_any(names))
        .order(ledger_account::id)
        .select((ledger_account::id, ledger_account::name))
        .for_no_key_update()
        .load(conn)?)
}

/// In ascending order of names, so that two who open the same accounts never wait in a circle either.
fn open(conn: &mut PgConnection, accounts: &[&Account]) -> Result<(), DatabaseError> {
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

/// An account's number, its last link, and the hash of the journal that made it.
type LastLink = (i64, (LinkRow, String));

fn last_links(
    conn: &mut PgConnection,
    locked: &[(i64, String)],
) -> Result<Vec<LastLink>, DatabaseError> {
    let numbers: Vec<i64> = locked.iter().map(|(number, _)| *number).collect();
    let links = diesel::alias!(posting as chain);
    let (account, version) = links.fields((posting::account, posting::version));
    let newest = links.filter(account.eq(ledger_account::id)).select(max(version)).single_value();
    Ok(ledger_account::table
        .inner_join(posting::table.on(
            posting::account.eq(ledger_account::id).and(posting::version.nullable().eq(newest)),
        ))
        .inner_join(journal_seal::table.on(journal_seal::seq.eq(posting::journal)))
        .filter(ledger_account::id.eq_any(numbers))
        .select((ledger_account::id, (LINK, journal_seal::hash)))
        .load(conn)?)
}
