use database::{Connection, DatabaseError};
use primitives::{Ambient, JournalId};

use crate::{
    LedgerError,
    annex::Annex,
    journal::{Journal, Line, Posting},
    rules::{self, Movement},
    store,
    writing::{Draft, write_in},
};

/// A part of a journal that is to be given back.
#[derive(Debug, Clone)]
pub struct NewRefund {
    /// The name of this very piece of business; it can be on the books once.
    pub business_key: String,
    /// Of which journal.
    pub original: JournalId,
    /// What moves back: on accounts of the original, against its direction; sums to zero in each unit.
    pub lines: Vec<Line>,
}

/// Undoes a journal with its full mirror, at most once, and not after a part of it was refunded.
pub fn reverse_in(
    conn: &mut Connection,
    ambient: &Ambient,
    id: JournalId,
) -> Result<Journal, LedgerError> {
    let original = correctable(conn, id)?;
    if original.postings.iter().any(|it| it.held_delta != 0) {
        return Err(LedgerError::NotReversible(id));
    }
    let movements = original.postings.iter().map(|posting| mirror(conn, posting));
    let draft = Draft {
        kind: "reversal",
        business_key: format!("reversal:{id}"),
        annex: Annex::Reverses(id),
        movements: movements.collect::<Result<_, _>>()?,
    };
    match write_in(conn, ambient, draft) {
        Err(LedgerError::AlreadyPosted { .. }) => Err(LedgerError::AlreadyReversed(id)),
        other => other,
    }
}

/// Gives a part of a journal back. All refunds together give back no more, on any account, than the journal moved.
pub fn refund_in(
    conn: &mut Connection,
    ambient: &Ambient,
    new: &NewRefund,
) -> Result<Journal, LedgerError> {
    correctable(conn, new.original)?;
    let draft = Draft {
        kind: "refund",
        business_key: new.business_key.clone(),
        annex: Annex::Refunds(new.original),
        movements: new.lines.iter().map(Line::movement).collect(),
    };
    write_in(conn, ambient, draft)
}

/// Looks at earlier corrections. Wants the accounts locked: of two corrections at once the second sees the first.
pub(crate) fn check_in(conn: &mut Connection, draft: &Draft) -> Result<(), LedgerError> {
    let (Annex::Reverses(id) | Annex::Refunds(id)) = draft.annex else { return Ok(()) };
    if store::is_reversed(conn, id)? {
        return Err(LedgerError::AlreadyReversed(id));
    }
    let refunded = store::refunded(conn, id)?;
    if draft.annex.reverses().is_some() {
        return if refunded.is_empty() { Ok(()) } else { Err(LedgerError::AlreadyRefunded(id)) };
    }
    let original = store::journal_by_id(conn, id)?.ok_or(LedgerError::JournalNotFound)?;
    rules::check_refund(&original, &refunded, &draft.movements)
}

/// The journal, unless it is a correction itself.
fn correctable(conn: &mut Connection, id: JournalId) -> Result<Journal, LedgerError> {
    let original = store::journal_by_id(conn, id)?.ok_or(LedgerError::JournalNotFound)?;
    if original.reverses.is_some() || store::is_refund(conn, id)? {
        return Err(LedgerError::NotReversible(id));
    }
    Ok(original)
}

fn mirror(conn: &mut Connection, posting: &Posting) -> Result<Movement, LedgerError> {
    let account = store::account(conn, &posting.account)?.ok_or(DatabaseError::NotFound)?;
    let delta = posting.delta.checked_neg().ok_or(LedgerError::Malformed("it has no mirror"))?;
    Ok(Movement { account, delta, held_delta: 0 })
}
