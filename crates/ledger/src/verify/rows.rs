use std::{
    collections::{BTreeMap, HashMap},
    iter::Peekable,
};

use database::{Connection, DatabaseError};
use diesel::{dsl::count_star, prelude::*};

use crate::schema::{
    hold, hold_outcome, journal, journal_seal, ledger_account, open_hold, posting, refund,
};

/// An account as the tables have it.
pub(super) struct FoundAccount {
    pub(super) number: i64,
    pub(super) name: String,
    pub(super) unit: String,
    pub(super) floor: Option<i64>,
}

/// A journal as the tables have it, with what it says besides moving something.
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
    pub(super) refund: bool,
    pub(super) original: Option<Original>,
}

/// A hold that this journal opens.
#[derive(Clone)]
pub(super) struct FoundHold {
    pub(super) id: String,
    pub(super) account: i64,
    pub(super) amount: i64,
    pub(super) expires_at: i64,
}

/// The end of a hold by this journal.
pub(super) struct FoundOutcome {
    pub(super) hold: String,
    pub(super) outcome: String,
    pub(super) settled: i64,
}

/// What this journal takes back, as a whole or in part.
#[derive(Clone)]
pub(super) struct Original {
    pub(super) id: String,
    pub(super) deltas: BTreeMap<i64, i64>,
}

impl Original {
    fn of(id: String) -> Self {
        Self { id, deltas: BTreeMap::new() }
    }
}

/// One posting.
#[derive(Queryable, Clone, Copy)]
pub(super) struct FoundLine {
    pub(super) journal: i64,
    pub(super) account: i64,
    pub(super) version: i64,
    pub(super) delta: i64,
    pub(super) held_delta: i64,
    pub(super) balance_after: i64,
    pub(super) held_after: i64,
}

/// How many rows there are, whether or not a journal leads to them.
pub(super) struct Totals {
    pub(super) journals: i64,
    pub(super) postings: i64,
    pub(super) seals: i64,
    pub(super) holds: i64,
    pub(super) outcomes: i64,
    pub(super) refunds: i64,
}

type JournalColumns = (i64, String, String, String, Option<String>, i64);

pub(super) fn accounts(conn: &mut Connection) -> Result<Vec<FoundAccount>, DatabaseError> {
    let rows: Vec<(i64, String, String, Option<i64>)> = ledger_account::table.load(conn)?;
    let found = rows.into_iter().map(|(number, name, unit, floor)| FoundAccount {
        number,
        name,
        unit,
        floor,
    });
    Ok(found.collect())
}

pub(super) fn journals_after(
    conn: &mut Connection,
    last: i64,
    limit: i64,
) -> Result<Vec<Found>, DatabaseError> {
    // Rows are matched here: left to the engine, one of them would read a whole index for each page.
    let rows: Vec<JournalColumns> = journal::table
        .filter(journal::seq.gt(last))
        .order(journal::seq)
        .limit(limit)
        .select(journal::all_columns)
        .load(conn)?;
    let end = rows.last().map_or(last, |journal| journal.0);
    let mut seals = seals_between(conn, last, end)?.into_iter().peekable();
    let mut holds = holds_between(conn, last, end)?;
    let mut outcomes = outcomes_between(conn, last, end)?;
    let reversed = reversed_by(conn, &rows)?;
    let mut refunded = refunded_between(conn, last, end)?;
    let found = rows.into_iter().map(|row| {
        let (seq, id, kind, business_key, reverses, created_at) = row;
        let hash = seal_of(seq, &mut seals);
        let (hold, outcome) = (holds.remove(&seq), outcomes.remove(&seq));
        let refund = refunded.remove(&seq);
        let (refund, original) = match (refund, &reverses) {
            (Some(original), _) => (true, Some(original)),
            (None, Some(id)) => (false, reversed.get(id).cloned()),
            (None, None) => (false, None),
        };
        Found {
            seq,
            id,
            kind,
            business_key,
            reverses,
            created_at,
            hash,
            hold,
            outcome,
            refund,
            original,
        }
    });
    Ok(found.collect())
}

type Seal = (i64, String);

fn seals_between(conn: &mut Connection, last: i64, end: i64) -> Result<Vec<Seal>, DatabaseError> {
    Ok(journal_seal::table
        .filter(journal_seal::seq.gt(last).and(journal_seal::seq.le(end)))
        .order(journal_seal::seq)
        .load(conn)?)
}

/// Both come in the order of their numbers. Seals of no journal are passed over here, and counted at the end.
fn seal_of(journal: i64, seals: &mut Peekable<impl Iterator<Item = Seal>>) -> Option<String> {
    while seals.next_if(|(number, _)| *number < journal).is_some() {}
    seals.next_if(|(number, _)| *number == journal).map(|(_, hash)| hash)
}

