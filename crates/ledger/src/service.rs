use database::{Connection, DatabaseError};
use primitives::{Ambient, JournalId};

use crate::{
    AccountName, LedgerError,
    hash::{self, Head, NO_PREDECESSOR},
    journal::{Entry, Journal, Line, NewJournal, Posting},
    rules::{self, Account, Balance, Movement},
    store,
};

/// A journal whose movements are fully said; everything that posts ends in [`write_in`].
pub(crate) struct Draft {
    pub(crate) kind: &'static str,
    pub(crate) business_key: String,
    pub(crate) reverses: Option<JournalId>,
    pub(crate) movements: Vec<Movement>,
}

/// Posts a journal, or refuses it and leaves nothing behind.
pub fn post_in(
    conn: &mut Connection,
    ambient: &Ambient,
    new: &NewJournal,
) -> Result<Journal, LedgerError> {
    let draft = Draft {
        kind: new.kind,
        business_key: new.business_key.clone(),
        reverses: None,
        movements: new.lines.iter().map(Line::movement).collect(),
    };
    let (_seq, journal) = write_in(conn, ambient, draft)?;
    Ok(journal)
}

/// Undoes a journal with its full mirror, at most once.
pub fn reverse_in(
    conn: &mut Connection,
    ambient: &Ambient,
    id: JournalId,
) -> Result<Journal, LedgerError> {
    let original = store::journal_by_id(conn, id)?.ok_or(LedgerError::JournalNotFound)?;
    if original.reverses.is_some() || original.postings.iter().any(|it| it.held_delta != 0) {
        return Err(LedgerError::NotReversible(id));
    }
    let movements = original.postings.iter().map(|posting| mirror(conn, posting));
    let draft = Draft {
        kind: "reversal",
        business_key: format!("reversal:{id}"),
        reverses: Some(id),
        movements: movements.collect::<Result<_, _>>()?,
    };
    match write_in(conn, ambient, draft) {
        Err(LedgerError::AlreadyPosted { .. }) => Err(LedgerError::AlreadyReversed(id)),
        other => other.map(|(_seq, journal)| journal),
    }
}

/// Where an account stands; one that was never posted to stands at nothing.
pub fn balance_in(conn: &mut Connection, account: &AccountName) -> Result<Balance, DatabaseError> {
    store::balance(conn, &account.to_string())
}

/// The links of an account, newest first, from before `before_version` (or from the last).
pub fn entries_in(
    conn: &mut Connection,
    account: &AccountName,
    before_version: Option<i64>,
    limit: i64,
) -> Result<Vec<Entry>, DatabaseError> {
    let before = before_version.unwrap_or(i64::MAX);
    store::entries(conn, &account.to_string(), before, limit)
}

/// The journal with this identity.
pub fn journal_in(conn: &mut Connection, id: JournalId) -> Result<Option<Journal>, DatabaseError> {
    store::journal_by_id(conn, id)
}

/// The journal of this piece of business.
pub fn journal_by_key_in(
    conn: &mut Connection,
    business_key: &str,
) -> Result<Option<Journal>, DatabaseError> {
    store::journal_by_key(conn, business_key)
}

/// How many journals of a kind are on the books.
pub fn count_of_kind_in(conn: &mut Connection, kind: &str) -> Result<i64, DatabaseError> {
    store::count_of_kind(conn, kind)
}

impl Line {
    fn movement(&self) -> Movement {
        Movement { account: Account::from(&self.account), delta: self.delta, held_delta: 0 }
    }
}

impl From<&AccountName> for Account {
    fn from(name: &AccountName) -> Self {
        Self { name: name.to_string(), unit: name.unit().to_string(), floor: name.floor() }
    }
}

