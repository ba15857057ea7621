mod row;

use std::collections::HashMap;

use database::{Connection, DatabaseError};
use diesel::{Connection as _, dsl::sql, prelude::*, sql_types::BigInt};
use primitives::{CollectorId, DeliveryId, Timestamp};

use self::row::{DeliveryRow, EndRow, LineRow};
use crate::{
    Delivery, DeliveryStateName, Period, Role,
    difference::Delivered,
    schema::{delivery, delivery_line},
};

/// Writes a new delivery; false when the collector has one under way.
pub(crate) fn insert(conn: &mut Connection, new: &Delivery) -> Result<bool, DatabaseError> {
    let inserted = conn.transaction::<_, DatabaseError, _>(|savepoint| {
        let row = DeliveryRow::from(new);
        Ok(diesel::insert_into(delivery::table).values(row).execute(savepoint)?)
    });
    match inserted {
        Err(error) if error.violates("delivery_collector_id_key") => return Ok(false),
        other => other?,
    };
    for line in row::lines_of(new) {
        diesel::insert_into(delivery_line::table).values(line).execute(conn)?;
    }
    Ok(true)
}

/// Writes how the delivery ended, if nobody has ended it since it was read.
pub(crate) fn end(conn: &mut Connection, after: &Delivery) -> Result<bool, DatabaseError> {
    let announced = delivery::table
        .find(after.id.to_string())
        .filter(delivery::state.eq(DeliveryStateName::Announced.as_str()));
    if diesel::update(announced).set(EndRow::from(after)).execute(conn)? != 1 {
        return Ok(false);
    }
    for load in after.receipt().into_iter().flat_map(|receipt| &receipt.loads) {
        let line = delivery_line::table.find((after.id.to_string(), load.material.as_str()));
        let weighed = delivery_line::received_grams.eq(load.grams.get());
        diesel::update(line).set(weighed).execute(conn)?;
    }
    Ok(true)
}

pub(crate) fn find(
    conn: &mut Connection,
    id: DeliveryId,
) -> Result<Option<Delivery>, DatabaseError> {
    let row: Option<DeliveryRow> = delivery::table.find(id.to_string()).first(conn).optional()?;
    Ok(complete(conn, row.into_iter().collect())?.pop())
}

/// The collector's delivery that is under way.
pub(crate) fn under_way(
    conn: &mut Connection,
    collector: CollectorId,
) -> Result<Option<DeliveryId>, DatabaseError> {
    let id: Option<String> = delivery::table
        .filter(delivery::collector_id.eq(collector.to_string()))
        .filter(delivery::state.eq(DeliveryStateName::Announced.as_str()))
        .select(delivery::id)
        .first(conn)
        .optional()?;
    let read = |id: String| {
        DeliveryId::parse(&id).map_err(|what| DatabaseError::corrupt("delivery", &id, what))
    };
    id.map(read).transpose()
}

/// The party's deliveries, newest first, after the given one.
pub(crate) fn page_of_party(
    conn: &mut Connection,
    party: CollectorId,
    (role, state): (Option<Role>, Option<DeliveryStateName>),
    after: Option<DeliveryId>,
    limit: i64,
) -> Result<Vec<Delivery>, DatabaseError> {
    let party = party.to_string();
    let mut query = delivery::table.order(delivery::id.desc()).limit(limit).into_boxed();
    query = match role {
        Some(Role::Collector) => query.filter(delivery::collector_id.eq(party)),
        Some(Role::Facility) => query.filter(delivery::facility_id.eq(party)),
        None => query
            .filter(delivery::collector_id.eq(party.clone()).or(delivery::facility_id.eq(party))),
    };
    if let Some(state) = state {
        query = query.filter(delivery::state.eq(state.as_str()));
    }
    if let Some(after) = after {
        query = query.filter(delivery::id.lt(after.to_string()));
    }
    let rows: Vec<DeliveryRow> = query.load(conn)?;
    complete(conn, rows)
}

/// Deliveries that nobody has received in time.
pub(crate) fn due(
    conn: &mut Connection,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Delivery>, DatabaseError> {
    let rows: Vec<DeliveryRow> = delivery::table
        .filter(delivery::state.eq(DeliveryStateName::Announced.as_str()))
        .filter(delivery::expires_at.le(now.micros()))
        .order((delivery::expires_at, delivery::id))
        .limit(limit)
        .load(conn)?;
    complete(conn, rows)
}

/// Deliveries in one state, in the order of their ids, after the given one.
pub(crate) fn page_in_state(
    conn: &mut Connection,
    state: DeliveryStateName,
    after: Option<DeliveryId>,
    limit: i64,
) -> Result<Vec<Delivery>, DatabaseError> {
    let rows: Vec<DeliveryRow> = delivery::table
        .filter(delivery::state.eq(state.as_str()))
        .filter(delivery::id.gt(after.map(|id| id.to_string()).unwrap_or_default()))
        .order(delivery::id)
        .limit(limit)
        .load(conn)?;
    complete(conn, rows)
}

/// What facilities received of the collector within the period.
pub(crate) fn delivered(
    conn: &mut Connection,
    collector: CollectorId,
    period: Period,
) -> Result<Delivered, DatabaseError> {
    let (deliveries, announced_grams, received_grams) = delivery::table
        .inner_join(delivery_line::table)
        .filter(delivery::collector_id.eq(collector.to_string()))
        .filter(delivery::state.eq(DeliveryStateName::Received.as_str()))
        .filter(delivery::ended_at.ge(period.from.micros()))
        .filter(delivery::ended_at.lt(period.until.micros()))
        .select((
            sql::<BigInt>("COUNT(DISTINCT delivery.id)"),
            sql::<BigInt>("CAST(COALESCE(SUM(delivery_line.grams), 0) AS BIGINT)"),
            sql::<BigInt>("CAST(COALESCE(SUM(delivery_line.received_grams), 0) AS BIGINT)"),
        ))
        .first(conn)?;
    Ok(Delivered { deliveries, announced_grams, received_grams })
}

/// The rows with their lines, in the order in which they came.
fn complete(conn: &mut Connection, rows: Vec<DeliveryRow>) -> Result<Vec<Delivery>, DatabaseError> {
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let lines: Vec<LineRow> = delivery_line::table
        .filter(delivery_line::delivery_id.eq_any(ids))
        .order((delivery_line::delivery_id, delivery_line::material))
        .load(conn)?;
    let mut by_delivery: HashMap<String, Vec<LineRow>> = HashMap::new();
    for line in lines {
        by_delivery.entry(line.delivery_id.clone()).or_default().push(line);
    }
    let read = |row: DeliveryRow| {
        let lines = by_delivery.remove(&row.id).unwrap_or_default();
        row.read(&lines)
    };
    rows.into_iter().map(read).collect()
}
