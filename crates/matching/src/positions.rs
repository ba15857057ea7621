use std::{
    collections::HashMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use primitives::{CollectorId, Coordinates, Timestamp};
use serde::Deserialize;

use crate::ranking::Sighting;

/// Who was not seen for so long may be anywhere.
pub(crate) const FRESH: Duration = Duration::from_secs(15 * 60);
/// Who was not seen for so long is thought to have gone home.
const REMEMBERED: Duration = Duration::from_secs(60 * 60);

/// Where collectors were seen last, in memory only.
#[derive(Debug, Default)]
pub(crate) struct Positions {
    seen: Mutex<HashMap<CollectorId, Seen>>,
    moved: AtomicBool,
}

/// Where one collector was seen last.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct Seen {
    #[serde(flatten)]
    pub(crate) coordinates: Coordinates,
    pub(crate) recorded_at: Timestamp,
    /// He would have had to fly to get there: nobody gains a rank by that.
    #[serde(default)]
    pub(crate) suspicious: bool,
}

/// What the crate `collectors` tells when somebody moves.
#[derive(Deserialize)]
struct Moved {
    collector: CollectorId,
    #[serde(flatten)]
    seen: Seen,
}

impl Positions {
    /// Takes in a message of the channel; one that cannot be read is from another version and says nothing to us.
    pub(crate) fn hear(&self, message: &[u8]) {
        if let Ok(Moved { collector, seen }) = serde_json::from_slice(message) {
            self.place(collector, seen);
        }
    }

    /// Remembers where somebody was seen, unless he was seen later elsewhere.
    pub(crate) fn place(&self, collector: CollectorId, seen: Seen) {
        let mut all = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all.entry(collector).or_insert(seen);
        if known.recorded_at <= seen.recorded_at {
            *known = seen;
        }
        self.moved.store(true, Ordering::Release);
    }

    /// Whether somebody moved since this was asked before.
    pub(crate) fn have_moved(&self) -> bool {
        self.moved.swap(false, Ordering::AcqRel)
    }

    /// What is known of everybody who was seen within the hour; the others are forgotten.
    pub(crate) fn known(&self, now: Timestamp) -> HashMap<CollectorId, Sighting> {
        let mut all = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, seen| seen.recorded_at >= now.minus(REMEMBERED));
        all.iter().map(|(collector, seen)| (*collector, seen.sighting(now))).collect()
    }
}

impl Seen {
    fn sighting(&self, now: Timestamp) -> Sighting {
        if self.suspicious || self.recorded_at < now.minus(FRESH) {
            Sighting::Stale
        } else {
            Sighting::Fresh(self.coordinates)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worlds::{NOON, collector};

    fn message(lat: f64, seconds_ago: u64) -> Vec<u8> {
        let recorded_at = NOON.minus(Duration::from_secs(seconds_ago));
        let id = collector(1);
        format!(r#"{{"collector":"{id}","lat":{lat},"lon":98.7,"recorded_at":"{recorded_at}"}}"#)
            .into_bytes()
    }

    #[test]
    fn the_latest_sighting_counts_while_it_is_fresh() {
        let positions = Positions::default();
        assert!(!positions.have_moved());
        positions.hear(&message(3.5, 60));
        positions.hear(&message(3.4, 120));
        positions.hear(b"something else");
        assert!(positions.have_moved());
        assert!(!positions.have_moved());
        let there = Coordinates::parse(3.5, 98.7).unwrap();
        let sighting = |now| positions.known(now).get(&collector(1)).copied();
        assert_eq!(sighting(NOON), Some(Sighting::Fresh(there)));
        assert_eq!(sighting(NOON.plus(FRESH)), Some(Sighting::Stale));
        assert_eq!(sighting(NOON.plus(REMEMBERED)), None);
    }

    #[test]
    fn nobody_flies_to_a_better_rank() {
        let positions = Positions::default();
        positions.hear(&message(3.5, 60));
        let flown = String::from_utf8(message(3.9, 30)).unwrap();
        positions.hear(flown.replace("\"lat\"", "\"suspicious\":true,\"lat\"").as_bytes());
        assert_eq!(positions.known(NOON).get(&collector(1)), Some(&Sighting::Stale));
    }
}
