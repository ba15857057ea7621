//! SQLite: one writer thread with group commit, a few readers, a checkpointer, and settings that are asserted.

mod batch;
mod checkpoint;
mod readers;
mod settings;
mod writer;

use std::sync::Arc;

use crate::{Connection, DatabaseError, OpenError, Options, UnitError};
use checkpoint::LogIsLong;

pub(crate) use writer::Writer;

pub(crate) struct Store {
    readers: readers::Readers,
    writer: Writer,
    options: Options,
    _checkpointer: checkpoint::Checkpointer,
}

impl Store {
    pub(crate) fn open(options: &Options) -> Result<Self, OpenError> {
        let log_is_long = LogIsLong::default();
        let writer = Writer::start(options, Arc::clone(&log_is_long))?;
        let readers = readers::Readers::open(options)?;
        let checkpointer = checkpoint::Checkpointer::start(connect(options)?, log_is_long)?;
        Ok(Self { readers, writer, options: options.clone(), _checkpointer: checkpointer })
    }

    pub(crate) fn writer(&self) -> &Writer {
        &self.writer
    }

    pub(crate) fn own_connection(&self) -> Result<Connection, DatabaseError> {
        connect(&self.options).map_err(|error| DatabaseError::Unavailable(error.to_string()))
    }

    pub(crate) fn read<T, E, F>(&self, query: F) -> Result<T, E>
    where
        E: UnitError,
        F: FnOnce(&mut Connection) -> Result<T, E>,
    {
        self.readers.run(query)
    }
}

fn connect(options: &Options) -> Result<Connection, OpenError> {
    let mut connection = Connection::connect_sqlite(options.sqlite_path())
        .map_err(|error| OpenError::Connect(error.to_string()))?;
    settings::apply(&mut connection, options.durable)?;
    Ok(connection)
}
