use std::{
    fs,
    os::unix::{
        fs::{MetadataExt as _, chown},
        process::CommandExt as _,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use database::{Database, DatabaseError, Engine, Options};
use diesel::{QueryableByName, RunQueryDsl as _, sql_query, sql_types::Text};
use tempfile::TempDir;
use test_kit::TestDatabase;

use crate::disk::Disk;

/// How long PostgreSQL may take to start.
const DEADLINE: Duration = Duration::from_secs(60);

/// A PostgreSQL of the test's own, whose data lie on a disk that forgets what was not synced.
pub(crate) struct Cluster {
    programs: PathBuf,
    owner: Owner,
    disk: Disk,
    room: TempDir,
    process: Mutex<Option<Child>>,
}

/// Whose processes these are: PostgreSQL does not run as root.
#[derive(Clone, Copy)]
struct Owner {
    user: u32,
    group: u32,
}

impl Cluster {
    /// Made by the programs and the user of the PostgreSQL that the tests were given.
    pub(crate) fn new() -> Self {
        let given = TestDatabase::new(Engine::Postgres, &[]);
        let programs =
            tell(&given, "SELECT setting AS answer FROM pg_config WHERE name = 'BINDIR'");
        let data = tell(&given, "SELECT current_setting('data_directory') AS answer");
        let about = fs::metadata(data).expect("PostgreSQL on this machine");
        let owner = Owner { user: about.uid(), group: about.gid() };
        let room = tempfile::tempdir().expect("a temporary directory");
        chown(room.path(), Some(owner.user), Some(owner.group)).expect("a room of its own");
        let disk = Disk::new();
        disk.give_to(owner.user, owner.group);
        let cluster =
            Self { programs: programs.into(), owner, disk, room, process: Mutex::new(None) };
        cluster.make();
        cluster.start();
        cluster
    }

    /// Where its one database is.
    pub(crate) fn url(&self) -> String {
        let directory = self.room.path().display().to_string().replace('/', "%2F");
        format!("postgres://postgres@{directory}/postgres")
    }

    /// Ends it at once, leaves only what was synced, and starts it on that.
    pub(crate) fn cut_power(&self) {
        self.end();
        self.disk.cut_power(&self.data());
        self.start();
    }

    /// Small pieces of its log, because each is kept whole whenever it is synced.
    fn make(&self) {
        let made = self
            .program("initdb")
            .arg("--pgdata")
            .arg(self.data())
            .args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C"])
            .arg("--wal-segsize=1")
            .stdout(Stdio::null())
            .status();
        assert!(made.expect("initdb runs").success());
    }

    fn start(&self) {
        let log = fs::File::create(self.room.path().join("log")).expect("a log file");
        let child = self
            .program("postgres")
            .arg("-D")
            .arg(self.data())
            .arg("-k")
            .arg(self.room.path())
            .args(["-c", "listen_addresses=", "-c", "fsync=on"])
            .stderr(log)
            .spawn()
            .expect("PostgreSQL starts");
        *self.process.lock().unwrap_or_else(PoisonError::into_inner) = Some(child);
        let late = Instant::now() + DEADLINE;
        while Database::open(&Options::new(self.url())).is_err() {
            assert!(Instant::now() < late, "PostgreSQL did not start");
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// At once, as after a crash: nothing more is written, and nobody is left when it has ended.
    fn end(&self) {
        let child = self.process.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(mut child) = child {
            let told =
                Command::new("sh").args(["-c", &format!("kill -QUIT {}", child.id())]).status();
            assert!(told.expect("sh runs").success());
            child.wait().expect("PostgreSQL ends");
        }
    }

    fn data(&self) -> PathBuf {
        self.room.path().join("data")
    }

    fn program(&self, name: &str) -> Command {
        let mut program = Command::new(self.programs.join(name));
        program.uid(self.owner.user).gid(self.owner.group).current_dir(Path::new("/"));
        self.disk.put_under(&mut program);
        program
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.end();
    }
}

#[derive(QueryableByName)]
struct Told {
    #[diesel(sql_type = Text)]
    answer: String,
}

fn tell(given: &TestDatabase, question: &str) -> String {
    let told = given.database().read_blocking(|conn| {
        Ok::<_, DatabaseError>(sql_query(question).get_result::<Told>(conn)?.answer)
    });
    told.expect("PostgreSQL answers")
}
