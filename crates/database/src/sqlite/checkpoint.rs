//! Moves the write-ahead log into the database file, beside the writer and never inside a command.

use std::{
    sync::mpsc::{RecvTimeoutError, Sender, channel},
    thread::{Builder, JoinHandle},
    time::Duration,
};

use crate::{Connection, OpenError};

const PERIOD: Duration = Duration::from_secs(2);

/// Runs until it is dropped.
pub(crate) struct Checkpointer {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    pub(crate) fn start(mut connection: Connection) -> Result<Self, OpenError> {
        let (stop, stopped) = channel::<()>();
        let thread = Builder::new().name("sqlite-checkpoint".to_owned()).spawn(move || {
            while matches!(stopped.recv_timeout(PERIOD), Err(RecvTimeoutError::Timeout)) {
                checkpoint(&mut connection);
            }
        })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

fn checkpoint(connection: &mut Connection) {
    // PASSIVE never waits for readers or the writer; what it cannot move now it moves next time.
    if let Err(error) = connection.run_script("PRAGMA wal_checkpoint(PASSIVE);") {
        tracing::warn!(%error, "checkpoint failed; the next one tries again");
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
