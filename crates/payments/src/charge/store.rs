mod releases;

use database::{Connection, DatabaseError};
use diesel::{
    Connection as _,
    dsl::{exists, not},
    prelude::*,
};
use primitives::{AccountId, Timestamp, TopUpId};

pub(super) use releases::{
    Taken, count_closings, decide_release, find_release, insert_closing, insert_release,
    page_suspended, release_of, take_from_day,
};

use super::{
    Charge, PayInChannel, Received,
    row::{ChargeRow, ReceivedRow},
};
use crate::{
    ProposalStateName,
    gateway::{GatewayName, Period},
    schema::{charge, incoming_payment, suspense_release},
};

const OPEN: [&str; 2] = ["created", "asked"];

/// Writes a new charge; false when another one of the account waits on the channel.
pub(super) fn insert(conn: &mut Connection, new: &Charge) -> Result<bool, DatabaseError> {
    let inserted = conn.transaction::<_, DatabaseError, _>(|savepoint| {
        Ok(diesel::insert_into(charge::table).values(ChargeRow::from(new)).execute(savepoint)?)
    });
    match inserted {
        Err(error) if error.violates("charge_account_id_channel_key") => Ok(false),
        other => other.map(|_one| true),
    }
}

/// Writes the charge only over the version that was read; false means that somebody else has it by now.
pub(super) fn save(
    conn: &mut Connection,
    read_version: i64,
    after: &Charge,
) -> Result<bool, DatabaseError> {
    let row = charge::table
        .filter(charge::id.eq(after.id.to_string()))
        .filter(charge::version.eq(read_version));
    Ok(diesel::update(row).set(ChargeRow::from(after)).execute(conn)? == 1)
}

pub(super) fn find(conn: &mut Connection, id: TopUpId) -> Result<Option<Charge>, DatabaseError> {
    let row: Option<ChargeRow> = charge::table.find(id.to_string()).first(conn).optional()?;
    row.map(Charge::try_from).transpose()
}

/// The charge that the gateway knows by this name of its own.
pub(super) fn find_by_reference(
    conn: &mut Connection,
    gateway: GatewayName,
    reference: &str,
) -> Result<Option<Charge>, DatabaseError> {
    let row: Option<ChargeRow> = charge::table
        .filter(charge::gateway.eq(gateway.as_str()))
        .filter(charge::reference.eq(reference))
        .first(conn)
        .optional()?;
    row.map(Charge::try_from).transpose()
}

/// The account's charge that waits for its payment on the channel.
pub(super) fn find_open(
    conn: &mut Connection,
    account: AccountId,
    channel: PayInChannel,
) -> Result<Option<Charge>, DatabaseError> {
    let row: Option<ChargeRow> = charge::table
        .filter(charge::account_id.eq(account.to_string()))
        .filter(charge::channel.eq(channel.as_str()))
        .filter(charge::state.eq_any(OPEN))
        .first(conn)
        .optional()?;
    row.map(Charge::try_from).transpose()
}

/// The account's charges, newest first, after the given place in the list.
pub(super) fn page_owned(
    conn: &mut Connection,
    account: AccountId,
    after: Option<(Timestamp, TopUpId)>,
    limit: i64,
) -> Result<Vec<Charge>, DatabaseError> {
    let mut query = charge::table
        .filter(charge::account_id.eq(account.to_string()))
        .order((charge::created_at.desc(), charge::id.desc()))
        .limit(limit)
        .into_boxed();
    if let Some((created_at, id)) = after {
        let earlier = charge::created_at.lt(created_at.micros());
        let same_moment = charge::created_at.eq(created_at.micros());
        query = query.filter(earlier.or(same_moment.and(charge::id.lt(id.to_string()))));
    }
    read(query.load::<ChargeRow>(conn)?)
}

