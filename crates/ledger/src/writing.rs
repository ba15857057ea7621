use database::{Connection, DatabaseError};
use primitives::{Ambient, JournalId};

use crate::{
    LedgerError,
    annex::Annex,
    correction,
    hash::{self, Head, Linked},
    journal::{Journal, Posting},
    rules::{self, Account, Movement},
    store::{self, Look, Position},
};

/// A journal whose movements are fully said; everything that posts ends in [`write_in`].
pub(crate) struct Draft {
    pub(crate) kind: &'static str,
    pub(crate) business_key: String,
    pub(crate) annex: Annex,
    pub(crate) movements: Vec<Movement>,
}

/// One link to be written: on which chain, what, and after which journal.
pub(crate) struct Link {
    pub(crate) number: i64,
    pub(crate) posting: Posting,
    predecessor: String,
}

impl Link {
    fn linked(&self) -> Linked<'_> {
        let posting = &self.posting;
        Linked {
            account: &posting.account,
            unit: &posting.unit,
            version: posting.version,
            delta: posting.delta,
            held_delta: posting.held_delta,
            balance_after: posting.balance_after,
            held_after: posting.held_after,
            predecessor: &self.predecessor,
        }
    }
}

/// Locks, looks, decides, and only then writes: a refusal leaves nothing behind.
pub(crate) fn write_in(
    conn: &mut Connection,
    ambient: &Ambient,
    mut draft: Draft,
) -> Result<Journal, LedgerError> {
    rules::check(&draft.movements)?;
    draft.movements.sort_by(|a, b| a.account.name.cmp(&b.account.name));
    let accounts: Vec<&Account> = draft.movements.iter().map(|line| &line.account).collect();
    let Look { positions, taken } = store::lock_and_look(conn, &accounts, &draft.business_key)?;
    if let Some(journal) = taken {
        return Err(already(draft.business_key, journal));
    }
    correction::check_in(conn, &draft)?;
    let links = positions.into_iter().zip(&draft.movements);
    let links =
        links.map(|(position, line)| link(position, line)).collect::<Result<Vec<_>, _>>()?;
    let mut journal = Journal {
        id: ambient.mint(),
        kind: draft.kind.to_owned(),
        business_key: draft.business_key,
        reverses: draft.annex.reverses(),
        created_at: ambient.now(),
        postings: links.iter().map(|link| link.posting.clone()).collect(),
        hash: String::new(),
    };
    journal.hash = hash_of(&journal, &draft.annex, &links);
    record(conn, &journal, &draft.annex, &links)?;
    Ok(journal)
}

fn already(business_key: String, journal: JournalId) -> LedgerError {
    LedgerError::AlreadyPosted { business_key, journal }
}

fn link(position: Position, line: &Movement) -> Result<Link, LedgerError> {
    let next = rules::follow(position.last, line)?;
    let posting = Posting {
        account: line.account.name.clone(),
        unit: line.account.unit.clone(),
        version: next.version,
        delta: line.delta,
        held_delta: line.held_delta,
        balance_after: next.balance,
        held_after: next.held,
    };
    Ok(Link { number: position.number, posting, predecessor: position.predecessor })
}

fn hash_of(journal: &Journal, annex: &Annex, links: &[Link]) -> String {
    let (id, reverses) = (journal.id.to_string(), journal.reverses.map(|id| id.to_string()));
    let head = Head {
        id: &id,
        kind: &journal.kind,
        business_key: &journal.business_key,
        reverses: reverses.as_deref(),
        created_at: journal.created_at.micros(),
        annex: &annex.canonical(),
    };
    hash::of_journal(&head, links.iter().map(Link::linked))
}

fn record(
    conn: &mut Connection,
    journal: &Journal,
    annex: &Annex,
    links: &[Link],
) -> Result<(), LedgerError> {
    let whole = matches!(annex, Annex::Nothing | Annex::Reverses(_));
    let Some(seq) = store::insert_journal(conn, journal, links, whole)? else {
        // Somebody with other accounts was faster; his journal is committed, so it can be named.
        let winner = store::journal_id_by_key(conn, &journal.business_key)?;
        let winner = winner.ok_or(DatabaseError::NotFound)?;
        return Err(already(journal.business_key.clone(), winner));
    };
    match annex {
        // Sealed already.
        Annex::Nothing | Annex::Reverses(_) => return Ok(()),
        Annex::Refunds(original) => store::insert_refund(conn, seq, *original)?,
        Annex::Opens(hold) => {
            for link in links {
                store::insert_hold(conn, seq, link.number, hold)?;
            }
        }
        Annex::Ends(hold, outcome) => store::insert_outcome(conn, seq, *hold, *outcome)?,
    }
    store::seal(conn, seq, &journal.hash)?;
    Ok(())
}
