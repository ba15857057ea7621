//! The pragmas our guarantees rest on: set on every connection, then read back.

use diesel::{RunQueryDsl, sql_query, sql_types::Text};

use crate::{Connection, DatabaseError, OpenError};

#[derive(diesel::QueryableByName)]
struct Setting {
    #[diesel(sql_type = Text)]
    value: String,
}

/// How long a statement waits for a lock.
pub(super) const PATIENCE_MILLISECONDS: u32 = 10_000;
/// How long the write-ahead log should be at most; so much of a longer one is kept to be overwritten.
pub(super) const LOG_BYTES: i32 = 64 << 20;

pub(crate) fn apply(connection: &mut Connection, durable: bool) -> Result<(), OpenError> {
    // Checkpoints run on a thread of ours, so that no command pays for one.
    let synchronous = if durable { "FULL" } else { "OFF" };
    connection
        .run_script(&format!(
            "PRAGMA busy_timeout = {PATIENCE_MILLISECONDS}; PRAGMA journal_mode = WAL; \
             PRAGMA synchronous = {synchronous}; PRAGMA foreign_keys = ON; \
             PRAGMA recursive_triggers = ON; PRAGMA trusted_schema = OFF; \
             PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = {LOG_BYTES}; \
             PRAGMA cache_size = -16384;",
        ))
        .map_err(DatabaseError::from)?;
    let wanted = [
        ("journal_mode", "wal"),
        ("synchronous", if durable { "2" } else { "0" }),
        ("foreign_keys", "1"),
        ("recursive_triggers", "1"),
        ("trusted_schema", "0"),
    ];
    wanted.into_iter().try_for_each(|(pragma, value)| check(connection, pragma, value))
}

fn check(
    connection: &mut Connection,
    pragma: &'static str,
    wanted: &'static str,
) -> Result<(), OpenError> {
    let query = format!("SELECT CAST({pragma} AS TEXT) AS value FROM pragma_{pragma}");
    let found: Setting = sql_query(query).get_result(connection).map_err(DatabaseError::from)?;
    if found.value == wanted {
        Ok(())
    } else {
        Err(OpenError::Setting { pragma, found: found.value, wanted })
    }
}
