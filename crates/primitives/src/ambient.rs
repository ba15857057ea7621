use std::sync::{Arc, Mutex, PoisonError};

use rand_chacha::{
    ChaCha20Rng,
    rand_core::{Rng, SeedableRng},
};

use crate::{Clock, Id, Kind, SystemClock, Timestamp};

/// Where chance comes from.
pub trait Entropy: Send + Sync {
    /// Fills the buffer with unpredictable (or, when seeded, reproducible) bytes.
    fn fill(&self, buffer: &mut [u8]);
}

/// The operating system's random source.
#[derive(Debug, Clone, Copy)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    #[expect(
        clippy::disallowed_methods,
        clippy::expect_used,
        reason = "the one place that asks the machine; without randomness nothing may go on"
    )]
    fn fill(&self, buffer: &mut [u8]) {
        getrandom::fill(buffer).expect("the operating system has randomness");
    }
}

/// Reproducible bytes for the demo and the tests: ChaCha20 from a seed.
#[derive(Debug)]
pub struct SeededEntropy(Mutex<ChaCha20Rng>);

impl SeededEntropy {
    /// Starts the stream that belongs to `seed`.
    pub fn from_seed(seed: u64) -> Self {
        Self(Mutex::new(ChaCha20Rng::seed_from_u64(seed)))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(buffer);
    }
}

/// The two things no code may take out of the air: the time and chance.
#[derive(Clone)]
pub struct Ambient {
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl Ambient {
    /// The machine's clock and randomness.
    pub fn of_this_machine() -> Self {
        Self::new(Arc::new(SystemClock), Arc::new(OsEntropy))
    }

    /// A clock and a source of chance of the caller's choosing.
    pub fn new(clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self { clock, entropy }
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A new identity, minted now.
    pub fn mint<K: Kind>(&self) -> Id<K> {
        Id::from_parts(self.now(), self.bytes())
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut buffer = [0; N];
        self.entropy.fill(&mut buffer);
        buffer
    }

    /// A number below `bound` (which must not be zero), without bias beyond 2⁻³².
    pub fn below(&self, bound: u32) -> u32 {
        let wide = u128::from(u64::from_le_bytes(self.bytes())) * u128::from(bound);
        u32::try_from(wide >> 64).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ManualClock, ReportId};

    fn seeded(seed: u64) -> Ambient {
        let clock = ManualClock::starting_at(Timestamp::from_micros(1_000_000));
        Ambient::new(Arc::new(clock), Arc::new(SeededEntropy::from_seed(seed)))
    }

    #[test]
    fn the_same_seed_mints_the_same_ids() {
        let (one, two, other) = (seeded(1), seeded(1), seeded(2));
        let first: ReportId = one.mint();
        assert_eq!(first, two.mint());
        assert_ne!(first, other.mint());
    }

    #[test]
    fn below_stays_below() {
        let ambient = seeded(3);
        assert!((0..1_000).all(|_| ambient.below(6) < 6));
    }
}
