use database::{Connection, DatabaseError};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Text},
};
use primitives::RegionCode;

use super::below;
use crate::{
    Day,
    deltas::levels_of,
    presence::{NEVER, Role},
};

#[derive(QueryableByName)]
struct DayRow {
    #[diesel(sql_type = BigInt)]
    day: i64,
}

const LAST_UNTIL: &str = "
    SELECT day FROM statistics_presence
    WHERE role = $1 AND subject = $2 AND (desa = $3 OR (desa > $4 AND desa < $5)) AND day <= $6
    ORDER BY day DESC LIMIT 1";

const FIRST_AFTER: &str = "
    SELECT day FROM statistics_presence
    WHERE role = $1 AND subject = $2 AND (desa = $3 OR (desa > $4 AND desa < $5)) AND day > $6
    ORDER BY day LIMIT 1";

const INSERT: &str =
    "INSERT INTO statistics_presence (role, subject, day, desa) VALUES ($1, $2, $3, $4)";

const ADD_RETURN: &str = "
    INSERT INTO statistics_return (region, role, day, previous_day, subjects)
    VALUES ($1, $2, $3, $4, 1)
    ON CONFLICT (region, role, day, previous_day) DO UPDATE SET
        subjects = statistics_return.subjects + 1";

const TAKE_RETURN: &str = "
    UPDATE statistics_return SET subjects = subjects - 1
    WHERE region = $1 AND role = $2 AND day = $3 AND previous_day = $4";

const DROP_EMPTY_RETURN: &str = "
    DELETE FROM statistics_return
    WHERE region = $1 AND role = $2 AND day = $3 AND previous_day = $4 AND subjects = 0";

/// Somebody and where to look for his other days.
struct Trace<'a> {
    role: Role,
    subject: &'a str,
    region: RegionCode,
}

/// Notes that somebody was active in a desa on a day. Phones report late, so the day may lie before days already known:
/// then whoever came back on the next of them came back from this one.
pub(crate) fn enter(
    conn: &mut Connection,
    role: Role,
    subject: &str,
    desa: &RegionCode,
    day: Day,
) -> Result<(), DatabaseError> {
    let day = day.number();
    for region in levels_of(desa) {
        let trace = Trace { role, subject, region };
        let before = trace.nearest(conn, LAST_UNTIL, day)?;
        if before == Some(day) {
            // Known here, and so on every level above: only this desa may be new.
            if trace.region == *desa {
                return Ok(());
            }
            break;
        }
        let before = before.unwrap_or(NEVER);
        trace.change(conn, ADD_RETURN, (day, before))?;
        if let Some(after) = trace.nearest(conn, FIRST_AFTER, day)? {
            trace.change(conn, TAKE_RETURN, (after, before))?;
            trace.change(conn, DROP_EMPTY_RETURN, (after, before))?;
            trace.change(conn, ADD_RETURN, (after, day))?;
        }
    }
    sql_query(INSERT)
        .bind::<Text, _>(role.as_str())
        .bind::<Text, _>(subject)
        .bind::<BigInt, _>(day)
        .bind::<Text, _>(desa.as_str())
        .execute(conn)?;
    Ok(())
}

impl Trace<'_> {
    fn nearest(
        &self,
        conn: &mut Connection,
        query: &str,
        day: i64,
    ) -> Result<Option<i64>, DatabaseError> {
        let (first, last) = below(self.region.as_str());
        let row: Option<DayRow> = sql_query(query)
            .bind::<Text, _>(self.role.as_str())
            .bind::<Text, _>(self.subject)
            .bind::<Text, _>(self.region.as_str())
            .bind::<Text, _>(first)
            .bind::<Text, _>(last)
            .bind::<BigInt, _>(day)
            .get_result(conn)
            .optional()?;
        Ok(row.map(|row| row.day))
    }

    fn change(
        &self,
        conn: &mut Connection,
        statement: &str,
        (day, previous_day): (i64, i64),
    ) -> Result<(), DatabaseError> {
        sql_query(statement)
            .bind::<Text, _>(self.region.as_str())
            .bind::<Text, _>(self.role.as_str())
            .bind::<BigInt, _>(day)
            .bind::<BigInt, _>(previous_day)
            .execute(conn)?;
        Ok(())
    }
}
