#![doc = include_str!("../README.md")]

mod connection;
mod error;
mod migration;
mod moment;
mod options;
mod postgres;
mod sqlite;

use std::sync::Arc;

pub use connection::{AnyConnection as Connection, Engine};
pub use error::{DatabaseError, UnitError, ViolationKind};
pub use migration::{MigrateError, Migration, migrate, pending};
pub use moment::at_one_moment;
pub use options::{OpenError, Options};

/// One database, SQLite or PostgreSQL, behind two verbs.
#[derive(Clone)]
pub struct Database(Arc<Backend>);

enum Backend {
    Sqlite(sqlite::Store),
    Postgres(postgres::Store),
}

impl Database {
    /// Opens the database that the options name and checks that its connections behave as they must.
    pub fn open(options: &Options) -> Result<Self, OpenError> {
        let backend = match options.engine()? {
            Engine::Sqlite => Backend::Sqlite(sqlite::Store::open(options)?),
            Engine::Postgres => Backend::Postgres(postgres::Store::open(options)?),
        };
        Ok(Self(Arc::new(backend)))
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        match self.0.as_ref() {
            Backend::Sqlite(_) => Engine::Sqlite,
            Backend::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs a query on a reader's connection, off the async threads.
    ///
    /// The closure may be run again when the connection is lost, so it must take what it needs by reference.
    pub async fn read<T, E, F>(&self, query: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: UnitError,
        F: Fn(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        let database = self.clone();
        off_thread(move || database.read_blocking(query)).await
    }

    /// Runs one unit of work; answers only after it is committed and synced.
    ///
    /// The closure may be run again when the engine asks for it or the connection is lost before COMMIT, so it must take
    /// what it needs by reference.
    pub async fn write<T, E, F>(&self, unit: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: UnitError,
        F: Fn(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        match self.0.as_ref() {
            Backend::Sqlite(store) => store.writer().submit(unit).await,
            Backend::Postgres(_) => {
                let database = self.clone();
                off_thread(move || database.write_blocking(unit)).await
            }
        }
    }

    /// `read` for the command line and for tests: blocks the calling thread.
    pub fn read_blocking<T, E, F>(&self, query: F) -> Result<T, E>
    where
        E: UnitError,
        F: Fn(&mut Connection) -> Result<T, E>,
    {
        match self.0.as_ref() {
            Backend::Sqlite(store) => store.read(query),
            Backend::Postgres(store) => store.read(&query),
        }
    }

    /// `write` for the command line and for tests: blocks the calling thread.
    pub fn write_blocking<T, E, F>(&self, unit: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: UnitError,
        F: Fn(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        match self.0.as_ref() {
            Backend::Sqlite(store) => store.writer().submit_blocking(unit),
            Backend::Postgres(store) => store.write(&unit),
        }
    }

    /// Applies pending migrations under a lock and says how many there were.
    pub fn migrate(&self, migrations: &[Migration]) -> Result<usize, MigrateError> {
        match self.0.as_ref() {
            Backend::Sqlite(store) => migrate(&mut store.own_connection()?, migrations),
            Backend::Postgres(store) => migrate(&mut store.own_connection()?, migrations),
        }
    }

    /// A connection of the caller's own, outside pool and writer, for maintenance such as a backup.
    pub fn own_connection(&self) -> Result<Connection, DatabaseError> {
        match self.0.as_ref() {
            Backend::Sqlite(store) => store.own_connection(),
            Backend::Postgres(store) => store.own_connection(),
        }
    }
}

async fn off_thread<T, E>(work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: UnitError,
{
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => outcome,
        Err(_panicked) => Err(DatabaseError::Panicked.into()),
    }
}
