//! A few connections that only read; each is used by one query at a time.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::{Connection, DatabaseError, OpenError, Options, UnitError};

/// How long a query may wait for a reader before it is told to come back later.
const PATIENCE: Duration = Duration::from_secs(5);

pub(crate) struct Readers {
    idle: Mutex<Vec<Connection>>,
    returned: Condvar,
}

impl Readers {
    pub(crate) fn open(options: &Options) -> Result<Self, OpenError> {
        let connections = (0..options.connections.max(1))
            .map(|_| read_only(super::connect(options)?))
            .collect::<Result<_, _>>()?;
        Ok(Self { idle: Mutex::new(connections), returned: Condvar::new() })
    }

    /// Lends a connection to the query; a panic costs the query its answer, not us the connection.
    pub(crate) fn run<T, E: UnitError>(
        &self,
        query: impl FnOnce(&mut Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.take()?;
        let outcome = catch_unwind(AssertUnwindSafe(|| query(&mut connection)));
        self.lock().push(connection);
        self.returned.notify_one();
        outcome.unwrap_or_else(|_panic| Err(DatabaseError::Panicked.into()))
    }

    fn take(&self) -> Result<Connection, DatabaseError> {
        let (mut idle, _timed_out) = self
            .returned
            .wait_timeout_while(self.lock(), PATIENCE, |idle| idle.is_empty())
            .unwrap_or_else(PoisonError::into_inner);
        idle.pop().ok_or(DatabaseError::Busy)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read_only(mut connection: Connection) -> Result<Connection, OpenError> {
    connection.run_script("PRAGMA query_only = ON;").map_err(DatabaseError::from)?;
    Ok(connection)
}
