//! Price lists as rows: added, never changed.

use std::collections::{BTreeMap, HashMap};

use catalog::MaterialCode;
use database::{Connection, DatabaseError};
use diesel::{
    dsl::{exists, not},
    prelude::*,
};
use primitives::{CollectorId, Invalid, Timestamp, UnitPrice};

use crate::{
    PriceItem, PriceList,
    schema::{collector_price, collector_price_list},
};

/// The prices one list shows, by material.
pub(crate) type Prices = BTreeMap<MaterialCode, UnitPrice>;

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
        ))
        .execute(conn)?;
    list.items.iter().try_for_each(|item| insert_item(conn, collector, list.number, item))
}

fn insert_item(
    conn: &mut Connection,
    collector: CollectorId,
    number: i64,
    item: &PriceItem,
) -> Result<(), DatabaseError> {
    diesel::insert_into(collector_price::table)
        .values((
            collector_price::collector_id.eq(collector.to_string()),
            collector_price::number.eq(number),
            collector_price::material.eq(item.material.as_str()),
            collector_price::price_rupiah.eq(item.price.get()),
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
    let head: Option<(i64, i64, i64)> = collector_price_list::table
        .filter(collector_price_list::collector_id.eq(collector.to_string()))
        .filter(collector_price_list::valid_from.le(now.micros()))
        .order((collector_price_list::valid_from.desc(), collector_price_list::number.desc()))
        .select(HEAD)
        .first(conn)
        .optional()?;
    head.map(|head| with_items(conn, collector, head)).transpose()
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
    let heads: Vec<(i64, i64, i64)> = collector_price_list::table
        .filter(collector_price_list::collector_id.eq(collector.to_string()))
        .filter(collector_price_list::valid_from.gt(now.micros()))
        .order((collector_price_list::valid_from, collector_price_list::number))
        .select(HEAD)
        .load(conn)?;
    heads.into_iter().map(|head| with_items(conn, collector, head)).collect()
}

const HEAD: (
    collector_price_list::number,
    collector_price_list::valid_from,
    collector_price_list::created_at,
) = (
    collector_price_list::number,
    collector_price_list::valid_from,
    collector_price_list::created_at,
);

fn with_items(
    conn: &mut Connection,
    collector: CollectorId,
    (number, valid_from, created_at): (i64, i64, i64),
) -> Result<PriceList, DatabaseError> {
    let rows: Vec<(String, i64)> = collector_price::table
        .filter(collector_price::collector_id.eq(collector.to_string()))
        .filter(collector_price::number.eq(number))
        .order(collector_price::material)
        .select((collector_price::material, collector_price::price_rupiah))
        .load(conn)?;
    let items = rows.iter().map(|(material, price)| item_of(material, *price));
    Ok(PriceList {
        number,
        valid_from: Timestamp::from_micros(valid_from),
        created_at: Timestamp::from_micros(created_at),
        items: items
            .collect::<Result<_, Invalid>>()
            .map_err(|what| DatabaseError::corrupt("collector_price", collector, what))?,
    })
}

/// Everybody's prices in force, in one query.
pub(crate) fn of_everyone(
    conn: &mut Connection,
    now: Timestamp,
) -> Result<HashMap<String, Prices>, DatabaseError> {
    let later = diesel::alias!(collector_price_list as later_price_list);
    let (owner, number, valid_from) = later.fields((
        collector_price_list::collector_id,
        collector_price_list::number,
        collector_price_list::valid_from,
    ));
    let replaced = later
        .filter(owner.eq(collector_price_list::collector_id))
        .filter(valid_from.le(now.micros()))
        .filter(
            valid_from.gt(collector_price_list::valid_from).or(valid_from
                .eq(collector_price_list::valid_from)
                .and(number.gt(collector_price_list::number))),
        );
    let rows: Vec<(String, String, i64)> = collector_price::table
        .inner_join(
            collector_price_list::table.on(collector_price_list::collector_id
                .eq(collector_price::collector_id)
                .and(collector_price_list::number.eq(collector_price::number))),
        )
        .filter(collector_price_list::valid_from.le(now.micros()))
        .filter(not(exists(replaced)))
        .select((
            collector_price::collector_id,
            collector_price::material,
            collector_price::price_rupiah,
        ))
        .load(conn)?;
    let mut everyone: HashMap<String, Prices> = HashMap::new();
    for (collector, material, price) in rows {
        let item = item_of(&material, price)
            .map_err(|what| DatabaseError::corrupt("collector_price", &collector, what))?;
        everyone.entry(collector).or_default().insert(item.material, item.price);
    }
    Ok(everyone)
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

fn item_of(material: &str, price: i64) -> Result<PriceItem, Invalid> {
    Ok(PriceItem { material: MaterialCode::parse(material)?, price: UnitPrice::parse(price)? })
}
