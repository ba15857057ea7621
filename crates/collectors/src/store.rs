//! Collectors as rows. Changes go through [`replace`], which refuses when the row is not the one that was read.

pub(crate) mod prices;
mod row;

use std::{panic::resume_unwind, sync::mpsc, thread};

use database::{Connection, DatabaseError};
use diesel::{Connection as _, connection::DefaultLoadingMode, prelude::*};
use primitives::{AccountId, CollectorId, RegionCode, Timestamp};

use crate::{
    Collector, Outcome, Prices, VerificationState,
    schema::{collector, collector_price_list},
};
use row::Row;

/// So many rows are handed over together, and so many times as many may wait.
const CHUNK: usize = 500;
const CHUNKS_AHEAD: usize = 4;

pub(crate) fn insert(conn: &mut Connection, new: &Collector) -> Result<(), DatabaseError> {
    // A savepoint: a taken id or account is an expected answer, not the end of the unit of work.
    conn.transaction(|conn| {
        diesel::insert_into(collector::table).values(Row::from(new)).execute(conn)?;
        Ok(())
    })
}

pub(crate) fn find(
    conn: &mut Connection,
    id: CollectorId,
) -> Result<Option<Collector>, DatabaseError> {
    let row = collector::table.find(id.to_string()).first::<Row>(conn).optional()?;
    row.map(Collector::try_from).transpose()
}

pub(crate) fn find_of_account(
    conn: &mut Connection,
    account: AccountId,
) -> Result<Option<Collector>, DatabaseError> {
    let row = collector::table
        .filter(collector::account_id.eq(account.to_string()))
        .first::<Row>(conn)
        .optional()?;
    row.map(Collector::try_from).transpose()
}

/// All who may work, in the order of their ids, with their prices in force. One query; another thread makes them into
/// what the caller wants while the next ones are read.
pub(crate) fn verified<T: Send>(
    conn: &mut Connection,
    now: Timestamp,
    take: impl Fn(Collector, Prices) -> Result<T, DatabaseError> + Send,
) -> Result<Vec<T>, DatabaseError> {
    let in_force = collector_price_list::table
        .filter(collector_price_list::collector_id.eq(collector::id))
        .filter(collector_price_list::valid_from.le(now.micros()))
        .order(prices::latest_first())
        .select(collector_price_list::prices)
        .limit(1);
    let mut rows = collector::table
        .filter(collector::verification.eq(VerificationState::Verified.as_str()))
        .order(collector::id)
        .select((collector::all_columns, in_force.single_value()))
        .load_iter::<(Row, Option<String>), DefaultLoadingMode>(conn)?
        // Asked again after its end, SQLite would begin anew.
        .fuse();
    let read = move |(row, list): (Row, Option<String>)| {
        let collector = Collector::try_from(row)?;
        let list = list.map(|list| prices::read(collector.id, list)).transpose()?;
        take(collector, list.unwrap_or_default())
    };
    thread::scope(|scope| {
        let (sender, chunks) = mpsc::sync_channel::<Vec<(Row, Option<String>)>>(CHUNKS_AHEAD);
        let made = scope.spawn(move || chunks.into_iter().flatten().map(read).collect());
        loop {
            let chunk = rows.by_ref().take(CHUNK).collect::<QueryResult<Vec<_>>>()?;
            // Nobody listens any more when one of them could not be read; then that is the answer.
            if chunk.is_empty() || sender.send(chunk).is_err() {
                break;
            }
        }
        drop(sender);
        made.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

/// The collectors of one region, oldest first, after the given id.
pub(crate) fn page_of_region(
    conn: &mut Connection,
    region: &RegionCode,
    verification: Option<VerificationState>,
    after: Option<CollectorId>,
    limit: i64,
) -> Result<Vec<Collector>, DatabaseError> {
    let everyone = verification.is_none();
    let word = verification.map_or("", VerificationState::as_str);
    let inside = collector::desa_code.eq(region.as_str()).or(collector::desa_code
        .gt(format!("{region}."))
        // '/' follows '.', so this is every code that begins with the region's own groups.
        .and(collector::desa_code.lt(format!("{region}/"))));
    let rows = collector::table
        .filter(inside)
        .filter(collector::verification.eq(word).or(everyone.into_sql::<diesel::sql_types::Bool>()))
        .filter(collector::id.gt(after.map_or_else(String::new, |id| id.to_string())))
        .order(collector::id)
        .limit(limit)
        .load::<Row>(conn)?;
    rows.into_iter().map(Collector::try_from).collect()
}

/// Writes the changed collector over the one that was read as `before`; false when somebody was faster.
pub(crate) fn replace(
    conn: &mut Connection,
    before: &Collector,
    after: &Collector,
) -> Result<bool, DatabaseError> {
    let row = Row::from(after);
    let unchanged =
        collector::table.find(before.id.to_string()).filter(collector::version.eq(before.version));
    let affected = diesel::update(unchanged)
        .set((
            (
                collector::name.eq(row.name),
                collector::base_lat.eq(row.base_lat),
                collector::base_lon.eq(row.base_lon),
                collector::base_accuracy_meters.eq(row.base_accuracy_meters),
                collector::desa_code.eq(row.desa_code),
                collector::service_radius_meters.eq(row.service_radius_meters),
                collector::vehicle.eq(row.vehicle),
                collector::service_area.eq(row.service_area),
                collector::working_hours.eq(row.working_hours),
            ),
            (
                collector::verification.eq(row.verification),
                collector::decided_at.eq(row.decided_at),
                collector::decided_by.eq(row.decided_by),
                collector::reason.eq(row.reason),
                collector::online.eq(row.online),
                collector::version.eq(row.version),
            ),
        ))
        .execute(conn)?;
    Ok(affected == 1)
}

pub(crate) fn add_outcome(
    conn: &mut Connection,
    id: CollectorId,
    outcome: Outcome,
) -> Result<(), DatabaseError> {
    let count = |this: Outcome| i64::from(this == outcome);
    let affected = diesel::update(collector::table.find(id.to_string()))
        .set((
            collector::completed_count.eq(collector::completed_count + count(Outcome::Completed)),
            collector::released_count.eq(collector::released_count + count(Outcome::Released)),
            collector::no_show_count.eq(collector::no_show_count + count(Outcome::NoShow)),
            collector::version.eq(collector::version + 1),
        ))
        .execute(conn)?;
    found(affected)
}

pub(crate) fn add_stars(
    conn: &mut Connection,
    id: CollectorId,
    stars: i64,
) -> Result<(), DatabaseError> {
    let affected = diesel::update(collector::table.find(id.to_string()))
        .set((
            collector::stars_sum.eq(collector::stars_sum + stars),
            collector::stars_count.eq(collector::stars_count + 1),
            collector::version.eq(collector::version + 1),
        ))
        .execute(conn)?;
    found(affected)
}

fn found(affected: usize) -> Result<(), DatabaseError> {
    if affected == 1 { Ok(()) } else { Err(DatabaseError::NotFound) }
}
