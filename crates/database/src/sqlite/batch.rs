//! Several units of work under one commit.

use diesel::connection::{AnsiTransactionManager, TransactionManager as _};

use super::writer::{Job, Ran};
use crate::{Connection, DatabaseError};

#[derive(Default)]
pub(super) struct Batch {
    answers: Vec<Ran>,
}

impl Batch {
    /// Runs the jobs, commits them together and answers each; an error says that none was committed.
    pub(super) fn commit(
        mut self,
        connection: &mut Connection,
        jobs: impl Iterator<Item = Job>,
    ) -> Result<(), DatabaseError> {
        let outcome = begin(connection).and_then(|()| self.run_and_commit(connection, jobs));
        if let Err(error) = &outcome {
            tracing::error!(%error, units = self.answers.len(), "a batch was not committed");
        }
        for ran in self.answers {
            (ran.answer)(match &outcome {
                Ok(()) => Ok(()),
                Err(error) => Err(DatabaseError::Unavailable(error.to_string())),
            });
        }
        outcome
    }

    fn run_and_commit(
        &mut self,
        connection: &mut Connection,
        jobs: impl Iterator<Item = Job>,
    ) -> Result<(), DatabaseError> {
        for job in jobs {
            let ran = job(connection);
            let engine_failed = ran.engine_failed;
            self.answers.push(ran);
            if engine_failed {
                let _already_gone = connection.run_script("ROLLBACK");
                return Err(DatabaseError::Unavailable("the engine failed in a batch".to_owned()));
            }
        }
        commit(connection)
    }
}

// The jobs of a batch that cannot begin are dropped, which their callers see as a writer that stopped: 503.
fn begin(connection: &mut Connection) -> Result<(), DatabaseError> {
    match connection {
        Connection::Sqlite(sqlite) => {
            Ok(AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE")?)
        }
        Connection::Postgres(_) => Err(not_sqlite()),
    }
}

fn commit(connection: &mut Connection) -> Result<(), DatabaseError> {
    match connection {
        Connection::Sqlite(sqlite) => Ok(AnsiTransactionManager::commit_transaction(sqlite)?),
        Connection::Postgres(_) => Err(not_sqlite()),
    }
}

fn not_sqlite() -> DatabaseError {
    DatabaseError::Unavailable("the batch writer serves SQLite only".to_owned())
}
