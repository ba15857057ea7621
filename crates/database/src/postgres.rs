//! PostgreSQL: a pool on the blocking threads, and one retry policy.

use std::time::Duration;

use diesel::{
    Connection as _,
    r2d2::{ConnectionManager, CustomizeConnection, Pool, PooledConnection},
};

use crate::{Connection, DatabaseError, OpenError, Options, UnitError};

/// How often a unit of work is run before a deadlock or a serialization failure is given up on.
const ATTEMPTS: u32 = 5;
/// How long a request may wait for a connection before it is told to come back later.
const PATIENCE: Duration = Duration::from_secs(5);

type Manager = ConnectionManager<Connection>;

pub(crate) struct Store {
    pool: Pool<Manager>,
    url: String,
}

#[derive(Debug)]
struct Settings;

impl CustomizeConnection<Connection, diesel::r2d2::Error> for Settings {
    fn on_acquire(&self, connection: &mut Connection) -> Result<(), diesel::r2d2::Error> {
        configure(connection).map_err(diesel::r2d2::Error::QueryError)
    }
}

fn configure(connection: &mut Connection) -> diesel::QueryResult<()> {
    connection.run_script(
        "SET TIME ZONE 'UTC'; SET lock_timeout = '10s'; SET statement_timeout = '30s'; \
         SET idle_in_transaction_session_timeout = '30s'; SET synchronous_commit = on;",
    )
}

impl Store {
    pub(crate) fn open(options: &Options) -> Result<Self, OpenError> {
        let pool = Pool::builder()
            .max_size(options.connections)
            .min_idle(Some(1))
            .test_on_check_out(false)
            .connection_timeout(PATIENCE)
            .connection_customizer(Box::new(Settings))
            .build(Manager::new(&options.url))
            .map_err(|error| OpenError::Connect(error.to_string()))?;
        Ok(Self { pool, url: options.url.clone() })
    }

    pub(crate) fn own_connection(&self) -> Result<Connection, DatabaseError> {
        let mut connection = Connection::connect_postgres(&self.url)
            .map_err(|error| DatabaseError::Unavailable(error.to_string()))?;
        configure(&mut connection)?;
        Ok(connection)
    }

    fn connection(&self) -> Result<PooledConnection<Manager>, DatabaseError> {
        self.pool.get().map_err(|_waited_too_long| DatabaseError::Busy)
    }

    pub(crate) fn read<T, E, F>(&self, query: F) -> Result<T, E>
    where
        E: UnitError,
        F: FnOnce(&mut Connection) -> Result<T, E>,
    {
        query(&mut *self.connection()?)
    }

    pub(crate) fn write<T, E, F>(&self, unit: &F) -> Result<T, E>
    where
        E: UnitError,
        F: Fn(&mut Connection) -> Result<T, E>,
    {
        let mut attempt = 1;
        loop {
            let outcome = self.attempt(unit);
            let transient = matches!(&outcome, Err(error) if asks_again(error));
            if !transient || attempt == ATTEMPTS {
                return outcome;
            }
            attempt += 1;
        }
    }

    fn attempt<T, E, F>(&self, unit: &F) -> Result<T, E>
    where
        E: UnitError,
        F: Fn(&mut Connection) -> Result<T, E>,
    {
        let mut connection = self.connection()?;
        connection.transaction(|transaction| unit(transaction).map_err(Undo)).map_err(|undo| undo.0)
    }
}

fn asks_again<E: UnitError>(error: &E) -> bool {
    error.database().is_some_and(DatabaseError::is_transient)
}

/// Carries a unit's own error through diesel's `transaction`, which wants one that it can build itself.
pub(crate) struct Undo<E>(pub(crate) E);

impl<E: UnitError> From<diesel::result::Error> for Undo<E> {
    fn from(error: diesel::result::Error) -> Self {
        Self(E::from(DatabaseError::from(error)))
    }
}