/// Charges that a worker has to look at, those that wait longest first.
pub(super) fn due(
    conn: &mut Connection,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<TopUpId>, DatabaseError> {
    let ids = charge::table
        .filter(charge::due_at.le(now.micros()))
        .order((charge::due_at, charge::id))
        .limit(limit)
        .select(charge::id)
        .load::<String>(conn)?;
    let parse = |id: String| {
        TopUpId::parse(&id).map_err(|what| DatabaseError::corrupt("charge", &id, what))
    };
    ids.into_iter().map(parse).collect()
}

/// Charges that wait for a person, those that wait longest first, after the given place in the list.
pub(super) fn page_escalated(
    conn: &mut Connection,
    after: Option<(Timestamp, TopUpId)>,
    limit: i64,
) -> Result<Vec<Charge>, DatabaseError> {
    let (since, id) =
        after.map_or((i64::MIN, String::new()), |(since, id)| (since.micros(), id.to_string()));
    let later = charge::escalated_at.gt(since);
    let same_moment = charge::escalated_at.eq(since).and(charge::id.gt(id));
    let rows: Vec<ChargeRow> = charge::table
        .filter(charge::escalated_at.is_not_null())
        .filter(later.or(same_moment))
        .order((charge::escalated_at, charge::id))
        .limit(limit)
        .load(conn)?;
    read(rows)
}

/// Charges in the order of their ids, after the given one.
pub(super) fn after(
    conn: &mut Connection,
    last: Option<TopUpId>,
    limit: i64,
) -> Result<Vec<Charge>, DatabaseError> {
    let last = last.map(|id| id.to_string()).unwrap_or_default();
    let rows: Vec<ChargeRow> =
        charge::table.filter(charge::id.gt(last)).order(charge::id).limit(limit).load(conn)?;
    read(rows)
}

pub(super) fn insert_received(conn: &mut Connection, new: &Received) -> Result<(), DatabaseError> {
    diesel::insert_into(incoming_payment::table).values(ReceivedRow::from(new)).execute(conn)?;
    Ok(())
}

/// The payment on the books that the gateway knows by this name.
pub(super) fn find_received(
    conn: &mut Connection,
    gateway: GatewayName,
    reference: &str,
) -> Result<Option<Received>, DatabaseError> {
    let row: Option<ReceivedRow> =
        incoming_payment::table.find((gateway.as_str(), reference)).first(conn).optional()?;
    row.map(Received::try_from).transpose()
}

/// What came in for a charge, in the order in which we learnt of it.
pub(super) fn received_for(
    conn: &mut Connection,
    charge: TopUpId,
) -> Result<Vec<Received>, DatabaseError> {
    let rows: Vec<ReceivedRow> = incoming_payment::table
        .filter(incoming_payment::charge_id.eq(charge.to_string()))
        .order((incoming_payment::created_at, incoming_payment::reference))
        .load(conn)?;
    rows.into_iter().map(Received::try_from).collect()
}

/// What we learnt of in a period, by the names of the payments.
pub(super) fn received_between(
    conn: &mut Connection,
    gateway: GatewayName,
    period: Period,
) -> Result<Vec<Received>, DatabaseError> {
    let rows: Vec<ReceivedRow> = incoming_payment::table
        .filter(incoming_payment::gateway.eq(gateway.as_str()))
        .filter(incoming_payment::created_at.ge(period.from.micros()))
        .filter(incoming_payment::created_at.lt(period.until.micros()))
        .order(incoming_payment::reference)
        .load(conn)?;
    rows.into_iter().map(Received::try_from).collect()
}

/// What waits in suspense for a charge, in the order in which we learnt of it.
pub(super) fn suspended_for(
    conn: &mut Connection,
    charge: TopUpId,
) -> Result<Vec<Received>, DatabaseError> {
    let rows: Vec<ReceivedRow> = incoming_payment::table
        .filter(incoming_payment::charge_id.eq(charge.to_string()))
        .filter(incoming_payment::place.eq("suspense"))
        .filter(not(exists(
            suspense_release::table
                .filter(suspense_release::gateway.eq(incoming_payment::gateway))
                .filter(suspense_release::payment.eq(incoming_payment::reference))
                .filter(suspense_release::state.eq(ProposalStateName::Approved.as_str())),
        )))
        .order((incoming_payment::created_at, incoming_payment::reference))
        .load(conn)?;
    rows.into_iter().map(Received::try_from).collect()
}

fn read(rows: Vec<ChargeRow>) -> Result<Vec<Charge>, DatabaseError> {
    rows.into_iter().map(Charge::try_from).collect()
}
