//! The machine's clock, moved by the number of seconds that stands in a file. For tests and trials only.

use std::{path::PathBuf, sync::Arc, time::Duration};

use primitives::{Ambient, Clock, OsEntropy, SystemClock, Timestamp};

struct MovedClock(PathBuf);

impl Clock for MovedClock {
    fn now(&self) -> Timestamp {
        // A file that is missing or half written moves nothing.
        let text = std::fs::read_to_string(&self.0).unwrap_or_default();
        let seconds: u64 = text.trim().parse().unwrap_or(0);
        SystemClock.now().plus(Duration::from_secs(seconds))
    }
}

/// The time and chance of this process.
pub(crate) fn ambient(clock_file: Option<&PathBuf>) -> Ambient {
    match clock_file {
        Some(file) => Ambient::new(Arc::new(MovedClock(file.clone())), Arc::new(OsEntropy)),
        None => Ambient::of_this_machine(),
    }
}
