mod row;

use std::collections::HashMap;

use database::{Connection, DatabaseError};
use diesel::{prelude::*, sql_query, sql_types::BigInt};
use primitives::{AccountId, CollectorId, OfferId, ReportId, Timestamp};

use crate::{
    Offer, OfferState, OfferStateName,
    rules::OFFER_LIFE,
    schema::{offer, offer_price},
    store::row::{OfferRow, PriceRow},
};

/// Small enough for SQLite's limit on bound values.
const CHUNK: usize = 500;

/// Lets one acceptance of a collector's after the other look at what his vehicle still holds.
///
/// SQLite has one writer anyway; PostgreSQL holds the turn until the transaction ends.
pub(crate) fn take_turn(
    conn: &mut Connection,
    collector: CollectorId,
) -> Result<(), DatabaseError> {
    if let Connection::Postgres(conn) = conn {
        let [high, low] = [collector.as_u128() >> 64, collector.as_u128()].map(|half| {
            let [.., a, b, c, d, e, f, g, h] = half.to_be_bytes();
            i64::from_be_bytes([a, b, c, d, e, f, g, h])
        });
        sql_query("SELECT pg_advisory_xact_lock($1)")
            .bind::<BigInt, _>(high ^ low)
            .execute(conn)?;
    }
    Ok(())
}

/// Writes a new offer; a second pending one violates `offer_report_id_collector_id_key`.
pub(crate) fn insert(conn: &mut Connection, new: &Offer) -> Result<(), DatabaseError> {
    diesel::insert_into(offer::table).values(OfferRow::from(new)).execute(conn)?;
    for price in PriceRow::of(new) {
        diesel::insert_into(offer_price::table).values(price).execute(conn)?;
    }
    Ok(())
}

/// Ends a pending offer; false means that it had ended before.
pub(crate) fn close(
    conn: &mut Connection,
    id: OfferId,
    end: &OfferState,
) -> Result<bool, DatabaseError> {
    let row = offer::table
        .filter(offer::id.eq(id.to_string()))
        .filter(offer::state.eq(OfferStateName::Pending.as_str()));
    let ended = (
        offer::state.eq(end.name().as_str()),
        offer::closed_at.eq(end.closed_at().map(Timestamp::micros)),
        offer::pickup_id.eq(end.pickup().map(|pickup| pickup.to_string())),
    );
    Ok(diesel::update(row).set(ended).execute(conn)? == 1)
}

/// The offer, if it was made to this household.
pub(crate) fn find_of_household(
    conn: &mut Connection,
    household: AccountId,
    id: OfferId,
) -> Result<Option<Offer>, DatabaseError> {
    Ok(find(conn, id)?.filter(|offer| offer.household == household))
}

/// The offer, if this collector made it.
pub(crate) fn find_of_collector(
    conn: &mut Connection,
    collector: CollectorId,
    id: OfferId,
) -> Result<Option<Offer>, DatabaseError> {
    Ok(find(conn, id)?.filter(|offer| offer.collector == collector))
}

/// The offers on a report, newest first, after the given place in the list.
pub(crate) fn page_of_report(
    conn: &mut Connection,
    report: ReportId,
    after: Option<(Timestamp, OfferId)>,
    limit: i64,
) -> Result<Vec<Offer>, DatabaseError> {
    let mut query = offer::table
        .filter(offer::report_id.eq(report.to_string()))
        .order((offer::created_at.desc(), offer::id.desc()))
        .limit(limit)
        .into_boxed();
    if let Some((created_at, id)) = after {
        let earlier = offer::created_at.lt(created_at.micros());
        let same_moment = offer::created_at.eq(created_at.micros());
        query = query.filter(earlier.or(same_moment.and(offer::id.lt(id.to_string()))));
    }
    let rows = query.load::<OfferRow>(conn)?;
    with_prices(conn, rows)
}

/// The offers on a report that wait for the household, oldest first.
pub(crate) fn pending_of_report(
    conn: &mut Connection,
    report: ReportId,
) -> Result<Vec<Offer>, DatabaseError> {
    let rows = offer::table
        .filter(offer::report_id.eq(report.to_string()))
        .filter(offer::state.eq(OfferStateName::Pending.as_str()))
        .order((offer::created_at, offer::id))
        .load::<OfferRow>(conn)?;
    with_prices(conn, rows)
}

/// Pending offers whose time has passed.
pub(crate) fn overdue(
    conn: &mut Connection,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Offer>, DatabaseError> {
    let too_old = offer::created_at.le(now.minus(OFFER_LIFE).micros());
    let too_late = offer::pickup_at.lt(now.micros());
    let rows = offer::table
        .filter(offer::state.eq(OfferStateName::Pending.as_str()))
        .filter(too_old.or(too_late))
        .order((offer::created_at, offer::id))
        .limit(limit)
        .load::<OfferRow>(conn)?;
    with_prices(conn, rows)
}

fn find(conn: &mut Connection, id: OfferId) -> Result<Option<Offer>, DatabaseError> {
    let row = offer::table.find(id.to_string()).first::<OfferRow>(conn).optional()?;
    Ok(with_prices(conn, row.into_iter().collect())?.pop())
}

fn with_prices(conn: &mut Connection, rows: Vec<OfferRow>) -> Result<Vec<Offer>, DatabaseError> {
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let mut prices: HashMap<String, Vec<PriceRow>> = HashMap::new();
    for ids in ids.chunks(CHUNK) {
        let found = offer_price::table
            .filter(offer_price::offer_id.eq_any(ids))
            .order((offer_price::offer_id, offer_price::material))
            .load::<PriceRow>(conn)?;
        for price in found {
            prices.entry(price.offer_id.clone()).or_default().push(price);
        }
    }
    let read = |row: OfferRow| {
        let id = row.id.clone();
        let prices = prices.remove(&id).unwrap_or_default();
        row.read(prices).map_err(|what| DatabaseError::corrupt("offer", id, what))
    };
    rows.into_iter().map(read).collect()
}
