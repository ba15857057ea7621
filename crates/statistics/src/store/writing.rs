use database::{Connection, DatabaseError};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Text},
};

use crate::deltas::Deltas;

const ADD_REPORTS: &str = "
    INSERT INTO statistics_report (region, day, opened, closed, cancelled, expired)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (region, day) DO UPDATE SET
        opened = statistics_report.opened + excluded.opened,
        closed = statistics_report.closed + excluded.closed,
        cancelled = statistics_report.cancelled + excluded.cancelled,
        expired = statistics_report.expired + excluded.expired";

const ADD_PICKUPS: &str = "
    INSERT INTO statistics_pickup (region, day, collector_kind, pickups, amount_rupiah, distance_meters)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (region, day, collector_kind) DO UPDATE SET
        pickups = statistics_pickup.pickups + excluded.pickups,
        amount_rupiah = statistics_pickup.amount_rupiah + excluded.amount_rupiah,
        distance_meters = statistics_pickup.distance_meters + excluded.distance_meters";

const ADD_CELLS: &str = "
    INSERT INTO statistics_cell (region, day, material, collector_kind, grams, amount_rupiah, lines)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (region, day, material, collector_kind) DO UPDATE SET
        grams = statistics_cell.grams + excluded.grams,
        amount_rupiah = statistics_cell.amount_rupiah + excluded.amount_rupiah,
        lines = statistics_cell.lines + excluded.lines";

const ADD_WAITS: &str = "
    INSERT INTO statistics_wait (region, measure, day, bucket, waits)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (region, measure, day, bucket) DO UPDATE SET
        waits = statistics_wait.waits + excluded.waits";

const ADD_SECONDS: &str = "
    INSERT INTO statistics_second (measure, bucket, desa, day, seconds, waits)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (measure, bucket, desa, day, seconds) DO UPDATE SET
        waits = statistics_second.waits + excluded.waits";

const TABLES: [&str; 7] = [
    "statistics_report",
    "statistics_pickup",
    "statistics_cell",
    "statistics_presence",
    "statistics_return",
    "statistics_wait",
    "statistics_second",
];

/// Adds what a batch of events brought.
pub(crate) fn apply(conn: &mut Connection, deltas: &Deltas) -> Result<(), DatabaseError> {
    apply_reports(conn, deltas)?;
    apply_pickups(conn, deltas)?;
    apply_cells(conn, deltas)?;
    apply_waits(conn, deltas)
}

fn apply_reports(conn: &mut Connection, deltas: &Deltas) -> Result<(), DatabaseError> {
    for ((region, day), added) in &deltas.reports {
        sql_query(ADD_REPORTS)
            .bind::<Text, _>(region.as_str())
            .bind::<BigInt, _>(day.number())
            .bind::<BigInt, _>(added.opened)
            .bind::<BigInt, _>(added.closed)
            .bind::<BigInt, _>(added.cancelled)
            .bind::<BigInt, _>(added.expired)
            .execute(conn)?;
    }
    Ok(())
}

fn apply_pickups(conn: &mut Connection, deltas: &Deltas) -> Result<(), DatabaseError> {
    for ((region, day, kind), added) in &deltas.pickups {
        sql_query(ADD_PICKUPS)
            .bind::<Text, _>(region.as_str())
            .bind::<BigInt, _>(day.number())
            .bind::<Text, _>(kind)
            .bind::<BigInt, _>(added.pickups)
            .bind::<BigInt, _>(added.amount_rupiah)
            .bind::<BigInt, _>(added.distance_meters)
            .execute(conn)?;
    }
    Ok(())
}

fn apply_cells(conn: &mut Connection, deltas: &Deltas) -> Result<(), DatabaseError> {
    for ((region, day, material, kind), added) in &deltas.cells {
        sql_query(ADD_CELLS)
            .bind::<Text, _>(region.as_str())
            .bind::<BigInt, _>(day.number())
            .bind::<Text, _>(material)
            .bind::<Text, _>(kind)
            .bind::<BigInt, _>(added.grams)
            .bind::<BigInt, _>(added.amount_rupiah)
            .bind::<BigInt, _>(added.lines)
            .execute(conn)?;
    }
    Ok(())
}

fn apply_waits(conn: &mut Connection, deltas: &Deltas) -> Result<(), DatabaseError> {
    for ((region, measure, day, bucket), waits) in &deltas.waits {
        sql_query(ADD_WAITS)
            .bind::<Text, _>(region.as_str())
            .bind::<Text, _>(measure.as_str())
            .bind::<BigInt, _>(day.number())
            .bind::<BigInt, _>(bucket)
            .bind::<BigInt, _>(waits)
            .execute(conn)?;
    }
    for ((measure, bucket, desa, day, seconds), waits) in &deltas.seconds {
        sql_query(ADD_SECONDS)
            .bind::<Text, _>(measure.as_str())
            .bind::<BigInt, _>(bucket)
            .bind::<Text, _>(desa.as_str())
            .bind::<BigInt, _>(day.number())
            .bind::<BigInt, _>(seconds)
            .bind::<BigInt, _>(waits)
            .execute(conn)?;
    }
    Ok(())
}

/// Forgets every figure; the log still knows.
pub(crate) fn truncate(conn: &mut Connection) -> Result<(), DatabaseError> {
    for table in TABLES {
        sql_query(format!("DELETE FROM {table}")).execute(conn)?;
    }
    Ok(())
}
