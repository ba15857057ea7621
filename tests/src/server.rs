use std::{
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use database::{DatabaseError, Engine};
use diesel::{
    QueryableByName, RunQueryDsl as _, connection::SimpleConnection as _, sql_query,
    sql_types::BigInt,
};
use primitives::{Clock as _, SystemClock, Timestamp};
use tempfile::TempDir;
use test_kit::TestDatabase;

use crate::{Cable, cluster::Cluster, disk::Disk, heard::Heard};

/// How long anything that must happen may take on a busy machine.
const DEADLINE: Duration = Duration::from_secs(60);

/// A server process of the test's own, on a database of its own; gone when dropped.
pub struct Server {
    process: Mutex<Option<Child>>,
    heard: Arc<Heard>,
    home: TempDir,
    /// None where only the server itself knows its database.
    database: Option<Arc<TestDatabase>>,
    settings: Vec<(String, String)>,
    forgetful: Option<Forgetful>,
    skipped: AtomicU64,
    pub http: reqwest::Client,
}

/// Where a server's data are that lie on a disk that forgets.
struct Forgetful {
    disk: Disk,
    cluster: Option<Cluster>,
}

impl Server {
    /// A server on a fresh database.
    pub fn start(engine: Engine) -> Self {
        Self::start_with(engine, &[])
    }

    /// The same with settings, as `("limits.writes_per_minute", "3")`; an empty one is left to the program.
    pub fn start_with(engine: Engine, settings: &[(&str, &str)]) -> Self {
        let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        let database = Arc::new(TestDatabase::new(engine, &[]));
        Self::on(Some(database), settings.iter().map(owned).collect(), None)
    }

    /// A server on a fresh database of PostgreSQL, at the other end of a cable that can break.
    pub fn at_the_end_of_a_cable() -> (Self, Cable) {
        let database = Arc::new(TestDatabase::new(Engine::Postgres, &[]));
        let (cable, url) = Cable::lay(database.url());
        (Self::on(Some(database), vec![("database_url".to_owned(), url)], None), cable)
    }

    /// A server whose database and other files lie on disks that forget what was not synced.
    pub fn on_a_forgetful_disk(engine: Engine) -> Self {
        let cluster = (engine == Engine::Postgres).then(Cluster::new);
        let url = cluster.as_ref().map(Cluster::url).unwrap_or_default();
        let forgetful = Forgetful { disk: Disk::new(), cluster };
        Self::on(None, vec![("database_url".to_owned(), url)], Some(forgetful))
    }

    /// Starts the process again, with the rights of another role of PostgreSQL.
    pub fn launch_as(&mut self, role: &str) {
        self.kill();
        let url = self.postgres_url().expect("roles are PostgreSQL's");
        let separator = if url.contains('?') { '&' } else { '?' };
        let url = format!("{url}{separator}options=-c%20role%3D{role}");
        self.settings.push(("database_url".to_owned(), url));
        self.launch();
    }

    /// One more process on the same database, with the same secret, settings and clock.
    pub fn beside(&self) -> Self {
        let shared = [
            ("secret_file", "secret.key"),
            ("photos_dir", "photos"),
            ("development.clock_file", "clock"),
        ];
        let place = |file: &str| self.home.path().join(file).display().to_string();
        let mut settings = self.settings.clone();
        settings.extend(shared.map(|(key, file)| (key.to_owned(), place(file))));
        Self::on(self.database.clone(), settings, None)
    }

    fn on(
        database: Option<Arc<TestDatabase>>,
        settings: Vec<(String, String)>,
        forgetful: Option<Forgetful>,
    ) -> Self {
        // reqwest wants a provider as soon as any crate of the workspace speaks TLS.
        let _first_or_not = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .timeout(DEADLINE)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client");
        let server = Self {
            process: Mutex::new(None),
            heard: Arc::default(),
            home: tempfile::tempdir().expect("a temporary directory"),
            database,
            settings,
            forgetful,
            skipped: AtomicU64::new(0),
            http,
        };
        server.launch();
        server
    }

    /// Starts the process again after `kill`.
    pub fn launch(&self) {
        self.heard.forget_the_address();
        let mut child = self
            .command()
            .arg("serve")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts: build it first, scripts/test does");
        let output = child.stdout.take().expect("its standard output");
        let heard = Arc::clone(&self.heard);
        std::thread::spawn(move || heard.listen(BufReader::new(output)));
        *self.process.lock().unwrap_or_else(PoisonError::into_inner) = Some(child);
        self.api();
    }

    /// Ends the process at once; what it has written stays.
    pub fn kill(&self) {
        let child = self.process.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(mut child) = child {
            child.kill().expect("the server can be killed");
            child.wait().expect("the server ends");
        }
    }

    /// Ends the process at once, and only what was synced stays; the clock goes on.
    pub fn cut_power(&self) {
        self.kill();
        let forgetful = self.forgetful.as_ref().expect("a disk that forgets");
        forgetful.disk.cut_power(self.home.path());
        if let Some(cluster) = &forgetful.cluster {
            cluster.cut_power();
        }
        self.skip(0);
    }

    /// The address of the API.
    pub fn api(&self) -> String {
        self.heard.api()
    }

    /// The address of the metrics.
    pub fn metrics(&self) -> String {
        self.heard.metrics()
    }

    /// The one-time code that was sent for a challenge.
    pub fn code_of(&self, challenge: &str) -> String {
        self.heard.code_of(challenge)
    }

    /// The database behind the product's back.
    pub fn database(&self) -> database::Database {
        self.test_database().database()
    }

    /// The file that holds the embedded database.
    pub fn database_file(&self) -> PathBuf {
        let url = self.test_database().url();
        url.strip_prefix("sqlite://").expect("an embedded database").into()
    }

    /// Where PostgreSQL has the database; none when it is embedded.
    pub fn postgres_url(&self) -> Option<&str> {
        Some(self.test_database().url()).filter(|url| url.starts_with("postgres"))
    }

    fn test_database(&self) -> &TestDatabase {
        self.database.as_deref().expect("a database that the test knows")
    }

    /// How many rows a table has.
    pub fn count(&self, table: &str) -> i64 {
        let query = format!("SELECT COUNT(*) AS rows FROM {table}");
        self.database()
            .read_blocking(|conn| {
                Ok::<_, DatabaseError>(sql_query(&query).get_result::<Counted>(conn)?.rows)
            })
            .expect("a table")
    }

    /// Changes the database behind the product's back.
    pub fn alter(&self, statements: &[&str]) {
        let script = statements.join("; ");
        self.database()
            .write_blocking(move |conn| Ok::<_, DatabaseError>(conn.batch_execute(&script)?))
            .expect("the statements run");
    }

    /// The most memory that the process has had since it began, in KiB, as the system tells it.
    pub fn peak_memory(&self) -> u64 {
        let process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        let id = process.as_ref().expect("a process").id();
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).expect("its status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let figure = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        figure.expect("the peak of its memory")
    }

    /// Where the server keeps its secret.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// What the server has logged so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.home.path().join("log")).expect("a log")
    }

    /// Moves the server's clock forward; one that lives by the machine's clock is waited for.
    pub fn skip(&self, seconds: u64) {
        if self.lives_by_the_machines_clock() {
            std::thread::sleep(Duration::from_secs(seconds));
            return;
        }
        let skipped = self.skipped.fetch_add(seconds, Ordering::SeqCst) + seconds;
        // Renamed into place, so that the server never reads half a number.
        let (half, whole) = (self.home.path().join("clock.new"), self.home.path().join("clock"));
        std::fs::write(&half, skipped.to_string()).expect("the clock file");
        std::fs::rename(half, whole).expect("the clock file");
    }

    /// Looking at a clock of its own costs the server time, so a measurement takes it away.
    fn lives_by_the_machines_clock(&self) -> bool {
        self.settings.iter().any(|(key, file)| key == "development.clock_file" && file.is_empty())
    }

    /// By how many seconds the server's clock has been moved.
    pub fn skipped(&self) -> u64 {
        self.skipped.load(Ordering::SeqCst)
    }

    /// A moment so many seconds from now, by the server's clock, as RFC 3339.
    pub fn moment_at(&self, seconds: i64) -> String {
        let skipped = i64::try_from(self.skipped()).expect("a clock within reach");
        let micros = SystemClock.now().micros() + (skipped + seconds) * 1_000_000;
        Timestamp::from_micros(micros).to_string()
    }

    /// Runs a command of the program on this server's database.
    pub fn tool(&self, arguments: &[&str]) -> Tool {
        let output = self.command().args(arguments).output().expect("the program runs");
        Tool::of(&output)
    }

    fn command(&self) -> Command {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.home.path().join("log"))
            .expect("a log file");
        let mut command = Command::new(binary());
        command
            .args(["--data-dir", &self.home.path().display().to_string()])
            .args(["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"])
            .env("JUMPA_MADU_WORKERS", "2")
            .env("JUMPA_MADU_LIMITS__WRITES_PER_MINUTE", "1000000")
            .env("JUMPA_MADU_LIMITS__MESSAGES_PER_HOUR", "1000000")
            .env("JUMPA_MADU_DEVELOPMENT__CLOCK_FILE", self.home.path().join("clock"))
            .stderr(log);
        if let Some(database) = &self.database {
            command.env("JUMPA_MADU_DATABASE_URL", database.url());
        }
        if let Some(forgetful) = &self.forgetful {
            forgetful.disk.put_under(&mut command);
        }
        for (key, value) in &self.settings {
            let variable = format!("JUMPA_MADU_{}", key.replace('.', "__").to_uppercase());
            match value.as_str() {
                "" => command.env_remove(variable),
                value => command.env(variable, value),
            };
        }
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            eprintln!("--- the server's log ---\n{}", self.log());
        }
    }
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

