//! Proves the books: replays every journal from zero on a model of its own, which shares no code with posting.

mod book;
mod rows;

use std::collections::BTreeMap;

use database::{Connection, DatabaseError, UnitError};
use diesel::Connection as _;

use book::Book;
use rows::{Found, FoundLine};

/// How many journals are looked at together.
const PAGE: i64 = 500;

/// The first thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{check}: {at}: {detail}")]
pub struct Fault {
    /// Which check found it.
    pub check: &'static str,
    /// Where: a journal, an account or a hold.
    pub at: String,
    /// What is there, and what should be.
    pub detail: String,
}

impl Fault {
    /// Names what is wrong.
    pub fn new(check: &'static str, at: impl ToString, detail: impl ToString) -> Self {
        Self { check, at: at.to_string(), detail: detail.to_string() }
    }
}

/// Why the books could not be proved.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// They are wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// They could not be read.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<diesel::result::Error> for VerifyError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}

impl UnitError for VerifyError {
    fn database(&self) -> Option<&DatabaseError> {
        match self {
            Self::Database(error) => Some(error),
            Self::Fault(_) => None,
        }
    }
}

/// What was proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Report {
    /// Journals replayed.
    pub journals: u64,
    /// Links compared.
    pub postings: u64,
    /// Chains they form.
    pub accounts: u64,
    /// Holds found.
    pub holds: u64,
    /// Holds that ended.
    pub outcomes: u64,
}

/// Proves the whole ledger as it stood at one moment; `progress` hears the number of journals replayed so far.
///
/// Wants a reader's connection outside any transaction: it opens its own, so that writers may go on meanwhile.
pub fn verify_in(
    conn: &mut Connection,
    progress: &mut dyn FnMut(u64),
) -> Result<Report, VerifyError> {
    at_one_moment(conn, |conn| {
        let mut book = Book::default();
        let mut report = Report::default();
        let mut last = 0;
        loop {
            let journals = rows::journals_after(conn, last, PAGE)?;
            let Some(end) = journals.last().map(|journal| journal.seq) else { break };
            let mut lines = rows::lines_between(conn, last, end)?;
            for journal in &journals {
                let lines = lines.remove(&journal.seq).unwrap_or_default();
                replay(conn, &mut book, journal, &lines)?;
                count(&mut report, journal, &lines);
            }
            nothing_left(&lines)?;
            progress(report.journals);
            last = end;
        }
        report.accounts = book.close()?;
        nothing_unseen(conn, &report)?;
        Ok(report)
    })
}

/// Reads everything as it stood at one moment, while writers go on. Wants a connection outside any transaction.
pub fn at_one_moment<T>(
    conn: &mut Connection,
    read: impl FnOnce(&mut Connection) -> Result<T, VerifyError>,
) -> Result<T, VerifyError> {
    conn.transaction(|conn| {
        // On SQLite that is how transactions are anyway.
        if let Connection::Postgres(_) = conn {
            conn.run_script("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")?;
        }
        read(conn)
    })
}

fn replay(
    conn: &mut Connection,
    book: &mut Book,
    journal: &Found,
    lines: &[FoundLine],
) -> Result<(), VerifyError> {
    book.replay(journal, lines)?;
    let Some(original) = &journal.reverses else { return Ok(()) };
    let mirrored = rows::deltas_of(conn, original)?;
    let own = lines.iter().map(|line| (line.account.clone(), line.delta.saturating_neg()));
    if own.collect::<BTreeMap<_, _>>() == mirrored {
        Ok(())
    } else {
        let detail = format!("is no mirror of {original}");
        Err(Fault::new("mirror_wrong", &journal.id, detail).into())
    }
}

fn count(report: &mut Report, journal: &Found, lines: &[FoundLine]) {
    report.journals = report.journals.saturating_add(1);
    let links = u64::try_from(lines.len()).unwrap_or(u64::MAX);
    report.postings = report.postings.saturating_add(links);
    report.holds = report.holds.saturating_add(u64::from(journal.hold.is_some()));
    report.outcomes = report.outcomes.saturating_add(u64::from(journal.outcome.is_some()));
}

fn nothing_left(lines: &BTreeMap<i64, Vec<FoundLine>>) -> Result<(), Fault> {
    match lines.first_key_value() {
        None => Ok(()),
        Some((seq, _)) => Err(Fault::new("posting_orphan", seq, "no journal has this number")),
    }
}

/// Rows that no journal led to are rows that somebody else put there.
fn nothing_unseen(conn: &mut Connection, report: &Report) -> Result<(), VerifyError> {
    let stored = rows::totals(conn)?;
    let compare = |check, seen: u64, stored: i64| {
        if i64::try_from(seen) == Ok(stored) {
            return Ok(());
        }
        Err(Fault::new(
            check,
            "the whole table",
            format!("{stored} rows, {seen} of them explained"),
        ))
    };
    compare("posting_orphan", report.postings, stored.postings)?;
    compare("seal_orphan", report.journals, stored.seals)?;
    compare("hold_orphan", report.holds, stored.holds)?;
    compare("outcome_orphan", report.outcomes, stored.outcomes)?;
    Ok(())
}
