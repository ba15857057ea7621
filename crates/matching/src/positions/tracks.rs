use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use primitives::{CollectorId, Coordinates, Timestamp};

use super::Seen;

/// Positions are kept to the ten-millionth of a degree: a centimeter.
const PER_DEGREE: f64 = 10_000_000.0;
/// No identity is zero: the version of every one of them is 7.
const NOBODY: u128 = 0;
/// The golden ratio as a fraction of 2⁶⁴: its products spread whatever differs over the highest bits.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// Everybody's last place in one flat table with room to spare, found by his identity: whoever is not in his place is in
/// one of the next. One cache line holds all that a position touches.
///
/// The place comes from the identity's own random bits. Nobody can crowd the table with identities that share a place,
/// since it holds only those that we have minted.
#[derive(Debug, Default)]
pub(super) struct Tracks {
    /// Half as many again as there are people.
    places: Box<[Track]>,
    people: usize,
}

/// Where one collector was seen last, as numbers that change without a lock.
#[derive(Debug, Default)]
struct Track {
    whose: u128,
    /// Latitude above longitude; zero, which is nowhere in Indonesia, while he was not seen.
    place: AtomicU64,
    /// Microseconds, and in the last bit whether it is suspicious.
    stamp: AtomicI64,
}

impl Tracks {
    /// Room for all of them, of whom nobody was seen.
    pub(super) fn of<'a>(everybody: impl ExactSizeIterator<Item = &'a CollectorId>) -> Self {
        let places = everybody.len() + everybody.len() / 2 + 1;
        let places = std::iter::repeat_with(Track::default).take(places).collect();
        let mut all = Self { places, people: 0 };
        for collector in everybody {
            let whose = collector.as_u128();
            let free = all.way_from(whose).find(|&place| all.is_for(place, whose));
            if let Some(track) = free.and_then(|place| all.places.get_mut(place)) {
                all.people += usize::from(track.whose == NOBODY);
                track.whose = whose;
            }
        }
        all
    }

    /// Whether these are all of them.
    pub(super) fn are_of<'a>(
        &self,
        mut everybody: impl ExactSizeIterator<Item = &'a CollectorId>,
    ) -> bool {
        everybody.len() == self.people && everybody.all(|id| self.find(*id).is_some())
    }

    /// Moves everybody to where he was seen according to the others, unless he was seen later elsewhere.
    pub(super) fn take_over(&self, others: &Self) {
        for track in &others.places {
            if let (Some(seen), Some(own)) = (track.seen(), self.find_whose(track.whose)) {
                own.renew(seen);
            }
        }
    }

    /// The later sighting counts. Says whether that changed anything; nothing for a stranger.
    pub(super) fn renew(&self, collector: CollectorId, seen: Seen) -> Option<bool> {
        self.find(collector).map(|track| track.renew(seen))
    }

    /// Where and when somebody was seen last.
    pub(super) fn seen(&self, collector: CollectorId) -> Option<Seen> {
        self.find(collector)?.seen()
    }

    fn find(&self, collector: CollectorId) -> Option<&Track> {
        self.find_whose(collector.as_u128())
    }

    fn find_whose(&self, whose: u128) -> Option<&Track> {
        let place = self.way_from(whose).find(|&place| self.is_for(place, whose))?;
        self.places.get(place).filter(|track| track.whose != NOBODY)
    }

    /// Whether the place is his, or would be.
    fn is_for(&self, place: usize, whose: u128) -> bool {
        self.places.get(place).is_some_and(|track| [whose, NOBODY].contains(&track.whose))
    }

    /// His place, and the next ones, around the end.
    fn way_from(&self, whose: u128) -> impl Iterator<Item = usize> + use<> {
        let [_, _, _, _, _, _, _, _, random @ ..] = whose.to_be_bytes();
        let spread = u64::from_be_bytes(random).wrapping_mul(SPREAD) >> 32;
        let places = self.places.len();
        // A fraction of 2³², of so many places.
        let first = (usize::try_from(spread).unwrap_or(0) * places) >> 32;
        (first..places).chain(0..first)
    }
}

impl Track {
    /// Two sightings that come at the very same instant may leave the earlier place until the next one.
    fn renew(&self, seen: Seen) -> bool {
        let stamp = (seen.recorded_at.micros() << 1) | i64::from(seen.suspicious);
        let place = packed(seen.coordinates);
        let before = self.stamp.fetch_max(stamp, Ordering::SeqCst);
        let has_turned = (before ^ stamp) & 1 == 1;
        before <= stamp && (self.place.swap(place, Ordering::SeqCst) != place || has_turned)
    }

    fn seen(&self) -> Option<Seen> {
        let stamp = self.stamp.load(Ordering::SeqCst);
        let coordinates = unpacked(self.place.load(Ordering::SeqCst))?;
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
    use std::{collections::BTreeSet, time::Duration};

    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::worlds::{NOON, collector};

    proptest! {
        #[test]
        fn a_place_is_kept_to_the_centimeter(lat in -11.1f64..=6.1, lon in 94.9f64..=141.1) {
            let place = Coordinates::parse(lat, lon).unwrap();
            prop_assert!(unpacked(packed(place)).unwrap().distance_meters(place) < 0.01);
        }

        #[test]
        fn everybody_is_found_and_nobody_else(
            people in vec(0usize..60, 0..60),
            sightings in vec((0usize..60, 0u64..100), 0..100),
        ) {
            let people: BTreeSet<usize> = people.into_iter().collect();
            let ids: Vec<CollectorId> = people.iter().copied().map(collector).collect();
            let tracks = Tracks::of(ids.iter());
            prop_assert!(tracks.are_of(ids.iter()));
            prop_assert_eq!(tracks.are_of([collector(99)].iter()), false);
            let coordinates = Coordinates::parse(3.5, 98.7).unwrap();
            for &(number, seconds) in &sightings {
                let recorded_at = NOON.plus(Duration::from_secs(seconds));
                let renewed = tracks.renew(collector(number), Seen { coordinates, recorded_at, suspicious: false });
                prop_assert_eq!(renewed.is_some(), people.contains(&number));
            }
            let others = Tracks::of(ids.iter().rev());
            others.take_over(&tracks);
            for number in 0..60 {
                let own = sightings.iter().filter(|(whose, _)| *whose == number && people.contains(whose));
                let latest = own.map(|(_, seconds)| NOON.plus(Duration::from_secs(*seconds))).max();
                for tracks in [&tracks, &others] {
                    prop_assert_eq!(tracks.seen(collector(number)).map(|seen| seen.recorded_at), latest);
                }
            }
        }
    }
}
