//! Schema changes: one text for both engines, applied once, in order, under a lock.

mod dialect;

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use diesel::{
    Connection as _, RunQueryDsl, sql_query,
    sql_types::{BigInt, Text},
};
use sha2::{Digest, Sha256};

use crate::{Connection, DatabaseError, Engine};

/// One step of the schema.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// `crate/0001_what`.
    pub name: &'static str,
    /// The text with its `{{…}}` tokens, see [`migrate`].
    pub sql: &'static str,
}

/// Why the schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The database was made by a newer version of this program.
    #[error("the database has a migration {0} that this version does not know")]
    FromTheFuture(String),
    /// The text of an applied migration changed.
    #[error("migration {0} was applied with another text")]
    Changed(&'static str),
    /// A token nobody knows, or a block without an end.
    #[error("migration {name}: {what}")]
    Template {
        /// Which migration.
        name: &'static str,
        /// What is wrong.
        what: String,
    },
    /// A statement failed; nothing of this migration is left behind.
    #[error("migration {name} failed")]
    Failed {
        /// Which migration.
        name: &'static str,
        /// Why.
        #[source]
        source: DatabaseError,
    },
    /// The bookkeeping failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

#[derive(diesel::QueryableByName)]
struct Applied {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    checksum: String,
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Applies what is pending, each step in a transaction of its own, and says how many steps there were.
///
/// Tokens: `{{id}}`, `{{text}}`, `{{int}}`, `{{bool}}`, `{{double}}`, `{{serial}}`, `{{true}}`, `{{false}}`,
/// `{{table_end}}`, and the blocks `{{sqlite}} … {{end}}` and `{{postgres}} … {{end}}`.
pub fn migrate(
    connection: &mut Connection,
    migrations: &[Migration],
) -> Result<usize, MigrateError> {
    lock(connection)?;
    let outcome = migrate_locked(connection, migrations);
    unlock(connection)?;
    outcome
}

/// The names of the migrations that are not applied yet.
pub fn pending(
    connection: &mut Connection,
    migrations: &[Migration],
) -> Result<Vec<&'static str>, MigrateError> {
    let applied = if bookkeeping_exists(connection)? {
        applied(connection, migrations)?
    } else {
        BTreeMap::new()
    };
    let names = migrations.iter().map(|migration| migration.name);
    Ok(names.filter(|name| !applied.contains_key(*name)).collect())
}

fn migrate_locked(
    connection: &mut Connection,
    migrations: &[Migration],
) -> Result<usize, MigrateError> {
    // PostgreSQL wants the right to create even where there is nothing to create.
    if !bookkeeping_exists(connection)? {
        create_bookkeeping(connection)?;
    }
    let applied = applied(connection, migrations)?;
    let mut steps = 0;
    for migration in migrations.iter().filter(|it| !applied.contains_key(it.name)) {
        apply(connection, migration)?;
        tracing::info!(migration = migration.name, "schema step applied");
        steps += 1;
    }
    Ok(steps)
}

fn create_bookkeeping(connection: &mut Connection) -> Result<(), MigrateError> {
    let text = "CREATE TABLE IF NOT EXISTS schema_migration (\n\
                 name {{id}} NOT NULL CONSTRAINT schema_migration_name_key PRIMARY KEY,\n\
                 checksum {{text}} NOT NULL\n\
                 ) {{table_end}};";
    let sql = render("schema_migration", text, connection.engine())?;
    connection.run_script(&sql).map_err(DatabaseError::from)?;
    Ok(())
}

fn bookkeeping_exists(connection: &mut Connection) -> Result<bool, DatabaseError> {
    let query = match connection.engine() {
        Engine::Sqlite => {
            "SELECT COUNT(*) AS count FROM sqlite_master WHERE name = 'schema_migration'"
        }
        Engine::Postgres => {
            "SELECT COUNT(*) AS count FROM information_schema.tables \
             WHERE table_schema = current_schema() AND table_name = 'schema_migration'"
        }
    };
    Ok(sql_query(query).get_result::<Count>(connection)?.count > 0)
}

/// What is applied; refuses unknown names and changed texts.
fn applied(
    connection: &mut Connection,
    migrations: &[Migration],
) -> Result<BTreeMap<String, String>, MigrateError> {
    let rows: Vec<Applied> = sql_query("SELECT name, checksum FROM schema_migration ORDER BY name")
        .load(connection)
        .map_err(DatabaseError::from)?;
    for row in &rows {
        let known = migrations.iter().find(|migration| migration.name == row.name);
        let known = known.ok_or_else(|| MigrateError::FromTheFuture(row.name.clone()))?;
        if checksum(known) != row.checksum {
            return Err(MigrateError::Changed(known.name));
        }
    }
    Ok(rows.into_iter().map(|row| (row.name, row.checksum)).collect())
}

fn apply(connection: &mut Connection, migration: &Migration) -> Result<(), MigrateError> {
    let sql = render(migration.name, migration.sql, connection.engine())?;
    connection
        .transaction::<_, DatabaseError, _>(|transaction| {
            transaction.run_script(&sql)?;
            sql_query("INSERT INTO schema_migration (name, checksum) VALUES ($1, $2)")
                .bind::<Text, _>(migration.name)
                .bind::<Text, _>(checksum(migration))
                .execute(transaction)?;
            Ok(())
        })
        .map_err(|source| MigrateError::Failed { name: migration.name, source })
}

fn render(name: &'static str, text: &str, engine: Engine) -> Result<String, MigrateError> {
    dialect::render(text, engine).map_err(|what| MigrateError::Template { name, what })
}

fn checksum(migration: &Migration) -> String {
    HEXLOWER.encode(&Sha256::digest(migration.sql.as_bytes()))
}

/// On PostgreSQL an advisory lock lets one of several starting processes migrate while the others wait;
/// on SQLite a second process waits at its first write (`busy_timeout`).
fn lock(connection: &mut Connection) -> Result<(), DatabaseError> {
    advisory(connection, "SELECT pg_advisory_lock(6500211207)")
}

fn unlock(connection: &mut Connection) -> Result<(), DatabaseError> {
    advisory(connection, "SELECT pg_advisory_unlock(6500211207)")
}

fn advisory(connection: &mut Connection, statement: &str) -> Result<(), DatabaseError> {
    if connection.engine() == Engine::Postgres {
        connection.run_script("SET lock_timeout = '120s'")?;
        connection.run_script(statement)?;
    }
    Ok(())
}
