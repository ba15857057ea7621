use database::{Connection, DatabaseError};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Text},
};
use primitives::RegionCode;

use super::{Scope, below};
use crate::{deltas::Reports, wait::Measure};

/// How long a village's code is; codes of other levels are shorter.
const VILLAGE_CODE: &str = "12.07.28.2001";

#[derive(QueryableByName)]
struct VillageRow {
    #[diesel(sql_type = Text)]
    region: String,
    #[diesel(embed)]
    sums: Reports,
}

/// The villages where reports were opened and none was accepted, with what became of their reports.
pub(crate) fn without_acceptance(
    conn: &mut Connection,
    scope: &Scope,
) -> Result<Vec<(RegionCode, Reports)>, DatabaseError> {
    let query = "
        SELECT region, CAST(SUM(opened) AS BIGINT) AS opened, CAST(SUM(closed) AS BIGINT) AS closed,
            CAST(SUM(cancelled) AS BIGINT) AS cancelled, CAST(SUM(expired) AS BIGINT) AS expired
        FROM statistics_report AS village
        WHERE (region = $1 OR (region > $2 AND region < $3)) AND LENGTH(region) = $4
            AND day BETWEEN $5 AND $6
            AND NOT EXISTS (SELECT 1 FROM statistics_wait AS wait
                WHERE wait.region = village.region AND wait.measure = $7 AND wait.day BETWEEN $5 AND $6)
        GROUP BY region HAVING SUM(opened) > 0";
    let (first, last) = below(scope.region.as_str());
    let length = i64::try_from(VILLAGE_CODE.len()).unwrap_or(0);
    let rows: Vec<VillageRow> = sql_query(query)
        .bind::<Text, _>(scope.region.as_str())
        .bind::<Text, _>(first)
        .bind::<Text, _>(last)
        .bind::<BigInt, _>(length)
        .bind::<BigInt, _>(scope.period.from().number())
        .bind::<BigInt, _>(scope.period.to().number())
        .bind::<Text, _>(Measure::Acceptance.as_str())
        .load(conn)?;
    let read = |row: VillageRow| {
        let code = RegionCode::parse(&row.region);
        let code = code
            .map_err(|what| DatabaseError::corrupt("statistics_report", row.region.clone(), what));
        Ok((code?, row.sums))
    };
    rows.into_iter().map(read).collect()
}
