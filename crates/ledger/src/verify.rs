//! Proves the books: replays every journal from zero on a model of its own, which shares no code with posting.

mod book;
mod rows;

use database::{Connection, DatabaseError, UnitError, at_one_moment};

use book::Book;
use rows::{Found, FoundLine};

/// How many journals are looked at together.
const PAGE: i64 = 2_000;

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
    /// Seals that bear them out.
    pub seals: u64,
    /// Chains they form.
    pub accounts: u64,
    /// Holds found.
    pub holds: u64,
    /// Holds that ended.
    pub outcomes: u64,
    /// Partial refunds found.
    pub refunds: u64,
}

/// Proves the whole ledger as it stood at one moment; `progress` hears the number of journals replayed so far.
///
/// Wants a reader's connection outside any transaction: it opens its own, so that writers may go on meanwhile.
pub fn verify_in(
    conn: &mut Connection,
    progress: &mut dyn FnMut(u64),
) -> Result<Report, VerifyError> {
    at_one_moment(conn, |conn| replay_all(conn, progress))
}

/// Replays page by page: memory grows with accounts, open holds and corrections, not with journals.
pub(crate) fn replay_all(
    conn: &mut Connection,
    progress: &mut dyn FnMut(u64),
) -> Result<Report, VerifyError> {
    let mut book = Book::of(rows::accounts(conn)?)?;
    let mut report = Report::default();
    let mut last = 0;
    loop {
        let journals = rows::journals_after(conn, last, PAGE)?;
        let Some(end) = journals.last().map(|journal| journal.seq) else { break };
        let lines = rows::lines_between(conn, last, end)?;
        let mut rest = lines.as_slice();
        for journal in &journals {
            let own = lines_of(journal, &mut rest)?;
            book.replay(journal, own)?;
            count(&mut report, journal, own.len());
        }
        nothing_left(rest)?;
        progress(report.journals);
        last = end;
    }
    report.accounts = book.close(&rows::open_holds(conn)?)?;
    nothing_unseen(conn, &report)?;
    Ok(report)
}

/// Takes the journal's lines off the front.
fn lines_of<'a>(journal: &Found, rest: &mut &'a [FoundLine]) -> Result<&'a [FoundLine], Fault> {
    nothing_before(rest, journal.seq)?;
    let length = rest.iter().take_while(|line| line.journal == journal.seq).count();
    let (own, others) = rest.split_at_checked(length).unwrap_or_default();
    *rest = others;
    Ok(own)
}

fn count(report: &mut Report, journal: &Found, lines: usize) {
    let add = |sum: &mut u64, more: u64| *sum = sum.saturating_add(more);
    add(&mut report.journals, 1);
    add(&mut report.postings, u64::try_from(lines).unwrap_or(u64::MAX));
    add(&mut report.seals, u64::from(journal.hash.is_some()));
    add(&mut report.holds, u64::from(journal.hold.is_some()));
    add(&mut report.outcomes, u64::from(journal.outcome.is_some()));
    add(&mut report.refunds, u64::from(journal.refund));
}

fn nothing_before(lines: &[FoundLine], seq: i64) -> Result<(), Fault> {
    match lines.first() {
        Some(line) if line.journal < seq => Err(orphan(line)),
        _ => Ok(()),
    }
}

fn nothing_left(lines: &[FoundLine]) -> Result<(), Fault> {
    lines.first().map_or(Ok(()), |line| Err(orphan(line)))
}

fn orphan(line: &FoundLine) -> Fault {
    Fault::new("posting_orphan", line.journal, "no journal has this number")
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
    compare("journal_doubled", report.journals, stored.journals)?;
    compare("posting_orphan", report.postings, stored.postings)?;
    compare("seal_orphan", report.seals, stored.seals)?;
    compare("hold_orphan", report.holds, stored.holds)?;
    compare("outcome_orphan", report.outcomes, stored.outcomes)?;
    compare("refund_orphan", report.refunds, stored.refunds)?;
    Ok(())
}
