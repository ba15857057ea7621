use database::{Connection, DatabaseError};
use primitives::{Ambient, HoldId, Timestamp};

use crate::{
    AccountName, LedgerError,
    annex::{Annex, Outcome},
    journal::Journal,
    rules::{Account, Movement},
    store::{self, StoredHold},
    writing::{Draft, write_in},
};

/// Money that is to be set aside.
#[derive(Debug, Clone)]
pub struct NewHold {
    /// The name of this very piece of business; it can be on the books once.
    pub business_key: String,
    /// Whose money.
    pub account: AccountName,
    /// How much.
    pub amount: i64,
    /// From when on it may be released without a decision.
    pub expires_at: Timestamp,
}

/// Money set aside: still owed to its holder, but not at his disposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Its identity.
    pub id: HoldId,
    /// How much.
    pub amount: i64,
    /// From when on it may be released without a decision.
    pub expires_at: Timestamp,
}

/// Sets money aside, the first of two phases.
pub fn hold_in(
    conn: &mut Connection,
    ambient: &Ambient,
    new: &NewHold,
) -> Result<Hold, LedgerError> {
    if new.amount <= 0 {
        return Err(LedgerError::Malformed("a hold holds nothing"));
    }
    let hold = Hold { id: ambient.mint(), amount: new.amount, expires_at: new.expires_at };
    let account = Account::from(&new.account);
    let draft = Draft {
        kind: "hold",
        business_key: new.business_key.clone(),
        annex: Annex::Opens(hold.clone()),
        movements: vec![Movement { account, delta: 0, held_delta: new.amount }],
    };
    write_in(conn, ambient, draft)?;
    Ok(hold)
}

/// Pays `amount` out of the hold to `payee` and releases the rest.
pub fn settle_hold_in(
    conn: &mut Connection,
    ambient: &Ambient,
    id: HoldId,
    payee: &AccountName,
    amount: i64,
) -> Result<Journal, LedgerError> {
    let hold = open_hold(conn, id)?;
    if amount <= 0 {
        return Err(LedgerError::Malformed("a settlement settles nothing"));
    }
    if amount > hold.amount {
        return Err(LedgerError::HoldExceeded { hold: id, held: hold.amount });
    }
    let received = Movement { account: Account::from(payee), delta: amount, held_delta: 0 };
    let movements = vec![released(&hold, amount)?, received];
    close(conn, ambient, id, Outcome::Settled(amount), movements)
}

/// Releases the whole hold: it was decided that nothing is paid.
pub fn void_hold_in(
    conn: &mut Connection,
    ambient: &Ambient,
    id: HoldId,
) -> Result<Journal, LedgerError> {
    let hold = open_hold(conn, id)?;
    let movements = vec![released(&hold, 0)?];
    close(conn, ambient, id, Outcome::Voided, movements)
}

/// Releases the whole hold because nobody decided in time.
pub fn expire_hold_in(
    conn: &mut Connection,
    ambient: &Ambient,
    id: HoldId,
) -> Result<Journal, LedgerError> {
    let hold = open_hold(conn, id)?;
    if ambient.now() < hold.expires_at {
        return Err(LedgerError::HoldRunning { hold: id, until: hold.expires_at });
    }
    let movements = vec![released(&hold, 0)?];
    close(conn, ambient, id, Outcome::Expired, movements)
}

/// Holds without an outcome that may be released at `now`, the longest due first: work for [`expire_hold_in`].
pub fn due_holds_in(
    conn: &mut Connection,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Hold>, DatabaseError> {
    store::due_holds(conn, now, limit)
}

fn open_hold(conn: &mut Connection, id: HoldId) -> Result<StoredHold, LedgerError> {
    let (hold, closed) = store::find_hold(conn, id)?.ok_or(LedgerError::HoldNotFound)?;
    if closed { Err(LedgerError::HoldClosed(id)) } else { Ok(hold) }
}

fn released(hold: &StoredHold, paid: i64) -> Result<Movement, LedgerError> {
    let negative = |amount: i64| {
        amount.checked_neg().ok_or(LedgerError::Malformed("an amount has no opposite"))
    };
    let (delta, held_delta) = (negative(paid)?, negative(hold.amount)?);
    Ok(Movement { account: hold.account.clone(), delta, held_delta })
}

/// The business key is the hold's own: of two decisions at once the books take one.
fn close(
    conn: &mut Connection,
    ambient: &Ambient,
    id: HoldId,
    outcome: Outcome,
    movements: Vec<Movement>,
) -> Result<Journal, LedgerError> {
    let draft = Draft {
        kind: outcome.kind(),
        business_key: format!("hold-outcome:{id}"),
        annex: Annex::Ends(id, outcome),
        movements,
    };
    match write_in(conn, ambient, draft) {
        Err(LedgerError::AlreadyPosted { .. }) => Err(LedgerError::HoldClosed(id)),
        other => other,
    }
}
