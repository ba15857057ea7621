use database::{Connection, DatabaseError};
use diesel::{Connection as _, prelude::*};
use primitives::{AccountId, Timestamp};

use crate::{
    rules::{DAY, MOST_PER_DAY},
    schema::photo_allowance,
};

/// Spends one upload; when nothing is left, says from when on there is more.
pub(crate) fn spend(
    conn: &mut Connection,
    owner: AccountId,
    now: Timestamp,
) -> Result<Option<Timestamp>, DatabaseError> {
    // Whoever loses the race to open the window finds it open, with something left.
    if spend_within(conn, owner, now)?
        || renew(conn, owner, now)?
        || open(conn, owner, now)?
        || spend_within(conn, owner, now)?
    {
        return Ok(None);
    }
    let this = photo_allowance::table.find(owner.to_string());
    let started_at: i64 = this.select(photo_allowance::started_at).first(conn)?;
    Ok(Some(Timestamp::from_micros(started_at).plus(DAY)))
}

fn spend_within(
    conn: &mut Connection,
    owner: AccountId,
    now: Timestamp,
) -> Result<bool, DatabaseError> {
    let within = photo_allowance::table
        .filter(photo_allowance::owner_id.eq(owner.to_string()))
        .filter(photo_allowance::started_at.gt(now.minus(DAY).micros()))
        .filter(photo_allowance::spent.lt(MOST_PER_DAY));
    let spent = photo_allowance::spent.eq(photo_allowance::spent + 1);
    Ok(diesel::update(within).set(spent).execute(conn)? == 1)
}

fn renew(conn: &mut Connection, owner: AccountId, now: Timestamp) -> Result<bool, DatabaseError> {
    let over = photo_allowance::table
        .filter(photo_allowance::owner_id.eq(owner.to_string()))
        .filter(photo_allowance::started_at.le(now.minus(DAY).micros()));
    let fresh = (photo_allowance::started_at.eq(now.micros()), photo_allowance::spent.eq(1));
    Ok(diesel::update(over).set(fresh).execute(conn)? == 1)
}

fn open(conn: &mut Connection, owner: AccountId, now: Timestamp) -> Result<bool, DatabaseError> {
    let row = (
        photo_allowance::owner_id.eq(owner.to_string()),
        photo_allowance::started_at.eq(now.micros()),
        photo_allowance::spent.eq(1),
    );
    let opened = conn.transaction(|conn| -> Result<(), DatabaseError> {
        diesel::insert_into(photo_allowance::table).values(row).execute(conn)?;
        Ok(())
    });
    match opened {
        Err(error) if error.violates("photo_allowance_owner_id_key") => Ok(false),
        other => other.map(|()| true),
    }
}
