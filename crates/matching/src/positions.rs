//! Where collectors were seen last: moved without a lock, read whole.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use arc_swap::ArcSwap;
use primitives::{CollectorId, Coordinates, Timestamp};
use serde::Deserialize;

use crate::ranking::Sighting;

/// Who was not seen for so long may be anywhere.
pub(crate) const FRESH: Duration = Duration::from_secs(15 * 60);
/// Who was not seen for so long is thought to have gone home.
const REMEMBERED: Duration = Duration::from_secs(60 * 60);
/// Positions are kept to the ten-millionth of a degree: a centimeter.
const PER_DEGREE: f64 = 10_000_000.0;

/// Where collectors were seen last, in memory only.
///
/// A position is one atomic number, so whoever reads sees the old place or the new one and never half of each, and nobody
/// waits for anybody. Rankings do not read here: a snapshot copies the places when it is built and is exact for these,
/// and the next one, a quarter of a second later, knows who moved in the meantime.
#[derive(Debug, Default)]
pub struct Positions {
    known: ArcSwap<HashMap<CollectorId, Arc<Track>>>,
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

/// The same as two numbers that change without a lock.
#[derive(Debug, Default)]
struct Track {
    /// Latitude above longitude; zero, which is nowhere in Indonesia, while he was not seen.
    place: AtomicU64,
    /// Microseconds, and in the last bit whether it is suspicious.
    stamp: AtomicI64,
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
        if let Some(track) = self.known.load().get(&collector) {
            if track.renew(seen) {
                self.moved.store(true, Ordering::Release);
            }
        } else {
            let mut strangers = self.strangers();
            let known = strangers.entry(collector).or_insert(seen);
            *known = if known.recorded_at <= seen.recorded_at { seen } else { *known };
        }
    }

    /// Makes room for everybody whom the book knows; who is not among them is forgotten, unless he was seen lately.
    pub fn meet<'a>(
        &self,
        everybody: impl ExactSizeIterator<Item = &'a CollectorId> + Clone,
        now: Timestamp,
    ) {
        let known = self.known.load_full();
        if known.len() != everybody.len() || everybody.clone().any(|id| !known.contains_key(id)) {
            let track = |id: &CollectorId| (*id, known.get(id).cloned().unwrap_or_default());
            self.known.store(Arc::new(everybody.map(track).collect()));
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
        let track = self.known.load().get(&collector).cloned();
        track.and_then(|track| track.seen()).map_or(Sighting::Never, |seen| seen.sighting(now))
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

impl Track {
    /// The later sighting counts. Two that come at the very same instant may leave the earlier place until the next one.
    /// Says whether that changed anything.
    fn renew(&self, seen: Seen) -> bool {
        let stamp = (seen.recorded_at.micros() << 1) | i64::from(seen.suspicious);
        let place = packed(seen.coordinates);
        let before = self.stamp.fetch_max(stamp, Ordering::AcqRel);
        let has_turned = (before ^ stamp) & 1 == 1;
        before <= stamp && (self.place.swap(place, Ordering::AcqRel) != place || has_turned)
    }

    fn seen(&self) -> Option<Seen> {
        let stamp = self.stamp.load(Ordering::Acquire);
        let coordinates = unpacked(self.place.load(Ordering::Acquire))?;
        let recorded_at = Timestamp::from_micros(stamp >> 1);
        Some(Seen { coordinates, recorded_at, suspicious: stamp & 1 == 1 })
    }
}

/// Latitude and longitude as whole ten-millionths of a degree, side by side.
fn packed(place: Coordinates) -> u64 {
    let [lat, lon] = [place.lat(), place.lon()].map(|degrees| fixed(degrees).to_le_bytes());
    let [a, b, c, d] = lon;
    let [e, f, g, h] = lat;
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}

fn unpacked(place: u64) -> Option<Coordinates> {
    let [a, b, c, d, e, f, g, h] = place.to_le_bytes();
    let [lat, lon] = [[e, f, g, h], [a, b, c, d]].map(i32::from_le_bytes);
    Coordinates::parse(f64::from(lat) / PER_DEGREE, f64::from(lon) / PER_DEGREE).ok()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "rounded before, and 180° are less than 2³¹ of them"
)]
fn fixed(degrees: f64) -> i32 {
    (degrees * PER_DEGREE).round() as i32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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

    proptest! {
        #[test]
        fn a_place_is_kept_to_the_centimeter(lat in -11.1f64..=6.1, lon in 94.9f64..=141.1) {
            let place = Coordinates::parse(lat, lon).unwrap();
            prop_assert!(unpacked(packed(place)).unwrap().distance_meters(place) < 0.01);
        }
    }
}
