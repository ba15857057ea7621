//! Carries a ledger from SQLite to PostgreSQL, row by row and with all rules off: `verify` must find it whole.

use std::fmt::Write as _;

use database::{Connection, Database, DatabaseError};
use diesel::{
    RunQueryDsl, sql_query,
    sql_types::{BigInt, Text},
};

use crate::Fault;

/// Rows in one statement.
const ROWS: i64 = 2_000;

const TABLES: [(&str, &[&str]); 4] = [
    ("ledger_account", &["id", "name", "unit", "floor"]),
    ("journal_seal", &["seq", "hash"]),
    ("journal", &["seq", "id", "kind", "business_key", "reverses", "created_at"]),
    (
        "posting",
        &["account", "version", "journal", "delta", "held_delta", "balance_after", "held_after"],
    ),
];

#[derive(diesel::QueryableByName)]
struct Line {
    #[diesel(sql_type = BigInt)]
    place: i64,
    #[diesel(sql_type = Text)]
    line: String,
}

/// Empties the target's ledger and fills it from the source.
pub(crate) fn replace(source: &Database, target: &Database) -> Result<(), Fault> {
    let (mut source, mut target) = (source.own_connection()?, target.own_connection()?);
    target.run_script("SET statement_timeout = 0; SET session_replication_role = replica")?;
    for (table, columns) in TABLES {
        target.run_script(&format!("DELETE FROM {table}"))?;
        let mut last = 0;
        while let Some(place) = copy_after(last, table, columns, &mut source, &mut target)? {
            last = place;
        }
    }
    target.run_script("VACUUM ANALYZE")?;
    Ok(())
}

/// Copies the next rows in the order in which they were written.
fn copy_after(
    last: i64,
    table: &str,
    columns: &[&str],
    source: &mut Connection,
    target: &mut Connection,
) -> Result<Option<i64>, Fault> {
    let quoted: Vec<String> = columns.iter().map(|column| format!("quote({column})")).collect();
    let sql = format!(
        "SELECT rowid AS place, {} AS line FROM {table} WHERE rowid > $1 ORDER BY rowid LIMIT $2",
        quoted.join(" || ',' || ")
    );
    let query = sql_query(sql).bind::<BigInt, _>(last).bind::<BigInt, _>(ROWS);
    let lines: Vec<Line> = query.load(source).map_err(DatabaseError::from)?;
    let Some(end) = lines.last().map(|line| line.place) else { return Ok(None) };
    let columns = columns.join(", ");
    let mut insert = format!("INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE VALUES ");
    for (number, line) in lines.iter().enumerate() {
        write!(insert, "{}({})", if number == 0 { "" } else { "," }, line.line)?;
    }
    target.run_script(&insert)?;
    Ok(Some(end))
}
