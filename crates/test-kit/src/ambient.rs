use std::sync::Arc;

use primitives::{Ambient, ManualClock, SeededEntropy, Timestamp};

/// A clock that stands at 2026-03-02T01:00:00Z (eight in the morning in Deli Serdang) until it is told to move.
pub fn clock() -> Arc<ManualClock> {
    let start = Timestamp::parse("2026-03-02T01:00:00Z").expect("a well-formed time");
    Arc::new(ManualClock::starting_at(start))
}

/// That clock, with chance from a fixed seed.
pub fn ambient(clock: &Arc<ManualClock>) -> Ambient {
    Ambient::new(Arc::clone(clock) as Arc<_>, Arc::new(SeededEntropy::from_seed(1)))
}
