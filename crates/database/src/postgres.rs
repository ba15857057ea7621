//! PostgreSQL: a pool on the blocking threads, and one retry policy.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use diesel::{
    Connection as _,
    r2d2::{ConnectionManager, CustomizeConnection, Pool, PooledConnection, R2D2Connection as _},
};

use crate::{Connection, DatabaseError, OpenError, Options, UnitError};

/// How often a unit of work is run before deadlocks, serialization failures or lost connections are given up on.
const ATTEMPTS: u32 = 5;
/// How long a request may wait for a connection before it is told to come back later.
const PATIENCE: Duration = Duration::from_secs(5);

type Manager = ConnectionManager<Connection>;

pub(crate) struct Store {
    pool: Pool<Manager>,
    url: String,
    /// How many connections were found lost. Whoever restarts the server cuts all of them.
    losses: AtomicU64,
}

/// Beside a pooled connection: how many others had been lost when it was last known to live.
struct AliveAfter(u64);

/// How a try ended, and whether another may follow.
struct Attempt<T, E> {
    outcome: Result<T, E>,
    again: bool,
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
        Ok(Self { pool, url: options.url.clone(), losses: AtomicU64::new(0) })
    }

    pub(crate) fn own_connection(&self) -> Result<Connection, DatabaseError> {
        let mut connection = Connection::connect_postgres(&self.url)
            .map_err(|error| DatabaseError::Unavailable(error.to_string()))?;
        configure(&mut connection)?;
        Ok(connection)
    }

    /// A connection that is asked whether it lives when another was lost since it last was.
    fn connection(&self) -> Result<PooledConnection<Manager>, DatabaseError> {
        let losses = self.losses.load(Ordering::Relaxed);
        loop {
            let mut connection = self.pool.get().map_err(|_waited_too_long| DatabaseError::Busy)?;
            let seen =
                PooledConnection::extensions(&connection).get().map_or(0, |AliveAfter(seen)| *seen);
            if seen == losses {
                return Ok(connection);
            }
            // One that is dead leaves the pool as it is dropped.
            if connection.ping().is_ok() {
                PooledConnection::extensions_mut(&mut connection).insert(AliveAfter(losses));
                return Ok(connection);
            }
        }
    }

    pub(crate) fn read<T, E, F>(&self, query: &F) -> Result<T, E>
    where
        E: UnitError,
        F: Fn(&mut Connection) -> Result<T, E>,
    {
        persist(|| {
            let mut connection = self.connection()?;
            let outcome = query(&mut connection);
            // A query that could not even be prepared leaves diesel in good faith, so the connection itself is asked.
            let again = matches!(&outcome, Err(error) if error.database().is_some())
                && self.noted(connection.is_broken() || connection.ping().is_err());
            Ok(Attempt { outcome, again })
        })
    }

    pub(crate) fn write<T, E, F>(&self, unit: &F) -> Result<T, E>
    where
        E: UnitError,
        F: Fn(&mut Connection) -> Result<T, E>,
    {
        persist(|| {
            let mut connection = self.connection()?;
            let mut finished = false;
            let outcome = connection.transaction(|transaction| {
                let outcome = unit(transaction);
                finished = outcome.is_ok();
                outcome.map_err(Undo)
            });
            let outcome = outcome.map_err(|undo| undo.0);
            // Whether a COMMIT was heard before the connection was lost can only its caller find out, by his key.
            let again = match &outcome {
                Ok(_) => false,
                Err(_) if self.noted(connection.is_broken()) => !finished,
                Err(error) => asks_again(error),
            };
            Ok(Attempt { outcome, again })
        })
    }

    /// Whether a connection was lost, which all others are told.
    fn noted(&self, lost: bool) -> bool {
        self.losses.fetch_add(u64::from(lost), Ordering::Relaxed);
        lost
    }
}

fn persist<T, E: UnitError>(
    attempt: impl Fn() -> Result<Attempt<T, E>, DatabaseError>,
) -> Result<T, E> {
    let mut attempts = 1;
    loop {
        let Attempt { outcome, again } = attempt()?;
        if !again || attempts == ATTEMPTS {
            return outcome;
        }
        attempts += 1;
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
