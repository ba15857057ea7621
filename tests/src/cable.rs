use std::{
    io::{Read as _, Write as _},
    net::Shutdown,
    os::unix::net::{UnixListener, UnixStream},
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use tempfile::TempDir;

/// PostgreSQL's name for a socket in a directory.
const SOCKET: &str = ".s.PGSQL.5432";
/// The simple query `COMMIT`, as it goes over the cable: kind, length, text.
const COMMIT: &[u8] = b"Q\0\0\0\x0bCOMMIT\0";

/// Where a cable breaks when a server says COMMIT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Break {
    /// PostgreSQL never hears it.
    BeforeCommit,
    /// PostgreSQL has done it, and nobody hears its answer.
    AfterCommit,
}

/// The way from a server to PostgreSQL, which can break in the worst moment.
pub struct Cable {
    state: Arc<Mutex<State>>,
    #[expect(dead_code, reason = "removes the socket when dropped")]
    room: TempDir,
}

#[derive(Default)]
struct State {
    /// Where it breaks, while it is not to hold.
    place: Option<Break>,
    /// How often it has broken.
    breaks: usize,
}

impl Cable {
    /// Lays a cable to the server of this database, and tells under which URL its other end is reached.
    pub fn lay(url: &str) -> (Self, String) {
        let (user, place) = url.split_once('@').expect("a user and a place");
        let (directory, name) = place.rsplit_once('/').expect("a directory and a database");
        let server = PathBuf::from(directory.replace("%2F", "/")).join(SOCKET);
        let room = tempfile::tempdir().expect("a temporary directory");
        let listener = UnixListener::bind(room.path().join(SOCKET)).expect("a socket");
        let state = Arc::<Mutex<State>>::default();
        let watched = Arc::clone(&state);
        thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                let far = UnixStream::connect(&server).expect("PostgreSQL listens");
                let watched = Arc::clone(&watched);
                thread::spawn(move || carry(near, far, &watched));
            }
        });
        let directory = room.path().display().to_string().replace('/', "%2F");
        (Self { state, room }, format!("{user}@{directory}/{name}"))
    }

    /// From now on it breaks at every COMMIT, here.
    pub fn break_at(&self, place: Break) {
        lock(&self.state).place = Some(place);
    }

    /// It holds again; says how often it broke.
    pub fn mend(&self) -> usize {
        std::mem::take(&mut *lock(&self.state)).breaks
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where the cable breaks now that this is said, if it does.
fn break_of(state: &Mutex<State>, said: &[u8]) -> Option<Break> {
    let mut state = lock(state);
    let place = state.place.filter(|_| said.starts_with(COMMIT));
    state.breaks += usize::from(place.is_some());
    place
}

/// Carries what a server says to PostgreSQL, until either hangs up or the cable breaks.
fn carry(mut near: UnixStream, mut far: UnixStream, state: &Mutex<State>) {
    let deaf = Arc::new(AtomicBool::new(false));
    let answers = [&far, &near].map(|end| end.try_clone().expect("a handle"));
    let heard = Arc::clone(&deaf);
    let back = thread::spawn(move || carry_back(answers, &heard));
    let mut said = vec![0; 65_536];
    while let Ok(length @ 1..) = near.read(&mut said) {
        let place = break_of(state, &said[..length]);
        deaf.store(place == Some(Break::AfterCommit), Ordering::SeqCst);
        if place == Some(Break::BeforeCommit) || far.write_all(&said[..length]).is_err() {
            break;
        }
    }
    let _gone = (near.shutdown(Shutdown::Both), far.shutdown(Shutdown::Both));
    back.join().expect("the way back ends");
}

/// Carries the answers; one that nobody may hear ends both ways.
fn carry_back([mut far, mut near]: [UnixStream; 2], deaf: &AtomicBool) {
    let mut answer = vec![0; 65_536];
    while let Ok(length @ 1..) = far.read(&mut answer) {
        if deaf.load(Ordering::SeqCst) || near.write_all(&answer[..length]).is_err() {
            break;
        }
    }
    let _gone = (near.shutdown(Shutdown::Both), far.shutdown(Shutdown::Both));
}
