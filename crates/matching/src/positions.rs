//! Where collectors were seen last: moved without a lock, read whole.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use arc_swap::ArcSwap;
use primitives::{CollectorId, Coordinates, Timestamp};
use serde::Deserialize;

use crate::ranking::Sighting;

mod tracks;

use tracks::Tracks;

/// Who was not seen for so long may be anywhere.
pub(crate) const FRESH: Duration = Duration::from_secs(15 * 60);
/// Who was not seen for so long is thought to have gone home.
const REMEMBERED: Duration = Duration::from_secs(60 * 60);

/// Where collectors were seen last, in memory only.
///
/// A position is one atomic number, so whoever reads sees the old place or the new one and never half of each, and nobody
/// waits for anybody. Rankings do not read here: a snapshot copies the places when it is built and is exact for these,
/// and the next one, a quarter of a second later, knows who moved in the meantime.
#[derive(Debug, Default)]
pub struct Positions {
    known: ArcSwap<Tracks>,
    /// How often room was made for others.
    meetings: AtomicU64,
    /// Heard of before the book knew them.
    strangers: Mutex<HashMap<CollectorId, Seen>>,
    moved: AtomicBool,
}

/// Where one collector was seen last.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub struct Seen {
    /// Where.
    #[serde(flatten)]
    pub coordinates: Coordinates,
    /// When, by his phone's clock.
    pub recorded_at: Timestamp,
    /// He would have had to fly to get there: nobody gains a rank by that.
    #[serde(default)]
    pub suspicious: bool,
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
    pub fn hear(&self, message: &[u8]) {
        if let Ok(Moved { collector, seen }) = serde_json::from_slice(message) {
            self.place(collector, seen);
        }
    }

    /// Remembers where somebody was seen, unless he was seen later elsewhere.
    pub fn place(&self, collector: CollectorId, seen: Seen) {
        let mut meetings = self.meetings.load(Ordering::SeqCst);
        while let Some(has_moved) = self.known.load().renew(collector, seen) {
            if has_moved && !self.moved.load(Ordering::Relaxed) {
                self.moved.store(true, Ordering::Release);
            }
            // Who makes room for others counts first and copies then, so either he has seen this or we see that.
            let then = std::mem::replace(&mut meetings, self.meetings.load(Ordering::SeqCst));
            if then == meetings {
                return;
            }
        }
        let mut strangers = self.strangers();
        let known = strangers.entry(collector).or_insert(seen);
        *known = if known.recorded_at <= seen.recorded_at { seen } else { *known };
    }

    /// Makes room for everybody whom the book knows; who is not among them is forgotten, unless he was seen lately.
    pub fn meet<'a>(
        &self,
        everybody: impl ExactSizeIterator<Item = &'a CollectorId> + Clone,
        now: Timestamp,
    ) {
        let known = self.known.load_full();
        if !known.are_of(everybody.clone()) {
            let tracks = Arc::new(Tracks::of(everybody));
            tracks.take_over(&known);
            self.known.store(Arc::clone(&tracks));
            self.meetings.fetch_add(1, Ordering::SeqCst);
            // Again, for whoever has been moved in the meantime where we had looked already.
            tracks.take_over(&known);
        }
        let heard: Vec<_> = self.strangers().drain().collect();
        for (collector, seen) in
            heard.into_iter().filter(|(_, seen)| seen.recorded_at >= now.minus(REMEMBERED))
        {
            self.place(collector, seen);
        }
    }

    /// Whether somebody moved since this was asked before.
    pub fn have_moved(&self) -> bool {
        self.moved.swap(false, Ordering::AcqRel)
    }

    /// What is known of where somebody is.
    pub fn sighting(&self, collector: CollectorId, now: Timestamp) -> Sighting {
        let seen = self.known.load().seen(collector);
        seen.map_or(Sighting::Never, |seen| seen.sighting(now))
    }

    fn strangers(&self) -> MutexGuard<'_, HashMap<CollectorId, Seen>> {
        self.strangers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    fn sighting(self, now: Timestamp) -> Sighting {
        if self.recorded_at < now.minus(REMEMBERED) {
            Sighting::Never
        } else if self.suspicious || self.recorded_at < now.minus(FRESH) {
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

    fn latitude(positions: &Positions, now: Timestamp) -> Option<f64> {
        match positions.sighting(collector(1), now) {
            Sighting::Fresh(place) => Some(place.lat()),
            Sighting::Stale | Sighting::Never => None,
        }
    }

    #[test]
    fn the_latest_sighting_counts_while_it_is_fresh() {
        let positions = Positions::default();
        positions.meet([collector(1)].iter(), NOON);
        assert!(!positions.have_moved());
        positions.hear(&message(3.5, 60));
        positions.hear(&message(3.4, 120));
        positions.hear(b"something else");
        assert!(positions.have_moved());
        assert!(!positions.have_moved());
        assert_eq!(latitude(&positions, NOON), Some(3.5));
        assert_eq!(positions.sighting(collector(1), NOON.plus(FRESH)), Sighting::Stale);
        assert_eq!(positions.sighting(collector(1), NOON.plus(REMEMBERED)), Sighting::Never);
        assert_eq!(positions.sighting(collector(2), NOON), Sighting::Never);
    }

    #[test]
    fn nobody_flies_to_a_better_rank() {
        let positions = Positions::default();
        positions.meet([collector(1)].iter(), NOON);
        positions.hear(&message(3.5, 60));
        let flown = String::from_utf8(message(3.9, 30)).unwrap();
        positions.hear(flown.replace("\"lat\"", "\"suspicious\":true,\"lat\"").as_bytes());
        assert_eq!(positions.sighting(collector(1), NOON), Sighting::Stale);
        positions.hear(&message(3.9, 10));
        assert_eq!(latitude(&positions, NOON), Some(3.9));
    }

    #[test]
    fn a_stranger_is_remembered_until_he_is_met() {
        let positions = Positions::default();
        positions.hear(&message(3.5, 60));
        positions.hear(&message(3.4, 120));
        assert_eq!((positions.have_moved(), latitude(&positions, NOON)), (false, None));
        positions.meet([collector(2), collector(1)].iter(), NOON);
        assert_eq!((positions.have_moved(), latitude(&positions, NOON)), (true, Some(3.5)));
        positions.meet([collector(2)].iter(), NOON);
        assert_eq!(latitude(&positions, NOON), None);
    }

    #[test]
    fn a_reader_beside_a_writer_sees_one_place_or_the_other_whole() {
        let [here, there] =
            [(-11.1, 94.9), (6.1, 141.1)].map(|(lat, lon)| Coordinates::parse(lat, lon).unwrap());
        let positions = Positions::default();
        positions.meet([collector(1)].iter(), NOON);
        let seen = |coordinates| Seen { coordinates, recorded_at: NOON, suspicious: false };
        positions.place(collector(1), seen(here));
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| {
                for turn in 0..100_000 {
                    positions.place(collector(1), seen(if turn % 2 == 0 { there } else { here }));
                }
            });
            while !writer.is_finished() {
                let place = positions.sighting(collector(1), NOON);
                let whole = [here, there].map(Sighting::Fresh);
                assert!(whole.contains(&place), "{place:?}");
            }
        });
    }

    #[test]
    fn nobody_is_lost_who_moves_while_others_come_and_go() {
        let positions = Positions::default();
        let everybody: Vec<CollectorId> = (0..50).map(collector).collect();
        positions.meet(everybody.iter(), NOON);
        let at = |turn: u64| Seen {
            coordinates: Coordinates::parse(3.5, 98.7).unwrap(),
            recorded_at: NOON.plus(Duration::from_millis(turn)),
            suspicious: false,
        };
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| {
                for turn in 0..20_000 {
                    positions.place(collector(1), at(turn));
                }
            });
            while !writer.is_finished() {
                positions.meet(everybody[..25].iter(), NOON);
                positions.meet(everybody.iter(), NOON);
            }
        });
        assert_eq!(positions.known.load().seen(collector(1)), Some(at(19_999)));
    }
}
