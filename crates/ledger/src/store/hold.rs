use database::{Connection, DatabaseError};
use diesel::prelude::*;
use primitives::{HoldId, Timestamp};

use crate::{
    Hold,
    annex::Outcome,
    rules::Account,
    schema::{hold, hold_outcome, ledger_account, open_hold},
};

/// A hold as it stands in the tables.
pub(crate) struct StoredHold {
    pub(crate) amount: i64,
    pub(crate) expires_at: Timestamp,
    pub(crate) account: Account,
}

pub(crate) fn insert_hold(
    conn: &mut Connection,
    journal: i64,
    account: i64,
    new: &Hold,
) -> Result<(), DatabaseError> {
    diesel::insert_into(hold::table)
        .values((
            hold::id.eq(new.id.to_string()),
            hold::journal.eq(journal),
            hold::account.eq(account),
            hold::amount.eq(new.amount),
            hold::expires_at.eq(new.expires_at.micros()),
        ))
        .execute(conn)?;
    diesel::insert_into(open_hold::table)
        .values((
            open_hold::hold.eq(new.id.to_string()),
            open_hold::expires_at.eq(new.expires_at.micros()),
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
    diesel::delete(open_hold::table.find(id.to_string())).execute(conn)?;
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

/// Open holds that expire at `now` or before, in that order.
pub(crate) fn due_holds(
    conn: &mut Connection,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Hold>, DatabaseError> {
    let rows: Vec<(String, i64, i64)> = open_hold::table
        .inner_join(hold::table)
        .filter(open_hold::expires_at.le(now.micros()))
        .order((open_hold::expires_at, open_hold::hold))
        .limit(limit)
        .select((hold::id, hold::amount, hold::expires_at))
        .load(conn)?;
    rows.into_iter().map(hold_of).collect()
}

fn hold_of((id, amount, expires_at): (String, i64, i64)) -> Result<Hold, DatabaseError> {
    let parsed =
        HoldId::parse(&id).map_err(|invalid| DatabaseError::corrupt("hold", &id, invalid))?;
    Ok(Hold { id: parsed, amount, expires_at: Timestamp::from_micros(expires_at) })
}
