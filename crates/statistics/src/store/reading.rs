use std::collections::BTreeMap;

use database::{Connection, DatabaseError};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Text},
};
use primitives::RegionCode;

use crate::{
    Period,
    deltas::{Cell, Pickups, Reports},
    presence::{Return, Role},
};

/// Where and when.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    pub(crate) region: RegionCode,
    pub(crate) period: Period,
}

/// What sums are taken by.
#[derive(Debug, Clone, Copy)]
pub(crate) enum By {
    Region,
    Day,
    Material,
    CollectorKind,
}

impl By {
    const fn column(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Day => "CAST(day AS TEXT)",
            Self::Material => "material",
            Self::CollectorKind => "collector_kind",
        }
    }
}

/// Sums by a key; a key without rows is absent.
pub(crate) type Sums<T> = BTreeMap<String, T>;

#[derive(QueryableByName)]
struct Keyed<T> {
    #[diesel(sql_type = Text)]
    key: String,
    #[diesel(embed)]
    sums: T,
}

/// Reports by region or day.
pub(crate) fn reports(
    conn: &mut Connection,
    scope: &Scope,
    by: By,
) -> Result<Sums<Reports>, DatabaseError> {
    let sums = "CAST(SUM(opened) AS BIGINT) AS opened, CAST(SUM(closed) AS BIGINT) AS closed,
        CAST(SUM(cancelled) AS BIGINT) AS cancelled, CAST(SUM(expired) AS BIGINT) AS expired";
    let rows: Vec<Keyed<Reports>> = sql_query(select(by, sums, "statistics_report", ""))
        .bind::<Text, _>(scope.region.as_str())
        .bind::<BigInt, _>(scope.period.from().number())
        .bind::<BigInt, _>(scope.period.to().number())
        .load(conn)?;
    Ok(by_key(rows))
}

/// Finished jobs by region, day or kind of collector.
pub(crate) fn pickups(
    conn: &mut Connection,
    scope: &Scope,
    by: By,
) -> Result<Sums<Pickups>, DatabaseError> {
    let sums = "CAST(SUM(pickups) AS BIGINT) AS pickups,
        CAST(SUM(amount_rupiah) AS BIGINT) AS amount_rupiah,
        CAST(SUM(distance_meters) AS BIGINT) AS distance_meters";
    let rows: Vec<Keyed<Pickups>> = sql_query(select(by, sums, "statistics_pickup", ""))
        .bind::<Text, _>(scope.region.as_str())
        .bind::<BigInt, _>(scope.period.from().number())
        .bind::<BigInt, _>(scope.period.to().number())
        .load(conn)?;
    Ok(by_key(rows))
}

/// What was sold, by anything; of one material only, when it is named.
pub(crate) fn cells(
    conn: &mut Connection,
    scope: &Scope,
    by: By,
    material: Option<&str>,
) -> Result<Sums<Cell>, DatabaseError> {
    let sums = "CAST(SUM(grams) AS BIGINT) AS grams,
        CAST(SUM(amount_rupiah) AS BIGINT) AS amount_rupiah,
        CAST(SUM(lines) AS BIGINT) AS lines";
    let only = "AND ($4 = '' OR material = $4)";
    let rows: Vec<Keyed<Cell>> = sql_query(select(by, sums, "statistics_cell", only))
        .bind::<Text, _>(scope.region.as_str())
        .bind::<BigInt, _>(scope.period.from().number())
        .bind::<BigInt, _>(scope.period.to().number())
        .bind::<Text, _>(material.unwrap_or_default())
        .load(conn)?;
    Ok(by_key(rows))
}

fn select(by: By, sums: &str, table: &str, further: &str) -> String {
    let key = by.column();
    format!(
        "SELECT {key} AS key, {sums} FROM {table}
         WHERE region = $1 AND day BETWEEN $2 AND $3 {further} GROUP BY {key} ORDER BY 1"
    )
}

fn by_key<T>(rows: Vec<Keyed<T>>) -> Sums<T> {
    rows.into_iter().map(|row| (row.key, row.sums)).collect()
}

#[derive(QueryableByName)]
struct ReturnRow {
    #[diesel(sql_type = BigInt)]
    day: i64,
    #[diesel(sql_type = BigInt)]
    previous_day: i64,
    #[diesel(sql_type = BigInt)]
    subjects: i64,
}

/// Who was active on which day after which earlier one.
pub(crate) fn returns(
    conn: &mut Connection,
    scope: &Scope,
    role: Role,
) -> Result<Vec<Return>, DatabaseError> {
    let query = "SELECT day, previous_day, subjects FROM statistics_return
        WHERE region = $1 AND role = $2 AND day BETWEEN $3 AND $4";
    let rows: Vec<ReturnRow> = sql_query(query)
        .bind::<Text, _>(scope.region.as_str())
        .bind::<Text, _>(role.as_str())
        .bind::<BigInt, _>(scope.period.from().number())
        .bind::<BigInt, _>(scope.period.to().number())
        .load(conn)?;
    let returned = |row: ReturnRow| Return {
        day: row.day,
        previous_day: row.previous_day,
        subjects: row.subjects,
    };
    Ok(rows.into_iter().map(returned).collect())
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// How many different people were active at all.
pub(crate) fn active(
    conn: &mut Connection,
    scope: &Scope,
    role: Role,
) -> Result<i64, DatabaseError> {
    let query = "SELECT CAST(COALESCE(SUM(subjects), 0) AS BIGINT) AS count FROM statistics_return
        WHERE region = $1 AND role = $2 AND day BETWEEN $3 AND $4 AND previous_day < $3";
    let row: CountRow = sql_query(query)
        .bind::<Text, _>(scope.region.as_str())
        .bind::<Text, _>(role.as_str())
        .bind::<BigInt, _>(scope.period.from().number())
        .bind::<BigInt, _>(scope.period.to().number())
        .get_result(conn)?;
    Ok(row.count)
}
