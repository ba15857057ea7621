//! The one thread that writes.
//!
//! Every waiting unit of work runs in a savepoint of its own inside one `BEGIN IMMEDIATE … COMMIT`, so many of them
//! share one wait for the disk. Nobody is answered before the commit.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    thread::{Builder, JoinHandle},
};

use diesel::Connection as _;
use tokio::sync::oneshot;

use super::{
    batch::Batch,
    checkpoint::{self, LogIsLong},
};
use crate::{Connection, DatabaseError, OpenError, Options, UnitError, postgres::Undo};

/// Units of work that share one commit at most.
const BATCH: usize = 256;
/// Units of work that may wait before the next one is told to come back later.
const QUEUE: usize = 4_096;

/// Runs inside the batch's transaction and hands back how to answer once its fate is known.
pub(super) type Job = Box<dyn FnOnce(&mut Connection) -> Ran + Send>;

/// A unit that ran and waits for the commit.
pub(super) struct Ran {
    /// Tells the caller; given the fate of the commit.
    pub(super) answer: Box<dyn FnOnce(Result<(), DatabaseError>) + Send>,
    /// The engine itself failed: SQLite may have closed the transaction behind our back.
    pub(super) engine_failed: bool,
}

pub(crate) struct Writer {
    queue: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(crate) fn start(options: &Options, log_is_long: LogIsLong) -> Result<Self, OpenError> {
        let (queue, jobs) = sync_channel(QUEUE);
        let size = if options.group_commit { BATCH } else { 1 };
        let connection = connect(options)?;
        let options = options.clone();
        let thread = Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || work_through(connection, &jobs, size, &options, &log_is_long))?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    pub(crate) async fn submit<T, E, F>(&self, unit: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: UnitError,
        F: Fn(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        let (sender, answer) = oneshot::channel();
        self.enqueue(unit, move |outcome| sender.send(outcome).is_ok())?;
        answer.await.unwrap_or_else(|_gone| Err(stopped().into()))
    }

    pub(crate) fn submit_blocking<T, E, F>(&self, unit: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: UnitError,
        F: Fn(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        // Not tokio's channel: that one refuses to block inside a runtime, which PostgreSQL's side of this call allows.
        let (sender, answer) = sync_channel(1);
        self.enqueue(unit, move |outcome| sender.send(outcome).is_ok())?;
        answer.recv().unwrap_or_else(|_gone| Err(stopped().into()))
    }

    /// `heard` takes the outcome after the commit and says whether somebody still waited for it.
    fn enqueue<T, E, F>(
        &self,
        unit: F,
        heard: impl FnOnce(Result<T, E>) -> bool + Send + 'static,
    ) -> Result<(), DatabaseError>
    where
        T: Send + 'static,
        E: UnitError,
        F: Fn(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        let job: Job = Box::new(move |connection| run(connection, &unit, heard));
        match self.queue.as_ref().map(|queue| queue.try_send(job)) {
            Some(Ok(())) => Ok(()),
            Some(Err(TrySendError::Full(_))) => Err(DatabaseError::Busy),
            Some(Err(TrySendError::Disconnected(_))) | None => Err(stopped()),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            let _panicked_or_not = thread.join();
        }
    }
}

fn stopped() -> DatabaseError {
    DatabaseError::Unavailable("the writer has stopped".to_owned())
}

/// What a savepoint remembers to undo it, some pages for each unit of work, would go through a temporary file.
fn connect(options: &Options) -> Result<Connection, OpenError> {
    let mut connection = super::connect(options)?;
    connection.run_script("PRAGMA temp_store = MEMORY;").map_err(DatabaseError::from)?;
    Ok(connection)
}

fn work_through(
    mut connection: Connection,
    jobs: &Receiver<Job>,
    size: usize,
    options: &Options,
    log_is_long: &AtomicBool,
) {
    while let Ok(first) = jobs.recv() {
        if log_is_long.swap(false, Ordering::Relaxed) {
            checkpoint::begin_anew(&mut connection);
        }
        let waiting = std::iter::once(first).chain(jobs.try_iter()).take(size);
        if Batch::default().commit(&mut connection, waiting).is_ok() {
            continue;
        }
        // After a failure of the engine nothing is known about this connection.
        match connect(options) {
            Ok(fresh) => connection = fresh,
            Err(error) => tracing::error!(%error, "the writer cannot reconnect yet"),
        }
    }
}

fn run<T, E>(
    connection: &mut Connection,
    unit: &impl Fn(&mut Connection) -> Result<T, E>,
    heard: impl FnOnce(Result<T, E>) -> bool + Send + 'static,
) -> Ran
where
    T: Send + 'static,
    E: UnitError,
{
    let outcome = run_alone(connection, unit);
    let engine_failed = matches!(
        outcome.as_ref().err().and_then(UnitError::database),
        Some(DatabaseError::Unavailable(_) | DatabaseError::Busy),
    );
    let answer = Box::new(move |committed| {
        let _caller_waited = heard(match (outcome, committed) {
            (Ok(_), Err(error)) => Err(E::from(error)),
            (outcome, _) => outcome,
        });
    });
    Ran { answer, engine_failed }
}

/// Runs one unit in a savepoint; a refusal or a panic undoes this unit and no other.
fn run_alone<T, E: UnitError>(
    connection: &mut Connection,
    unit: &impl Fn(&mut Connection) -> Result<T, E>,
) -> Result<T, E> {
    connection
        .transaction(|savepoint| {
            catch_unwind(AssertUnwindSafe(|| unit(savepoint)))
                .unwrap_or_else(|_panic| Err(DatabaseError::Panicked.into()))
                .map_err(Undo)
        })
        .map_err(|undo| undo.0)
}

#[cfg(test)]
mod tests {
    use diesel::RunQueryDsl as _;

    use super::*;

    /// A unit of work that runs as soon as it is let, so that others wait behind it.
    fn first(writer: &Writer) -> (SyncSender<()>, Receiver<bool>) {
        let (go, may_go) = sync_channel(1);
        let (sender, done) = sync_channel(1);
        let may_go = std::sync::Mutex::new(may_go);
        let unit = move |_: &mut Connection| {
            may_go.lock().unwrap().recv().unwrap();
            Ok::<_, DatabaseError>(())
        };
        writer.enqueue(unit, move |outcome| sender.send(outcome.is_ok()).is_ok()).unwrap();
        (go, done)
    }

    /// Inserts a row of a million bytes where there is no room, so many savepoints deep.
    fn too_large(conn: &mut Connection, depth: u32) -> Result<(), DatabaseError> {
        if depth > 0 {
            return conn.transaction(|conn| too_large(conn, depth - 1));
        }
        conn.run_script("PRAGMA max_page_count = 1")?;
        Ok(conn.run_script("INSERT INTO page VALUES (zeroblob(1000000))")?)
    }

    fn then(
        writer: &Writer,
        unit: impl Fn(&mut Connection) -> Result<(), DatabaseError> + Send + 'static,
    ) -> Receiver<Result<(), DatabaseError>> {
        let (sender, done) = sync_channel(1);
        writer.enqueue(unit, move |outcome| sender.send(outcome).is_ok()).unwrap();
        done
    }

    #[test]
    fn a_full_disk_undoes_the_batch_so_far_and_the_next_one_is_done() {
        for depth in 0..4 {
            let room = tempfile::tempdir().unwrap();
            let url = format!("sqlite://{}", room.path().join("full.sqlite3").display());
            let writer = Writer::start(&Options::new(url), LogIsLong::default()).unwrap();
            let run = |script: &'static str| {
                writer.submit_blocking(move |conn| {
                    Ok::<_, DatabaseError>(diesel::sql_query(script).execute(conn)?)
                })
            };
            run("CREATE TABLE page (content BLOB) STRICT").unwrap();

            let (go, waited) = first(&writer);
            let full = then(&writer, move |conn| too_large(conn, depth));
            let small = "INSERT INTO page VALUES (zeroblob(1))";
            let behind = then(&writer, move |conn| Ok(conn.run_script(small)?));
            go.send(()).unwrap();
            assert!(!waited.recv().unwrap());
            let outcome = full.recv().unwrap();
            assert!(matches!(outcome, Err(DatabaseError::Unavailable(_))), "{outcome:?}");
            // The batch ended before it was run, and it is the first of the next one.
            behind.recv().unwrap().unwrap();
            assert_eq!(run("DELETE FROM page").unwrap(), 1);
        }
    }
}
