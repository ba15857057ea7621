use std::collections::BTreeMap;

use database::{Connection, DatabaseError};
use diesel::{dsl::count_star, prelude::*};

use crate::{
    journal::Posting,
    schema::{hold, hold_outcome, journal, journal_seal, ledger_account, posting},
};

/// A journal as the tables have it, with the hold it opens or ends.
pub(super) struct Found {
    pub(super) seq: i64,
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) business_key: String,
    pub(super) reverses: Option<String>,
    pub(super) created_at: i64,
    pub(super) hash: Option<String>,
    pub(super) hold: Option<FoundHold>,
    pub(super) outcome: Option<FoundOutcome>,
}

/// A hold that this journal opens.
#[derive(Clone)]
pub(super) struct FoundHold {
    pub(super) id: String,
    pub(super) account: String,
    pub(super) amount: i64,
}

/// The end of a hold by this journal.
pub(super) struct FoundOutcome {
    pub(super) hold: String,
    pub(super) settled: i64,
}

/// One posting with its account.
#[derive(Clone)]
pub(super) struct FoundLine {
    pub(super) account: String,
    pub(super) unit: String,
    pub(super) floor: Option<i64>,
    pub(super) version: i64,
    pub(super) delta: i64,
    pub(super) held_delta: i64,
    pub(super) balance_after: i64,
    pub(super) held_after: i64,
}

impl From<&FoundLine> for Posting {
    fn from(line: &FoundLine) -> Self {
        Self {
            account: line.account.clone(),
            unit: line.unit.clone(),
            version: line.version,
            delta: line.delta,
            held_delta: line.held_delta,
            balance_after: line.balance_after,
            held_after: line.held_after,
        }
    }
}

/// How many rows there are, whether or not a journal leads to them.
pub(super) struct Totals {
    pub(super) postings: i64,
    pub(super) seals: i64,
    pub(super) holds: i64,
    pub(super) outcomes: i64,
}

type JournalColumns = (i64, String, String, String, Option<String>, i64);
type HoldColumns = (String, String, i64);

pub(super) fn journals_after(
    conn: &mut Connection,
    last: i64,
    limit: i64,
) -> Result<Vec<Found>, DatabaseError> {
    let rows: Vec<(JournalColumns, Option<String>)> = journal::table
        .left_join(journal_seal::table.on(journal_seal::seq.eq(journal::seq)))
        .filter(journal::seq.gt(last))
        .order(journal::seq)
        .limit(limit)
        .select((journal::all_columns, journal_seal::hash.nullable()))
        .load(conn)?;
    let end = rows.last().map_or(last, |(journal, _)| journal.0);
    let mut holds = holds_between(conn, last, end)?;
    let mut outcomes = outcomes_between(conn, last, end)?;
    let found = rows.into_iter().map(|(row, hash)| {
        let (seq, id, kind, business_key, reverses, created_at) = row;
        let (hold, outcome) = (holds.remove(&seq), outcomes.remove(&seq));
        Found { seq, id, kind, business_key, reverses, created_at, hash, hold, outcome }
    });
    Ok(found.collect())
}

fn holds_between(
    conn: &mut Connection,
    last: i64,
    end: i64,
) -> Result<BTreeMap<i64, FoundHold>, DatabaseError> {
    let rows: Vec<(i64, HoldColumns)> = hold::table
        .inner_join(ledger_account::table)
        .filter(hold::journal.gt(last).and(hold::journal.le(end)))
        .select((hold::journal, (hold::id, ledger_account::name, hold::amount)))
        .load(conn)?;
    let found = rows
        .into_iter()
        .map(|(journal, (id, account, amount))| (journal, FoundHold { id, account, amount }));
    Ok(found.collect())
}

fn outcomes_between(
    conn: &mut Connection,
    last: i64,
    end: i64,
) -> Result<BTreeMap<i64, FoundOutcome>, DatabaseError> {
    let rows: Vec<(i64, String, i64)> = hold_outcome::table
        .filter(hold_outcome::journal.gt(last).and(hold_outcome::journal.le(end)))
        .select((hold_outcome::journal, hold_outcome::hold, hold_outcome::settled))
        .load(conn)?;
    let found =
        rows.into_iter().map(|(journal, hold, settled)| (journal, FoundOutcome { hold, settled }));
    Ok(found.collect())
}

type LineColumns = (i64, i64, i64, i64, i64, i64);
type AccountColumns = (String, String, Option<i64>);

/// The lines of the journals in the range, by journal, each ordered by account name.
pub(super) fn lines_between(
    conn: &mut Connection,
    last: i64,
    end: i64,
) -> Result<BTreeMap<i64, Vec<FoundLine>>, DatabaseError> {
    let rows: Vec<(LineColumns, AccountColumns)> = posting::table
        .inner_join(ledger_account::table)
        .filter(posting::journal.gt(last).and(posting::journal.le(end)))
        .order((posting::journal, ledger_account::name))
        .select((
            (
                posting::journal,
                posting::version,
                posting::delta,
                posting::held_delta,
                posting::balance_after,
                posting::held_after,
            ),
            (ledger_account::name, ledger_account::unit, ledger_account::floor),
        ))
        .load(conn)?;
    let mut lines: BTreeMap<i64, Vec<FoundLine>> = BTreeMap::new();
    for (row, (account, unit, floor)) in rows {
        let (journal, version, delta, held_delta, balance_after, held_after) = row;
        lines.entry(journal).or_default().push(FoundLine {
            account,
            unit,
            floor,
            version,
            delta,
            held_delta,
            balance_after,
            held_after,
        });
    }
    Ok(lines)
}

/// What the named journal moved, by account.
pub(super) fn deltas_of(
    conn: &mut Connection,
    id: &str,
) -> Result<BTreeMap<String, i64>, DatabaseError> {
    let rows: Vec<(String, i64)> = posting::table
        .inner_join(ledger_account::table)
        .inner_join(journal::table)
        .filter(journal::id.eq(id))
        .select((ledger_account::name, posting::delta))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

pub(super) fn totals(conn: &mut Connection) -> Result<Totals, DatabaseError> {
    Ok(Totals {
        postings: posting::table.select(count_star()).first(conn)?,
        seals: journal_seal::table.select(count_star()).first(conn)?,
        holds: hold::table.select(count_star()).first(conn)?,
        outcomes: hold_outcome::table.select(count_star()).first(conn)?,
    })
}
