use crate::{DatabaseError, Engine};

/// How to reach the database.
#[derive(Debug, Clone)]
pub struct Options {
    /// `sqlite://path` or `postgres://…`.
    pub url: String,
    /// Connections that may read at the same time (on PostgreSQL: all connections of this process).
    pub connections: u32,
    /// On SQLite, commit many waiting units of work together. Off only to measure what it is worth.
    pub group_commit: bool,
    /// On SQLite, wait for the disk at every commit. Off only where the content can be made again.
    pub durable: bool,
}

impl Options {
    /// The usual options for a URL.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), connections: 8, group_commit: true, durable: true }
    }

    pub(crate) fn engine(&self) -> Result<Engine, OpenError> {
        if self.url.starts_with("sqlite://") {
            Ok(Engine::Sqlite)
        } else if self.url.starts_with("postgres://") || self.url.starts_with("postgresql://") {
            Ok(Engine::Postgres)
        } else {
            Err(OpenError::UnknownScheme)
        }
    }

    pub(crate) fn sqlite_path(&self) -> &str {
        self.url.strip_prefix("sqlite://").unwrap_or(&self.url)
    }
}

/// Why the database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Neither `sqlite://` nor `postgres://`.
    #[error("the database URL must begin with sqlite:// or postgres://")]
    UnknownScheme,
    /// The engine refused the connection.
    #[error("cannot connect to the database: {0}")]
    Connect(String),
    /// A connection does not have the settings our guarantees rest on.
    #[error("the connection's {pragma} is {found}, not {wanted}")]
    Setting {
        /// The setting.
        pragma: &'static str,
        /// What it is.
        found: String,
        /// What it must be.
        wanted: &'static str,
    },
    /// The writer's thread could not be started.
    #[error("cannot start a thread: {0}")]
    Thread(#[from] std::io::Error),
    /// The first statements failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}
