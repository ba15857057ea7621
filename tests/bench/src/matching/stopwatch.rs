//! Waiting times of single questions.

use std::time::{Duration, Instant};

/// How long each of many questions took.
#[derive(Default)]
pub(crate) struct Laps(Vec<Duration>);

impl Laps {
    /// Asks once and notes how long it took.
    pub(crate) fn time<T>(&mut self, ask: impl FnOnce() -> T) -> T {
        let begun = Instant::now();
        let answer = ask();
        self.0.push(begun.elapsed());
        answer
    }

    /// Notes what somebody else has measured.
    pub(crate) fn note(&mut self, took: Duration) {
        self.0.push(took);
    }

    /// Takes over all laps of another.
    pub(crate) fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    /// Below which that part of the laps lies.
    pub(crate) fn percentile(&mut self, percent: usize) -> Duration {
        self.0.sort_unstable();
        self.0.get(self.0.len() * percent / 100).copied().unwrap_or_default()
    }

    /// Half of the laps were shorter.
    pub(crate) fn median(&mut self) -> Duration {
        self.percentile(50)
    }
}

/// How many times as long the first is.
pub(crate) fn times(longer: Duration, shorter: Duration) -> f64 {
    longer.as_secs_f64() / shorter.as_secs_f64().max(1e-9)
}

/// In microseconds, for tables.
pub(crate) fn micros(time: Duration) -> String {
    format!("{:.1} µs", time.as_secs_f64() * 1e6)
}

/// In milliseconds, for tables.
pub(crate) fn millis(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}
