#![doc = include_str!("../README.md")]
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "tests should stop at the first surprise, and only tests use this crate"
)]

mod ambient;
mod template;

pub use ambient::{ambient, clock};
use database::{Connection, Database, Engine, Migration, Options};
use tempfile::TempDir;
use template::Template;

/// The smallest photograph: one pixel of lossy WebP.
pub const TINY_WEBP: &[u8] =
    b"RIFF\"\0\0\0WEBPVP8 \x16\0\0\x000\x01\0\x9d\x01*\x01\0\x01\0\x0e\xc0\xfe%\xa4\0\x03p\0\0\0\0";

/// Where the tests' PostgreSQL listens: a URL of a user who may create databases.
pub const POSTGRES_VARIABLE: &str = "JUMPA_MADU_TEST_POSTGRES";

/// A migrated database of the test's own, gone when dropped.
pub struct TestDatabase {
    database: Option<Database>,
    url: String,
    home: Home,
}

enum Home {
    Directory(#[expect(dead_code, reason = "removes the files when dropped")] TempDir),
    Server { admin_url: String, name: String },
}

impl TestDatabase {
    /// Makes a fresh database with the given migrations applied.
    pub fn new(engine: Engine, migrations: &[&[Migration]]) -> Self {
        let migrations: Vec<Migration> = migrations.concat();
        let (url, home) = match engine {
            Engine::Sqlite => {
                let directory = tempfile::tempdir().expect("a temporary directory");
                let path = directory.path().join("test.sqlite3");
                Template::sqlite(&migrations).copy_to(&path);
                (format!("sqlite://{}", path.display()), Home::Directory(directory))
            }
            Engine::Postgres => {
                let admin_url = postgres_url().expect("a PostgreSQL for tests");
                let name = Template::postgres(&admin_url, &migrations).clone_database(&admin_url);
                (template::database_url(&admin_url, &name), Home::Server { admin_url, name })
            }
        };
        let database = Database::open(&Options::new(&url)).expect("the test database opens");
        Self { database: Some(database), url, home }
    }

    /// The database, ready for use.
    pub fn database(&self) -> Database {
        self.database.clone().expect("present until dropped")
    }

    /// Its URL, for a process that opens it itself.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        drop(self.database.take());
        if let Home::Server { admin_url, name } = &self.home {
            template::drop_database(admin_url, name);
        }
    }
}

/// The engines this run tests: always SQLite, and PostgreSQL where one is provided.
pub fn engines() -> Vec<Engine> {
    if postgres_url().is_some() {
        vec![Engine::Sqlite, Engine::Postgres]
    } else {
        println!("{POSTGRES_VARIABLE} is not set: this test runs on SQLite only");
        vec![Engine::Sqlite]
    }
}

/// Runs a test once per engine, each time on a fresh database.
pub fn on_each_engine(migrations: &[&[Migration]], test: impl Fn(&Database)) {
    for engine in engines() {
        let home = TestDatabase::new(engine, migrations);
        println!("on {engine:?}");
        test(&home.database());
    }
}

/// A connection for arranging what a test needs behind the product's back.
pub fn raw_connection(database: &Database) -> Connection {
    database.own_connection().expect("a connection of the test's own")
}

/// Changes rows as somebody with the keys to the machine could: foreign keys, and on PostgreSQL triggers, are off.
pub fn forge(conn: &mut Connection, sql: &str) {
    let unlocked = match conn {
        Connection::Postgres(_) => "SET session_replication_role = replica;",
        Connection::Sqlite(_) => "PRAGMA foreign_keys = OFF;",
    };
    conn.run_script(unlocked).expect("the guards come off");
    conn.run_script(sql).expect("the forgery is written");
}

fn postgres_url() -> Option<String> {
    std::env::var(POSTGRES_VARIABLE).ok().filter(|url| !url.is_empty())
}
