//! Days of a cargo three-wheeler around a base in the plain: homes within some eight kilometers, drawn from a seed.

use matching::{
    ranking::Load,
    route::{Base, Day, Opening, Rates, Terms, Travel, Visit},
};

const HOUR: i64 = 3_600;

/// What makes a day hard.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Somebody is always at home, and everything fits.
    Free,
    /// Half of the homes have windows of three hours.
    Windows,
    /// Everything fits only in four trips.
    Trips,
    /// Both.
    Both,
}

impl Kind {
    pub(crate) const ALL: [Self; 4] = [Self::Free, Self::Windows, Self::Trips, Self::Both];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Free => "no windows, one trip",
            Self::Windows => "windows at half of the homes, one trip",
            Self::Trips => "no windows, four trips",
            Self::Both => "windows at half of the homes, four trips",
        }
    }
}

/// One day.
pub(crate) fn day(kind: Kind, stops: usize, seed: u64) -> Day {
    let mut dice = Dice(seed);
    let base = (8_000, 8_000);
    let mut places = vec![base, base];
    places.extend((0..stops).map(|_| (dice.below(16_000), dice.below(16_000))));
    // 30 km/h on roads that are 1.35 times as long as the crow's way.
    let travel = Travel::of(stops, |from, to| {
        let at = |node: usize| places.get(node).copied().unwrap_or(base);
        let ((a, b), (c, d)) = (at(from), at(to));
        ((a - c).pow(2) + (b - d).pow(2)).isqrt() * 3_600 / 22_222 + 1
    });
    let visits: Vec<Visit> = (0..stops).map(|_| visit(kind, &mut dice)).collect();
    let whole = visits.iter().fold(Load::default(), |sum, visit| sum.plus(visit.load));
    let trips = if matches!(kind, Kind::Trips | Kind::Both) { 4 } else { 1 };
    // A little more than fills the trips, since no packing is perfect.
    let part = |amount: i64| amount * 11 / (10 * trips);
    let terms = Terms {
        capacity: Load { grams: part(whole.grams), milliliters: part(whole.milliliters) },
        on_board: Load::default(),
        base: Base::Unloads { seconds: 900 },
        rates: Rates::WORK,
        underway: 0,
    };
    Day { visits, travel, terms }
}

fn visit(kind: Kind, dice: &mut Dice) -> Visit {
    let load = Load { grams: 2_000 + dice.below(12_000), milliliters: 20_000 + dice.below(80_000) };
    let from = dice.below(9) * HOUR;
    let windowed = matches!(kind, Kind::Windows | Kind::Both) && dice.below(2) == 0;
    let window = windowed.then_some(Opening { from, until: from + 3 * HOUR });
    Visit::new(window.into_iter().collect(), 300, load)
}

/// The same numbers for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: i64) -> i64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).unwrap_or(0) % most
    }
}
