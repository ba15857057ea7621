use database::{Connection, DatabaseError};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Text},
};

use super::{Scope, below};
use crate::wait::{Measure, at_rank, middle_ranks};

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = BigInt)]
    key: i64,
    #[diesel(sql_type = BigInt)]
    waits: i64,
}

/// The median in whole seconds, exactly; of an even number, the mean of the two in the middle, rounded down.
pub(crate) fn median(
    conn: &mut Connection,
    scope: &Scope,
    measure: Measure,
) -> Result<Option<i64>, DatabaseError> {
    let buckets = buckets(conn, scope, measure)?;
    let Some((low, high)) = middle_ranks(buckets.iter().map(|bucket| bucket.1).sum()) else {
        return Ok(None);
    };
    let low = wait_of_rank(conn, scope, measure, &buckets, low)?;
    let high = wait_of_rank(conn, scope, measure, &buckets, high)?;
    Ok(low.zip(high).map(|(low, high)| low + (high - low) / 2))
}

fn wait_of_rank(
    conn: &mut Connection,
    scope: &Scope,
    measure: Measure,
    buckets: &[(i64, i64)],
    rank: i64,
) -> Result<Option<i64>, DatabaseError> {
    let Some((bucket, rank)) = at_rank(buckets, rank) else { return Ok(None) };
    let seconds = seconds(conn, scope, measure, bucket)?;
    Ok(at_rank(&seconds, rank).map(|(seconds, _)| seconds))
}

fn buckets(
    conn: &mut Connection,
    scope: &Scope,
    measure: Measure,
) -> Result<Vec<(i64, i64)>, DatabaseError> {
    let query = "SELECT bucket AS key, CAST(SUM(waits) AS BIGINT) AS waits FROM statistics_wait
        WHERE region = $1 AND measure = $2 AND day BETWEEN $3 AND $4
        GROUP BY bucket ORDER BY bucket";
    let rows: Vec<CountRow> = sql_query(query)
        .bind::<Text, _>(scope.region.as_str())
        .bind::<Text, _>(measure.as_str())
        .bind::<BigInt, _>(scope.period.from().number())
        .bind::<BigInt, _>(scope.period.to().number())
        .load(conn)?;
    Ok(rows.into_iter().map(|row| (row.key, row.waits)).collect())
}

fn seconds(
    conn: &mut Connection,
    scope: &Scope,
    measure: Measure,
    bucket: i64,
) -> Result<Vec<(i64, i64)>, DatabaseError> {
    let query = "SELECT seconds AS key, CAST(SUM(waits) AS BIGINT) AS waits FROM statistics_second
        WHERE measure = $1 AND bucket = $2 AND (desa = $3 OR (desa > $4 AND desa < $5))
            AND day BETWEEN $6 AND $7
        GROUP BY seconds ORDER BY seconds";
    let (first, last) = below(scope.region.as_str());
    let rows: Vec<CountRow> = sql_query(query)
        .bind::<Text, _>(measure.as_str())
        .bind::<BigInt, _>(bucket)
        .bind::<Text, _>(scope.region.as_str())
        .bind::<Text, _>(first)
        .bind::<Text, _>(last)
        .bind::<BigInt, _>(scope.period.from().number())
        .bind::<BigInt, _>(scope.period.to().number())
        .load(conn)?;
    Ok(rows.into_iter().map(|row| (row.key, row.waits)).collect())
}
