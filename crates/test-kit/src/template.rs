//! Migrated once per test process and set of migrations, then copied for every test.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use database::{Database, Migration, Options};
use diesel::{Connection as _, PgConnection, connection::SimpleConnection};

/// What is migrated already: by engine and names of migrations.
static TEMPLATES: Mutex<Option<HashMap<String, String>>> = Mutex::new(None);

/// Something a test's database is copied from.
pub(crate) struct Template(String);

impl Template {
    pub(crate) fn sqlite(migrations: &[Migration]) -> Self {
        Self(remember("sqlite", migrations, || {
            let directory = tempfile::tempdir().expect("a temporary directory").keep();
            let path = directory.join("template.sqlite3");
            migrate(&format!("sqlite://{}", path.display()), migrations);
            path.display().to_string()
        }))
    }

    pub(crate) fn postgres(admin_url: &str, migrations: &[Migration]) -> Self {
        Self(remember("postgres", migrations, || {
            let name = fresh_name("template");
            run(admin_url, &format!("CREATE DATABASE {name}"));
            migrate(&database_url(admin_url, &name), migrations);
            name
        }))
    }

    pub(crate) fn copy_to(&self, path: &Path) {
        std::fs::copy(PathBuf::from(&self.0), path).expect("the template can be copied");
    }

    pub(crate) fn clone_database(&self, admin_url: &str) -> String {
        let name = fresh_name("test");
        run(admin_url, &format!("CREATE DATABASE {name} TEMPLATE {}", self.0));
        name
    }
}

/// The same server and user, another database.
pub(crate) fn database_url(admin_url: &str, name: &str) -> String {
    let (server, parameters) = admin_url.split_once('?').unwrap_or((admin_url, ""));
    let (server, _database) = server.rsplit_once('/').expect("a URL with a database");
    let parameters = if parameters.is_empty() { String::new() } else { format!("?{parameters}") };
    format!("{server}/{name}{parameters}")
}

pub(crate) fn drop_database(admin_url: &str, name: &str) {
    run(admin_url, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
}

fn remember(engine: &str, migrations: &[Migration], make: impl FnOnce() -> String) -> String {
    let texts: Vec<&str> = migrations.iter().map(|migration| migration.sql).collect();
    let key = format!("{engine}:{}", texts.concat());
    let mut templates = TEMPLATES.lock().unwrap_or_else(PoisonError::into_inner);
    templates.get_or_insert_default().entry(key).or_insert_with(make).clone()
}

/// Opened and closed again, so that nothing of it is left in a write-ahead log or in a session.
fn migrate(url: &str, migrations: &[Migration]) {
    let database = Database::open(&Options::new(url)).expect("the template opens");
    database.migrate(migrations).expect("the migrations apply");
    if let Ok(mut connection) = database.own_connection() {
        let _only_sqlite_has_a_log = connection.run_script("PRAGMA wal_checkpoint(TRUNCATE)");
    }
}

fn fresh_name(purpose: &str) -> String {
    let number = u64::from_le_bytes(primitives::Ambient::of_this_machine().bytes());
    format!("jumpa_madu_{purpose}_{number:016x}")
}

/// Cloning needs the template free of sessions; the last one may take a moment to end on the server's side.
fn run(admin_url: &str, statement: &str) {
    let mut connection = PgConnection::establish(admin_url).expect("the tests' PostgreSQL answers");
    let mut outcome = connection.batch_execute(statement);
    for _ in 0..100 {
        match &outcome {
            Err(error) if error.to_string().contains("being accessed by other users") => {
                let pause = format!("SELECT pg_sleep({})", Duration::from_millis(50).as_secs_f32());
                connection.batch_execute(&pause).expect("the server waits with us");
                outcome = connection.batch_execute(statement);
            }
            _ => break,
        }
    }
    outcome.unwrap_or_else(|error| panic!("{statement}: {error}"));
}
