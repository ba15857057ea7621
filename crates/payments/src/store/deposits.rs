use database::{Connection, DatabaseError};
use diesel::prelude::*;
use primitives::{HoldId, PickupId, RegionCode, Timestamp};

use crate::{
    deposit::Deposit,
    schema::{deposit, deposit_rule},
};

/// Whether the region itself says that money is to be set aside; none when it says nothing.
pub(crate) fn deposit_rule_of(
    conn: &mut Connection,
    region: &RegionCode,
) -> Result<Option<bool>, DatabaseError> {
    let rule = deposit_rule::table.find(region.to_string()).select(deposit_rule::required);
    Ok(rule.first(conn).optional()?)
}

pub(crate) fn set_deposit_rule(
    conn: &mut Connection,
    region: &RegionCode,
    required: bool,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    let set = (deposit_rule::required.eq(required), deposit_rule::changed_at.eq(now.micros()));
    let changed =
        diesel::update(deposit_rule::table.find(region.to_string())).set(set).execute(conn)?;
    if changed == 0 {
        diesel::insert_into(deposit_rule::table)
            .values((deposit_rule::region.eq(region.to_string()), set))
            .execute(conn)?;
    }
    Ok(())
}

pub(crate) fn insert_deposit(conn: &mut Connection, new: &Deposit) -> Result<(), DatabaseError> {
    diesel::insert_into(deposit::table)
        .values((
            deposit::pickup_id.eq(new.pickup.to_string()),
            deposit::hold_id.eq(new.hold.to_string()),
            deposit::amount_rupiah.eq(new.amount.get()),
            deposit::expires_at.eq(new.expires_at.micros()),
        ))
        .execute(conn)?;
    Ok(())
}

/// Ends the job's deposit and names its hold; none when there is none, or when somebody was faster.
pub(crate) fn end_deposit(
    conn: &mut Connection,
    of: PickupId,
    now: Timestamp,
) -> Result<Option<HoldId>, DatabaseError> {
    let open = deposit::table.find(of.to_string()).filter(deposit::ended_at.is_null());
    let ended = diesel::update(open).set(deposit::ended_at.eq(now.micros())).execute(conn)?;
    if ended == 0 {
        return Ok(None);
    }
    let hold: String = deposit::table.find(of.to_string()).select(deposit::hold_id).first(conn)?;
    HoldId::parse(&hold).map(Some).map_err(|what| DatabaseError::corrupt("deposit", of, what))
}

/// Jobs whose deposit is open, in the order of their ids, after the given one.
pub(crate) fn open_deposits_after(
    conn: &mut Connection,
    last: Option<PickupId>,
    limit: i64,
) -> Result<Vec<PickupId>, DatabaseError> {
    let ids: Vec<String> = deposit::table
        .filter(deposit::ended_at.is_null())
        .filter(deposit::pickup_id.gt(last.map(|id| id.to_string()).unwrap_or_default()))
        .order(deposit::pickup_id)
        .limit(limit)
        .select(deposit::pickup_id)
        .load(conn)?;
    ids.into_iter().map(read_id).collect()
}

/// Jobs whose deposit has expired, oldest first.
pub(crate) fn expired_deposits(
    conn: &mut Connection,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<PickupId>, DatabaseError> {
    let ids: Vec<String> = deposit::table
        .filter(deposit::ended_at.is_null())
        .filter(deposit::expires_at.le(now.micros()))
        .order((deposit::expires_at, deposit::pickup_id))
        .limit(limit)
        .select(deposit::pickup_id)
        .load(conn)?;
    ids.into_iter().map(read_id).collect()
}

fn read_id(id: String) -> Result<PickupId, DatabaseError> {
    PickupId::parse(&id).map_err(|what| DatabaseError::corrupt("deposit", &id, what))
}