fn mirror(conn: &mut Connection, posting: &Posting) -> Result<Movement, LedgerError> {
    let account = store::account(conn, &posting.account)?.ok_or(DatabaseError::NotFound)?;
    let delta = posting.delta.checked_neg().ok_or(LedgerError::Malformed("it has no mirror"))?;
    Ok(Movement { account, delta, held_delta: 0 })
}

/// One link to be written: on which chain, what, and after which journal.
struct Link {
    number: i64,
    posting: Posting,
    predecessor: String,
}

/// Locks, looks, decides, and only then writes: a refusal leaves nothing behind.
pub(crate) fn write_in(
    conn: &mut Connection,
    ambient: &Ambient,
    mut draft: Draft,
) -> Result<(i64, Journal), LedgerError> {
    rules::check(&draft.movements)?;
    draft.movements.sort_by(|a, b| a.account.name.cmp(&b.account.name));
    let numbers = open_and_lock(conn, &draft.movements)?;
    if let Some(journal) = store::journal_by_key(conn, &draft.business_key)? {
        return Err(already(draft.business_key, journal.id));
    }
    let mut links = Vec::with_capacity(numbers.len());
    for (number, movement) in numbers.into_iter().zip(&draft.movements) {
        links.push(link_in(conn, number, movement)?);
    }
    let mut journal = Journal {
        id: ambient.mint(),
        kind: draft.kind.to_owned(),
        business_key: draft.business_key,
        reverses: draft.reverses,
        created_at: ambient.now(),
        postings: links.iter().map(|link| link.posting.clone()).collect(),
        hash: String::new(),
    };
    journal.hash = hash_of(&journal, &links);
    let seq = record(conn, &journal, &links)?;
    Ok((seq, journal))
}

fn already(business_key: String, journal: JournalId) -> LedgerError {
    LedgerError::AlreadyPosted { business_key, journal }
}

fn open_and_lock(conn: &mut Connection, movements: &[Movement]) -> Result<Vec<i64>, DatabaseError> {
    let numbers = movements.iter().map(|movement| store::open(conn, &movement.account));
    let numbers = numbers.collect::<Result<Vec<_>, _>>()?;
    store::lock(conn, &numbers)?;
    Ok(numbers)
}

fn link_in(conn: &mut Connection, number: i64, movement: &Movement) -> Result<Link, LedgerError> {
    let (last, predecessor) = store::last_link(conn, number)?
        .unwrap_or_else(|| (Balance::default(), NO_PREDECESSOR.to_owned()));
    let next = rules::follow(last, movement)?;
    let posting = Posting {
        account: movement.account.name.clone(),
        unit: movement.account.unit.clone(),
        version: next.version,
        delta: movement.delta,
        held_delta: movement.held_delta,
        balance_after: next.balance,
        held_after: next.held,
    };
    Ok(Link { number, posting, predecessor })
}

fn hash_of(journal: &Journal, links: &[Link]) -> String {
    let (id, reverses) = (journal.id.to_string(), journal.reverses.map(|id| id.to_string()));
    let head = Head {
        id: &id,
        kind: &journal.kind,
        business_key: &journal.business_key,
        reverses: reverses.as_deref(),
        created_at: journal.created_at.micros(),
    };
    hash::of_journal(&head, links.iter().map(|link| (&link.posting, link.predecessor.as_str())))
}

fn record(conn: &mut Connection, journal: &Journal, links: &[Link]) -> Result<i64, LedgerError> {
    let seq = match store::insert_journal(conn, journal) {
        Err(error) if error.violates("journal_business_key_key") => {
            // Somebody with other accounts was faster; his journal is committed, so it can be named.
            let winner = store::journal_by_key(conn, &journal.business_key)?;
            let winner = winner.ok_or(LedgerError::Database(error))?;
            return Err(already(journal.business_key.clone(), winner.id));
        }
        other => other?,
    };
    for link in links {
        store::insert_posting(conn, seq, link.number, &link.posting)?;
    }
    store::seal(conn, seq, &journal.hash)?;
    Ok(seq)
}
