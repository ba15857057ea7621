use database::{Connection, DatabaseError};
use diesel::prelude::*;
use primitives::{HoldId, Timestamp};

use crate::{
    Hold,
    rules::Account,
    schema::{hold, hold_outcome, ledger_account},
};

/// A hold as it stands in the tables.
pub(crate) struct StoredHold {
    pub(crate) amount: i64,
    pub(crate) expires_at: Timestamp,
    pub(crate) account: Account,
}

/// How a hold ended.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Outcome {
    /// So much was paid out of it.
    Settled(i64),
    /// It was decided that nothing is paid.
    Voided,
    /// Nobody decided in time.
    Expired,
}

impl Outcome {
    const fn word(self) -> &'static str {
        match self {
            Self::Settled(_) => "settled",
            Self::Voided => "voided",
            Self::Expired => "expired",
        }
    }

    /// What the journal that ends the hold is called.
    pub(crate) const fn kind(self) -> &'static str {
        match self {
            Self::Settled(_) => "hold_settled",
            Self::Voided => "hold_voided",
            Self::Expired => "hold_expired",
        }
    }

    const fn settled(self) -> i64 {
        match self {
            Self::Settled(amount) => amount,
            Self::Voided | Self::Expired => 0,
        }
    }
}

pub(crate) fn insert_hold(
    conn: &mut Connection,
    journal: i64,
    account: &str,
    new: &Hold,
) -> Result<(), DatabaseError> {
    let number = super::account_number(conn, account)?.ok_or(DatabaseError::NotFound)?;
    diesel::insert_into(hold::table)
        .values((
            hold::id.eq(new.id.to_string()),
            hold::journal.eq(journal),
            hold::account.eq(number),
            hold::amount.eq(new.amount),
            hold::expires_at.eq(new.expires_at.micros()),
        ))
        .execute(conn)?;
    Ok(())
}

pub(crate) fn insert_outcome(
    conn: &mut Connection,
    journal: i64,
    id: HoldId,
    outcome: Outcome,
) -> Result<(), DatabaseError> {
    diesel::insert_into(hold_outcome::table)
        .values((
            hold_outcome::hold.eq(id.to_string()),
            hold_outcome::journal.eq(journal),
            hold_outcome::outcome.eq(outcome.word()),
            hold_outcome::settled.eq(outcome.settled()),
        ))
        .execute(conn)?;
    Ok(())
}

/// The hold, and whether it is closed.
pub(crate) fn find_hold(
    conn: &mut Connection,
    id: HoldId,
) -> Result<Option<(StoredHold, bool)>, DatabaseError> {
    type Row = (i64, i64, (String, String, Option<i64>), Option<String>);
    let row: Option<Row> = hold::table
        .inner_join(ledger_account::table)
        .left_join(hold_outcome::table.on(hold_outcome::hold.eq(hold::id)))
        .filter(hold::id.eq(id.to_string()))
        .select((
            hold::amount,
            hold::expires_at,
            (ledger_account::name, ledger_account::unit, ledger_account::floor),
            hold_outcome::outcome.nullable(),
        ))
        .first(conn)
        .optional()?;
    Ok(row.map(|(amount, expires_at, (name, unit, floor), outcome)| {
        let account = Account { name, unit, floor };
        let hold = StoredHold { amount, expires_at: Timestamp::from_micros(expires_at), account };
        (hold, outcome.is_some())
    }))
}
