//! The machine's clock, moved by the number of seconds that stands in a file. For tests and trials only.

use std::{
    fs::{self, Metadata},
    os::unix::fs::MetadataExt as _,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use primitives::{Ambient, Clock, OsEntropy, SystemClock, Timestamp};

struct MovedClock {
    file: PathBuf,
    last: Mutex<Reading>,
}

/// What stood in the file when it was last written.
#[derive(Default, Clone, Copy)]
struct Reading {
    /// Which file, and of when: the date alone stands still for some milliseconds.
    version: Option<(u64, SystemTime)>,
    ahead: Duration,
}

impl MovedClock {
    fn new(file: PathBuf) -> Self {
        Self { file, last: Mutex::default() }
    }

    /// Looks at the file's version alone while that is the same: a clock is asked several times per request.
    fn ahead(&self) -> Duration {
        let version = |file: Metadata| Some((file.ino(), file.modified().ok()?));
        let version = fs::metadata(&self.file).ok().and_then(version);
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.version != version {
            // A file that is missing or half written moves nothing.
            let text = fs::read_to_string(&self.file).unwrap_or_default();
            let ahead = Duration::from_secs(text.trim().parse().unwrap_or(0));
            *last = Reading { version, ahead };
        }
        last.ahead
    }
}

impl Clock for MovedClock {
    fn now(&self) -> Timestamp {
        SystemClock.now().plus(self.ahead())
    }
}

/// The time and chance of this process.
pub(crate) fn ambient(clock_file: Option<&PathBuf>) -> Ambient {
    match clock_file {
        Some(file) => Ambient::new(Arc::new(MovedClock::new(file.clone())), Arc::new(OsEntropy)),
        None => Ambient::of_this_machine(),
    }
}
