mod facts;
mod lists;
mod row;

use database::{Connection, DatabaseError};
use diesel::prelude::*;
use primitives::PickupId;

pub(crate) use facts::{add_rating, add_weighing, open_dispute, rating_by, resolve_dispute};
pub(crate) use lists::{assigned_since, loads, open_jobs, overdue, page_of_party, paid_after};

use crate::{
    Pickup,
    handover::MOST_WRONG_CODES,
    schema::{pickup, pickup_price},
    store::row::{PickupRow, PriceRow, StateRow},
};

/// Writes a new job with its frozen prices.
pub(crate) fn insert(conn: &mut Connection, new: &Pickup) -> Result<(), DatabaseError> {
    diesel::insert_into(pickup::table).values(PickupRow::from(new)).execute(conn)?;
    for price in PriceRow::of(new) {
        diesel::insert_into(pickup_price::table).values(price).execute(conn)?;
    }
    Ok(())
}

/// Writes the new state only over the version that was read; false means that somebody was faster.
pub(crate) fn save(
    conn: &mut Connection,
    read_version: i64,
    after: &Pickup,
) -> Result<bool, DatabaseError> {
    let row = pickup::table
        .filter(pickup::id.eq(after.id.to_string()))
        .filter(pickup::version.eq(read_version));
    Ok(diesel::update(row).set(StateRow::from(after)).execute(conn)? == 1)
}

/// Any job: whose business it is, the caller decides.
pub(crate) fn find(conn: &mut Connection, id: PickupId) -> Result<Option<Pickup>, DatabaseError> {
    let row = pickup::table.find(id.to_string()).first::<PickupRow>(conn).optional()?;
    row.map(|row| complete(conn, row)).transpose()
}

/// Counts a try of the handover code before anybody compares it; false when there are none left.
pub(crate) fn count_try(conn: &mut Connection, id: PickupId) -> Result<bool, DatabaseError> {
    let row = pickup::table
        .filter(pickup::id.eq(id.to_string()))
        .filter(pickup::wrong_codes.lt(MOST_WRONG_CODES));
    let counted = pickup::wrong_codes.eq(pickup::wrong_codes + 1);
    Ok(diesel::update(row).set(counted).execute(conn)? == 1)
}

/// Takes back what `count_try` counted in this unit of work: the code was right.
pub(crate) fn uncount_try(conn: &mut Connection, id: PickupId) -> Result<(), DatabaseError> {
    let row = pickup::table.filter(pickup::id.eq(id.to_string()));
    diesel::update(row).set(pickup::wrong_codes.eq(pickup::wrong_codes - 1)).execute(conn)?;
    Ok(())
}

/// Adds the rows of the other tables to a row of this one.
fn complete(conn: &mut Connection, row: PickupRow) -> Result<Pickup, DatabaseError> {
    let id = row.id.clone();
    let prices = pickup_price::table
        .filter(pickup_price::pickup_id.eq(&id))
        .order(pickup_price::material)
        .load::<PriceRow>(conn)?;
    let weighed = if row.is_weighed() { facts::weighed(conn, &id)? } else { None };
    let disputed = if row.is_disputed() { facts::dispute(conn, &id)? } else { None };
    row.read(prices, weighed, disputed).map_err(|what| DatabaseError::corrupt("pickup", id, what))
}
