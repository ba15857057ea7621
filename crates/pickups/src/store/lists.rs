use database::{Connection, DatabaseError};
use diesel::prelude::*;
use primitives::{AccountId, CollectorId, PickupId, Timestamp};

use crate::{
    Pickup, PickupStateName,
    schema::pickup,
    store::{complete, row::PickupRow},
};

/// Jobs that a vehicle still has to carry.
const OPEN: [&str; 6] = ["assigned", "en_route", "arrived", "weighed", "disputed", "confirmed"];

/// The account's jobs on either side, newest first, after the given place in the list.
pub(crate) fn page_of_party(
    conn: &mut Connection,
    account: AccountId,
    state: Option<PickupStateName>,
    after: Option<(Timestamp, PickupId)>,
    limit: i64,
) -> Result<Vec<Pickup>, DatabaseError> {
    let account = account.to_string();
    let sold = pickup::household_id.eq(account.clone());
    let mut query = pickup::table
        .filter(sold.or(pickup::collector_account_id.eq(account)))
        .order((pickup::assigned_at.desc(), pickup::id.desc()))
        .limit(limit)
        .into_boxed();
    if let Some(state) = state {
        query = query.filter(pickup::state.eq(state.as_str()));
    }
    if let Some((assigned_at, id)) = after {
        let earlier = pickup::assigned_at.lt(assigned_at.micros());
        let same_moment = pickup::assigned_at.eq(assigned_at.micros());
        query = query.filter(earlier.or(same_moment.and(pickup::id.lt(id.to_string()))));
    }
    let rows = query.load::<PickupRow>(conn)?;
    rows.into_iter().map(|row| complete(conn, row)).collect()
}

/// The collector's jobs that his vehicle still has to carry, the oldest first.
pub(crate) fn open_jobs(
    conn: &mut Connection,
    collector: CollectorId,
) -> Result<Vec<Pickup>, DatabaseError> {
    let rows = pickup::table
        .filter(pickup::collector_id.eq(collector.to_string()))
        .filter(pickup::state.eq_any(OPEN))
        .order((pickup::assigned_at, pickup::id))
        .load::<PickupRow>(conn)?;
    rows.into_iter().map(|row| complete(conn, row)).collect()
}

/// Whose vehicles have to carry how many grams and loose milliliters: one row per open job.
pub(crate) fn loads(
    conn: &mut Connection,
    collector: Option<CollectorId>,
) -> Result<Vec<(CollectorId, i64, i64)>, DatabaseError> {
    let mut query = pickup::table
        .filter(pickup::state.eq_any(OPEN))
        .select((pickup::collector_id, pickup::estimated_grams, pickup::estimated_milliliters))
        .into_boxed();
    if let Some(collector) = collector {
        query = query.filter(pickup::collector_id.eq(collector.to_string()));
    }
    let rows = query.load::<(String, i64, i64)>(conn)?;
    let read = |(id, grams, milliliters): (String, i64, i64)| {
        let collector = CollectorId::parse(&id);
        let collector = collector.map_err(|what| DatabaseError::corrupt("pickup", &id, what))?;
        Ok((collector, grams, milliliters))
    };
    rows.into_iter().map(read).collect()
}

/// Who got a job after the given moment, and when; once per job.
pub(crate) fn assigned_since(
    conn: &mut Connection,
    since: Timestamp,
) -> Result<Vec<(CollectorId, Timestamp)>, DatabaseError> {
    let rows = pickup::table
        .filter(pickup::assigned_at.gt(since.micros()))
        .order((pickup::assigned_at, pickup::id))
        .select((pickup::collector_id, pickup::assigned_at))
        .load::<(String, i64)>(conn)?;
    let read = |(id, assigned_at): (String, i64)| {
        let collector = CollectorId::parse(&id);
        let collector = collector.map_err(|what| DatabaseError::corrupt("pickup", &id, what))?;
        Ok((collector, Timestamp::from_micros(assigned_at)))
    };
    rows.into_iter().map(read).collect()
}

/// Jobs whose collector should have departed.
pub(crate) fn overdue(
    conn: &mut Connection,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Pickup>, DatabaseError> {
    let rows = pickup::table
        .filter(pickup::state.eq(PickupStateName::Assigned.as_str()))
        .filter(pickup::due_at.le(now.micros()))
        .order((pickup::due_at, pickup::id))
        .limit(limit)
        .load::<PickupRow>(conn)?;
    rows.into_iter().map(|row| complete(conn, row)).collect()
}

/// Paid jobs in the order of their ids, after the given one.
pub(crate) fn paid_after(
    conn: &mut Connection,
    after: Option<PickupId>,
    limit: i64,
) -> Result<Vec<Pickup>, DatabaseError> {
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    let rows = pickup::table
        .filter(pickup::state.eq(PickupStateName::Paid.as_str()))
        .filter(pickup::id.gt(after))
        .order(pickup::id)
        .limit(limit)
        .load::<PickupRow>(conn)?;
    rows.into_iter().map(|row| complete(conn, row)).collect()
}
