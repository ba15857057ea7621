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

#[cfg(test)]
mod tests {
    use std::{
        fs::File,
        io::Read as _,
        path::Path,
        time::{Duration, Instant},
    };

    use super::*;

    const DEADLINE: Duration = Duration::from_secs(30);

    /// How often a write-ahead log was begun anew, as its header says.
    fn beginnings(log: &Path) -> u32 {
        let mut header = [0; 16];
        File::open(log).unwrap().read_exact(&mut header).unwrap();
        u32::from_be_bytes(*header.last_chunk().unwrap())
    }

    #[test]
    fn a_log_that_is_written_without_pause_is_begun_anew() {
        let room = tempfile::tempdir().unwrap();
        let path = room.path().join("busy.sqlite3");
        let url = format!("sqlite://{}", path.display());
        // What becomes of the log does not depend on waiting for the disk.
        let store = Store::open(&Options { durable: false, ..Options::new(url) }).unwrap();
        let write = |script: &'static str| {
            let unit =
                move |conn: &mut Connection| Ok::<_, DatabaseError>(conn.run_script(script)?);
            store.writer().submit_blocking(unit).unwrap();
        };
        write("CREATE TABLE page (content BLOB) STRICT");
        write("INSERT INTO page VALUES (zeroblob(1000000))");
        let log = path.with_extension("sqlite3-wal");
        let (before, begun) = (beginnings(&log), Instant::now());
        while beginnings(&log) == before {
            // SQLite writes nothing where an update changes nothing.
            write("UPDATE page SET content = randomblob(1000000)");
            assert!(begun.elapsed() < DEADLINE, "it only grew");
        }
    }
}
