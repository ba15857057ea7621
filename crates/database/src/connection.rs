use diesel::{PgConnection, SqliteConnection};

/// A connection to either engine; queries are written once, in diesel's language, and run on both.
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    /// PostgreSQL.
    Postgres(PgConnection),
    /// The embedded default.
    Sqlite(SqliteConnection),
}

/// The two engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// The embedded default.
    Sqlite,
    /// For several processes.
    Postgres,
}

impl AnyConnection {
    /// Which engine this connection speaks to.
    pub const fn engine(&self) -> Engine {
        match self {
            Self::Postgres(_) => Engine::Postgres,
            Self::Sqlite(_) => Engine::Sqlite,
        }
    }

    /// Runs several statements of plain SQL, split by semicolons.
    pub fn run_script(&mut self, sql: &str) -> diesel::QueryResult<()> {
        use diesel::connection::SimpleConnection as _;
        match self {
            Self::Postgres(connection) => connection.batch_execute(sql),
            Self::Sqlite(connection) => connection.batch_execute(sql),
        }
    }

    pub(crate) fn connect_postgres(url: &str) -> diesel::ConnectionResult<Self> {
        <PgConnection as diesel::Connection>::establish(url).map(Self::Postgres)
    }

    pub(crate) fn connect_sqlite(path: &str) -> diesel::ConnectionResult<Self> {
        <SqliteConnection as diesel::Connection>::establish(path).map(Self::Sqlite)
    }
}
