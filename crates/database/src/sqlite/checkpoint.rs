//! Moves the write-ahead log into the database file, beside the writer and never inside a command.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{RecvTimeoutError, Sender, channel},
    },
    thread::{Builder, JoinHandle},
    time::Duration,
};

use diesel::{RunQueryDsl as _, sql_query, sql_types::Integer};

use super::settings::{LOG_BYTES, PATIENCE_MILLISECONDS};
use crate::{Connection, OpenError};

const PERIOD: Duration = Duration::from_secs(2);
/// Pages of a log that is begun anew, by SQLite's usual size of a page.
const LONG: i32 = LOG_BYTES / 4_096;
/// How long readers of a long log are waited for, with everybody who wants to write: then it goes on growing for now.
const READERS_MILLISECONDS: u32 = 100;

/// Whether the log should be begun anew. Only the writer can: as long as it appends, no log ever comes to its end.
pub(crate) type LogIsLong = Arc<AtomicBool>;

/// Runs until it is dropped.
pub(crate) struct Checkpointer {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What SQLite tells of a checkpoint.
#[derive(diesel::QueryableByName)]
struct Checkpoint {
    #[diesel(sql_type = Integer)]
    log: i32,
}

impl Checkpointer {
    pub(crate) fn start(
        mut connection: Connection,
        log_is_long: LogIsLong,
    ) -> Result<Self, OpenError> {
        let (stop, stopped) = channel::<()>();
        let thread = Builder::new().name("sqlite-checkpoint".to_owned()).spawn(move || {
            while matches!(stopped.recv_timeout(PERIOD), Err(RecvTimeoutError::Timeout)) {
                checkpoint(&mut connection, &log_is_long);
            }
        })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

fn checkpoint(connection: &mut Connection, log_is_long: &AtomicBool) {
    // PASSIVE never waits for readers or the writer; what it cannot move now it moves next time.
    match sql_query("PRAGMA wal_checkpoint(PASSIVE)").get_result::<Checkpoint>(connection) {
        Ok(Checkpoint { log }) => log_is_long.store(log > LONG, Ordering::Relaxed),
        Err(error) => tracing::warn!(%error, "checkpoint failed; the next one tries again"),
    }
}

/// Moves the rest of the log, which is what was written since the last checkpoint, so that it is overwritten from its
/// beginning; for the writer, between two batches.
pub(super) fn begin_anew(connection: &mut Connection) {
    let briefly =
        format!("PRAGMA busy_timeout = {READERS_MILLISECONDS}; PRAGMA wal_checkpoint(RESTART);");
    let as_ever = format!("PRAGMA busy_timeout = {PATIENCE_MILLISECONDS};");
    let outcomes = [briefly, as_ever].map(|script| connection.run_script(&script));
    if let Err(error) = outcomes.into_iter().collect::<Result<(), _>>() {
        tracing::warn!(%error, "the log was not begun anew; the next checkpoint asks again");
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _panicked_or_not = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DatabaseError, Options, sqlite::Writer};

    fn options(room: &tempfile::TempDir) -> Options {
        Options::new(format!("sqlite://{}", room.path().join("test.sqlite3").display()))
    }

    fn with_pages(options: &Options) -> Connection {
        let mut connection = crate::sqlite::connect(options).unwrap();
        connection.run_script("CREATE TABLE page (content BLOB) STRICT").unwrap();
        connection
    }

    fn content(bytes: u32) -> String {
        format!("INSERT INTO page VALUES (zeroblob({bytes}))")
    }

    fn pages_in_log(connection: &mut Connection) -> i32 {
        let looked =
            sql_query("PRAGMA wal_checkpoint(PASSIVE)").get_result::<Checkpoint>(connection);
        looked.unwrap().log
    }

    #[test]
    fn only_a_long_log_is_called_long() {
        let room = tempfile::tempdir().unwrap();
        let mut connection = with_pages(&options(&room));
        let log_is_long = AtomicBool::new(false);
        for (bytes, long) in [(1_000_000, false), (70_000_000, true)] {
            connection.run_script(&content(bytes)).unwrap();
            checkpoint(&mut connection, &log_is_long);
            assert_eq!(log_is_long.load(Ordering::Relaxed), long, "{bytes}");
        }
    }

    #[test]
    fn the_writer_begins_a_log_anew_when_it_is_asked_to_and_not_before() {
        for asked in [false, true] {
            let room = tempfile::tempdir().unwrap();
            let mut connection = with_pages(&options(&room));
            let log_is_long = LogIsLong::default();
            let writer = Writer::start(&options(&room), Arc::clone(&log_is_long)).unwrap();
            let write = |bytes: u32| {
                let unit = move |conn: &mut Connection| {
                    Ok::<_, DatabaseError>(conn.run_script(&content(bytes))?)
                };
                writer.submit_blocking(unit).unwrap();
            };
            write(1_000_000);
            log_is_long.store(asked, Ordering::Relaxed);
            write(1);
            assert_eq!(pages_in_log(&mut connection) < 10, asked);
            assert!(!log_is_long.load(Ordering::Relaxed));
        }
    }
}
