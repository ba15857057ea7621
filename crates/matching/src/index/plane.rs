use primitives::Coordinates;

/// A little less than the radius of the sphere on which distances are measured.
const EARTH_RADIUS_METERS: f64 = 6_371_000.0;
/// The cosine of 11.1°, the highest latitude of Indonesia: no parallel is shorter.
const SHORTEST_PARALLEL: f64 = 0.981_29;
/// sin(x)/x at 23.1°, half of Indonesia's width: no chord is shorter against its arc.
const FLATTEST_CHORD: f64 = 0.973_1;

/// A point on a flat map of Indonesia on which nothing is farther apart than on the ground.
///
/// Proof: on a sphere `sin²(d/2) = sin²(Δφ/2) + cos φ₁ cos φ₂ sin²(Δλ/2)`, and `d/2 ≥ sin(d/2)`. With `c` the least cosine
/// and `s` the least `sin(x)/x` in the country, `sin(Δφ/2) ≥ s·Δφ/2` and `sin(Δλ/2) ≥ s·Δλ/2`, hence
/// `d ≥ √((s·Δφ)² + (s·c·Δλ)²)`: the distance on this map. It is at most 5 % short.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Flat {
    /// Meters eastwards.
    pub(crate) x: f64,
    /// Meters northwards.
    pub(crate) y: f64,
}

impl Flat {
    /// Lays a point on the map.
    pub(crate) fn of(place: Coordinates) -> Self {
        let meters_per_radian = EARTH_RADIUS_METERS * FLATTEST_CHORD;
        Self {
            x: place.lon().to_radians() * meters_per_radian * SHORTEST_PARALLEL,
            y: place.lat().to_radians() * meters_per_radian,
        }
    }

    /// How far it is to another point of the map.
    pub(super) fn distance(self, other: Self) -> f64 {
        let (east, north) = (self.x - other.x, self.y - other.y);
        (east * east + north * north).sqrt()
    }
}

/// The distance on the ground to the nearest meter. It never decreases where the exact distance does not.
pub(crate) fn whole_meters(from: Coordinates, to: Coordinates) -> u32 {
    u32::try_from(whole(from.distance_meters(to).round())).unwrap_or(u32::MAX)
}

/// The largest whole number that is not above `number`.
#[expect(
    clippy::cast_possible_truncation,
    reason = "floored before, and numbers on this map stay far below 2⁵³; beyond, the cast saturates"
)]
pub(super) fn whole(number: f64) -> i64 {
    number.floor() as i64
}

/// Whole meters that are not more than these; none where there are fewer.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "truncated on purpose, and below zero and beyond the end the cast saturates"
)]
pub(super) const fn whole_meters_below(meters: f64) -> u32 {
    meters as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    prop_compose! {
        fn anywhere()(lat in -11.1f64..=6.1, lon in 94.9f64..=141.1) -> Coordinates {
            Coordinates::parse(lat, lon).unwrap()
        }
    }

    fn flat_distance(here: Coordinates, there: Coordinates) -> f64 {
        let (a, b) = (Flat::of(here), Flat::of(there));
        (a.x - b.x).hypot(a.y - b.y)
    }

    proptest! {
        #[test]
        fn the_map_never_overstates_and_hardly_understates(here in anywhere(), there in anywhere()) {
            let ground = here.distance_meters(there);
            let map = flat_distance(here, there);
            prop_assert!(map <= ground + 1e-6, "{map} > {ground}");
            prop_assert!(map >= ground * 0.95 - 1e-6, "{map} is far below {ground}");
        }

        #[test]
        fn neither_does_it_between_neighbours(here in anywhere(), north in -0.01f64..0.01, east in -0.01f64..0.01) {
            let there = Coordinates::parse(
                (here.lat() + north).clamp(-11.1, 6.1),
                (here.lon() + east).clamp(94.9, 141.1),
            ).unwrap();
            prop_assert!(flat_distance(here, there) <= here.distance_meters(there) + 1e-6);
        }
    }
}