fn holds_between(
    conn: &mut Connection,
    last: i64,
    end: i64,
) -> Result<BTreeMap<i64, FoundHold>, DatabaseError> {
    let rows: Vec<(i64, (String, i64, i64, i64))> = hold::table
        .filter(hold::journal.gt(last).and(hold::journal.le(end)))
        .select((hold::journal, (hold::id, hold::account, hold::amount, hold::expires_at)))
        .load(conn)?;
    let found = rows.into_iter().map(|(journal, (id, account, amount, expires_at))| {
        (journal, FoundHold { id, account, amount, expires_at })
    });
    Ok(found.collect())
}

fn outcomes_between(
    conn: &mut Connection,
    last: i64,
    end: i64,
) -> Result<BTreeMap<i64, FoundOutcome>, DatabaseError> {
    let rows: Vec<(String, i64, String, i64)> = hold_outcome::table
        .filter(hold_outcome::journal.gt(last).and(hold_outcome::journal.le(end)))
        .load(conn)?;
    let found = rows.into_iter().map(|(hold, journal, outcome, settled)| {
        (journal, FoundOutcome { hold, outcome, settled })
    });
    Ok(found.collect())
}

/// The originals that these journals reverse, by identity.
fn reversed_by(
    conn: &mut Connection,
    journals: &[JournalColumns],
) -> Result<HashMap<String, Original>, DatabaseError> {
    let reversed: Vec<&str> = journals.iter().filter_map(|row| row.4.as_deref()).collect();
    if reversed.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(String, i64, i64)> = journal::table
        .inner_join(posting::table.on(posting::journal.eq(journal::seq)))
        .filter(journal::id.eq_any(reversed))
        .select((journal::id, posting::account, posting::delta))
        .load(conn)?;
    let mut originals: HashMap<String, Original> = HashMap::new();
    for (id, account, delta) in rows {
        let original = originals.entry(id.clone()).or_insert_with(|| Original::of(id));
        original.deltas.insert(account, delta);
    }
    Ok(originals)
}

fn refunded_between(
    conn: &mut Connection,
    last: i64,
    end: i64,
) -> Result<BTreeMap<i64, Original>, DatabaseError> {
    let rows: Vec<(i64, String, i64, i64)> = refund::table
        .inner_join(journal::table.on(journal::seq.eq(refund::original)))
        .inner_join(posting::table.on(posting::journal.eq(journal::seq)))
        .filter(refund::journal.gt(last).and(refund::journal.le(end)))
        .select((refund::journal, journal::id, posting::account, posting::delta))
        .load(conn)?;
    let mut originals: BTreeMap<i64, Original> = BTreeMap::new();
    for (refund, id, account, delta) in rows {
        let original = originals.entry(refund).or_insert_with(|| Original::of(id));
        original.deltas.insert(account, delta);
    }
    Ok(originals)
}

/// The lines of the journals in the range, journal by journal.
pub(super) fn lines_between(
    conn: &mut Connection,
    last: i64,
    end: i64,
) -> Result<Vec<FoundLine>, DatabaseError> {
    Ok(posting::table
        .filter(posting::journal.gt(last).and(posting::journal.le(end)))
        .order((posting::journal, posting::account))
        .select((
            posting::journal,
            posting::account,
            posting::version,
            posting::delta,
            posting::held_delta,
            posting::balance_after,
            posting::held_after,
        ))
        .load(conn)?)
}

/// The queue of holds that may come due.
pub(super) fn open_holds(conn: &mut Connection) -> Result<Vec<(String, i64)>, DatabaseError> {
    Ok(open_hold::table.order(open_hold::hold).load(conn)?)
}

pub(super) fn totals(conn: &mut Connection) -> Result<Totals, DatabaseError> {
    Ok(Totals {
        journals: journal::table.select(count_star()).first(conn)?,
        postings: posting::table.select(count_star()).first(conn)?,
        seals: journal_seal::table.select(count_star()).first(conn)?,
        holds: hold::table.select(count_star()).first(conn)?,
        outcomes: hold_outcome::table.select(count_star()).first(conn)?,
        refunds: refund::table.select(count_star()).first(conn)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_of_no_journal_hides_no_other_and_none_is_given_twice() {
        let seals = [(1, "one"), (2, "nobody's"), (4, "four")];
        let mut seals =
            seals.map(|(number, hash)| (number, hash.to_owned())).into_iter().peekable();
        let found = [1, 3, 4, 4].map(|journal| seal_of(journal, &mut seals));
        assert_eq!(found, [Some("one".to_owned()), None, Some("four".to_owned()), None]);
    }
}