/// How a command of the program ended.
pub struct Tool {
    pub success: bool,
    pub output: String,
}

impl Tool {
    /// Runs a command of the program on an embedded database below a directory.
    pub fn run(data_dir: &Path, arguments: &[&str]) -> Self {
        let mut command = Command::new(binary());
        command.arg("--data-dir").arg(data_dir).args(arguments);
        Self::of(&command.output().expect("the program runs"))
    }

    fn of(output: &Output) -> Self {
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        Self { success: output.status.success(), output: text }
    }
}

/// How often something is done: the given number, or what `JUMPA_MADU_SOAK_<WHAT>` says.
pub fn count_of(what: &str, ordinary: usize) -> usize {
    let variable = format!("JUMPA_MADU_SOAK_{}", what.to_uppercase());
    std::env::var(variable).map_or(ordinary, |count| count.parse().expect("a number"))
}

/// The Redis that the test script started.
pub fn redis_url() -> Option<String> {
    std::env::var("JUMPA_MADU_TEST_REDIS").ok()
}

/// The program: named by the test script, else where cargo puts it beside the tests.
fn binary() -> PathBuf {
    if let Ok(path) = std::env::var("JUMPA_MADU_TEST_BINARY") {
        return path.into();
    }
    let tests = std::env::current_exe().expect("the test's own path");
    let profile = tests.parent().and_then(Path::parent).expect("target/<profile>/deps");
    profile.join("jumpa-madu")
}
