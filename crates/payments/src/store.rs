mod adjustments;
mod deposits;
mod disputes;
mod row;
mod top_ups;

use database::{Connection, DatabaseError};
use diesel::{Connection as _, dsl::count_star, prelude::*};
use primitives::{PaymentId, PickupId, Timestamp};

use self::row::{PaymentRow, StateRow};
use crate::{Payment, PaymentStateName, schema::payment};

pub(crate) use adjustments::{
    adjustments_of_region, approved_after, decide_adjustment, find_adjustment, insert_adjustment,
    take_from_day,
};
pub(crate) use deposits::{
    deposit_rule_of, end_deposit, expired_deposits, insert_deposit, open_deposits_after,
    set_deposit_rule,
};
pub(crate) use disputes::{
    close_dispute, count_disputed, count_ignored_rulings, disputes_of, open_dispute, open_disputes,
};
pub(crate) use top_ups::{insert_top_up, top_ups_after};

/// Writes a new payment; false when the job has one that counts already.
pub(crate) fn insert(conn: &mut Connection, new: &Payment) -> Result<bool, DatabaseError> {
    let inserted = conn.transaction::<_, DatabaseError, _>(|savepoint| {
        let row = PaymentRow::from(new);
        Ok(diesel::insert_into(payment::table).values(row).execute(savepoint)?)
    });
    match inserted {
        Err(error) if error.violates("payment_pickup_id_key") => Ok(false),
        other => other.map(|_one| true),
    }
}

/// Writes the state, if nobody changed the payment since `version`.
pub(crate) fn save(
    conn: &mut Connection,
    version: i64,
    after: &Payment,
) -> Result<bool, DatabaseError> {
    let untouched = payment::table
        .filter(payment::id.eq(after.id.to_string()))
        .filter(payment::version.eq(version));
    let changed = diesel::update(untouched).set(StateRow::from(after)).execute(conn)?;
    Ok(changed == 1)
}

pub(crate) fn find(conn: &mut Connection, id: PaymentId) -> Result<Option<Payment>, DatabaseError> {
    let row: Option<PaymentRow> = payment::table.find(id.to_string()).first(conn).optional()?;
    row.map(Payment::try_from).transpose()
}

/// The payment of the job that counts: any but a denied one.
pub(crate) fn find_of_pickup(
    conn: &mut Connection,
    pickup: PickupId,
) -> Result<Option<Payment>, DatabaseError> {
    let row: Option<PaymentRow> = payment::table
        .filter(payment::pickup_id.eq(pickup.to_string()))
        .filter(payment::state.ne(PaymentStateName::Failed.as_str()))
        .first(conn)
        .optional()?;
    row.map(Payment::try_from).transpose()
}

/// Claims from before `since` that nobody has answered or flagged, oldest first.
pub(crate) fn unanswered(
    conn: &mut Connection,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<Payment>, DatabaseError> {
    let rows: Vec<PaymentRow> = payment::table
        .filter(payment::state.eq(PaymentStateName::Pending.as_str()))
        .filter(payment::flagged_at.is_null())
        .filter(payment::claimed_at.le(since.micros()))
        .order((payment::claimed_at, payment::id))
        .limit(limit)
        .load(conn)?;
    rows.into_iter().map(Payment::try_from).collect()
}

/// How many payments are settled.
pub(crate) fn count_settled(conn: &mut Connection) -> Result<i64, DatabaseError> {
    let settled = payment::table.filter(payment::state.eq(PaymentStateName::Settled.as_str()));
    Ok(settled.select(count_star()).first(conn)?)
}
