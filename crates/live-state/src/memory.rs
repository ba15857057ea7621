use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use primitives::Timestamp;

use crate::{Decision, Policy, bounded::Bounded};

const MEGABYTE: usize = 1 << 20;

/// Counters and cache of this process alone.
pub(crate) struct Memory {
    counters: Mutex<Bounded<i64>>,
    cache: Mutex<Bounded<Vec<u8>>>,
    started: Instant,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            counters: Mutex::new(Bounded::new(16 * MEGABYTE)),
            cache: Mutex::new(Bounded::new(64 * MEGABYTE)),
            started: Instant::now(),
        }
    }
}

impl Memory {
    pub(crate) fn hit(&self, key: &str, policy: Policy, now: Timestamp) -> Decision {
        let mut counters = lock(&self.counters);
        let stored = counters.get(key, now.micros()).copied();
        let (decision, refilled_at) = policy.decide(stored, now);
        if let Some(moment) = refilled_at {
            counters.insert(key, moment, size_of::<i64>(), moment, now.micros());
        }
        decision
    }

    pub(crate) fn put(&self, key: &str, value: Vec<u8>, time_to_live: Duration) {
        let now = self.uptime();
        let until = now.saturating_add(i64::try_from(time_to_live.as_micros()).unwrap_or(i64::MAX));
        let bytes = value.len();
        lock(&self.cache).insert(key, value, bytes, until, now);
    }

    pub(crate) fn get(&self, key: &str) -> Option<Vec<u8>> {
        lock(&self.cache).get(key, self.uptime()).cloned()
    }

    pub(crate) fn forget(&self, key: &str) {
        lock(&self.cache).remove(key);
    }

    /// Microseconds since this process began: a cache must not follow a wall clock that is set back.
    fn uptime(&self) -> i64 {
        i64::try_from(self.started.elapsed().as_micros()).unwrap_or(i64::MAX)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
