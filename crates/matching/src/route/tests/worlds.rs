use proptest::{collection::vec, prelude::*};

use crate::{
    ranking::Load,
    route::{Base, Day, Opening, Rates, Terms, Travel, Visit},
};

const MINUTE: i64 = 60;

/// A town of a few streets: coarse enough that ties are common.
fn point() -> impl Strategy<Value = (i64, i64)> {
    (0i64..12, 0i64..12)
}

fn load() -> impl Strategy<Value = Load> {
    (0i64..6, 0i64..6).prop_map(|(grams, milliliters)| Load { grams, milliliters })
}

fn opening() -> impl Strategy<Value = Opening> {
    (-60i64..180, 0i64..90).prop_map(|(from, minutes)| Opening {
        from: from * MINUTE,
        until: (from + minutes) * MINUTE,
    })
}

fn visit() -> impl Strategy<Value = Visit> {
    (vec(opening(), 0..3), 0i64..20, load())
        .prop_map(|(openings, minutes, load)| Visit::new(openings, minutes * MINUTE, load))
}

/// By streets that cross at right angles, 97 seconds each: nothing is shorter by a detour.
fn streets(points: &[(i64, i64)]) -> Travel {
    Travel::of(points.len() - 2, |from, to| {
        let ((a, b), (c, d)) = (points[from], points[to]);
        ((a - c).abs() + (b - d).abs()) * 97
    })
}

prop_compose! {
    /// A day of at least and less than so many visits.
    pub(super) fn day(fewest: usize, most: usize)(
        visits in vec(visit(), fewest..most),
        points in vec(point(), most + 2),
        capacity in (0i64..16, 0i64..16),
        on_board in prop_oneof![2 => Just(Load::default()), 1 => load()],
        underway in 0usize..3,
        rates in prop_oneof![3 => Just(Rates::WORK), 1 => Just(Rates { time: 0, ..Rates::WORK })],
    ) -> Day {
        let travel = streets(&points[..visits.len() + 2]);
        let capacity = Load { grams: capacity.0, milliliters: capacity.1 };
        let base = Base::Unloads { seconds: 10 * MINUTE };
        let underway = underway.min(visits.len());
        Day { visits, travel, terms: Terms { capacity, on_board, base, rates, underway } }
    }
}

/// So many random days at least, or more when the environment asks proptest for more.
pub(super) fn days(fewest: u32) -> ProptestConfig {
    let asked = ProptestConfig::default();
    ProptestConfig { cases: asked.cases.max(fewest), ..asked }
}
