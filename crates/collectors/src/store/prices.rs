//! Price lists as rows: added, never changed.

use database::{Connection, DatabaseError};
use diesel::{dsl::Desc, prelude::*};
use primitives::{CollectorId, Timestamp};

use crate::{PriceList, Prices, schema::collector_price_list};

pub(crate) fn insert(
    conn: &mut Connection,
    collector: CollectorId,
    list: &PriceList,
) -> Result<(), DatabaseError> {
    diesel::insert_into(collector_price_list::table)
        .values((
            collector_price_list::collector_id.eq(collector.to_string()),
            collector_price_list::number.eq(list.number),
            collector_price_list::valid_from.eq(list.valid_from.micros()),
            collector_price_list::created_at.eq(list.created_at.micros()),
            collector_price_list::prices.eq(Prices::of(&list.items).as_str()),
        ))
        .execute(conn)?;
    Ok(())
}

/// How many lists the collector has published.
pub(crate) fn count(conn: &mut Connection, collector: CollectorId) -> Result<i64, DatabaseError> {
    let count = collector_price_list::table
        .filter(collector_price_list::collector_id.eq(collector.to_string()))
        .count()
        .get_result(conn)?;
    Ok(count)
}

/// The list in force: the latest `valid_from` not after `now`; of two with the same date the later published.
pub(crate) fn in_force(
    conn: &mut Connection,
    collector: CollectorId,
    now: Timestamp,
) -> Result<Option<PriceList>, DatabaseError> {
    let row: Option<Row> = collector_price_list::table
        .filter(collector_price_list::collector_id.eq(collector.to_string()))
        .filter(collector_price_list::valid_from.le(now.micros()))
        .order(latest_first())
        .select(COLUMNS)
        .first(conn)
        .optional()?;
    row.map(|row| list_of(collector, row)).transpose()
}

/// How many lists came into force some time after they were published: changes that no command made.
pub(crate) fn turned(
    conn: &mut Connection,
    collector: CollectorId,
    now: Timestamp,
) -> Result<i64, DatabaseError> {
    let count = collector_price_list::table
        .filter(collector_price_list::collector_id.eq(collector.to_string()))
        .filter(collector_price_list::valid_from.le(now.micros()))
        .filter(collector_price_list::valid_from.gt(collector_price_list::created_at))
        .count()
        .get_result(conn)?;
    Ok(count)
}

/// The lists announced for later, soonest first.
pub(crate) fn announced(
    conn: &mut Connection,
    collector: CollectorId,
    now: Timestamp,
) -> Result<Vec<PriceList>, DatabaseError> {
    let rows: Vec<Row> = collector_price_list::table
        .filter(collector_price_list::collector_id.eq(collector.to_string()))
        .filter(collector_price_list::valid_from.gt(now.micros()))
        .order((collector_price_list::valid_from, collector_price_list::number))
        .select(COLUMNS)
        .load(conn)?;
    rows.into_iter().map(|row| list_of(collector, row)).collect()
}

type Row = (i64, i64, i64, String);

const COLUMNS: (
    collector_price_list::number,
    collector_price_list::valid_from,
    collector_price_list::created_at,
    collector_price_list::prices,
) = (
    collector_price_list::number,
    collector_price_list::valid_from,
    collector_price_list::created_at,
    collector_price_list::prices,
);

/// Of several lists that may be in force the first one is.
pub(super) fn latest_first()
-> (Desc<collector_price_list::valid_from>, Desc<collector_price_list::number>) {
    (collector_price_list::valid_from.desc(), collector_price_list::number.desc())
}

fn list_of(
    collector: CollectorId,
    (number, valid_from, created_at, prices): Row,
) -> Result<PriceList, DatabaseError> {
    Ok(PriceList {
        number,
        valid_from: Timestamp::from_micros(valid_from),
        created_at: Timestamp::from_micros(created_at),
        items: read(collector, prices)?.items().collect(),
    })
}

/// What the database keeps of a list.
pub(super) fn read(collector: CollectorId, prices: String) -> Result<Prices, DatabaseError> {
    Prices::parse(prices)
        .map_err(|what| DatabaseError::corrupt("collector_price_list", collector, what))
}

/// Whose announced lists came into force after one moment and not after another.
pub(crate) fn owners_with_list_due(
    conn: &mut Connection,
    after: Timestamp,
    until: Timestamp,
) -> Result<Vec<CollectorId>, DatabaseError> {
    let owners: Vec<String> = collector_price_list::table
        .filter(collector_price_list::valid_from.gt(after.micros()))
        .filter(collector_price_list::valid_from.le(until.micros()))
        .select(collector_price_list::collector_id)
        .distinct()
        .order(collector_price_list::collector_id)
        .load(conn)?;
    let parse = |id: String| {
        CollectorId::parse(&id)
            .map_err(|what| DatabaseError::corrupt("collector_price_list", &id, what))
    };
    owners.into_iter().map(parse).collect()
}
