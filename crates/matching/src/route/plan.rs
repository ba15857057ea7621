use super::{Day, Timetable, Tour, bound, exact, search::good_tour};

/// How a day is best spent, and how sure that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Stop by stop.
    pub timetable: Timetable,
    /// What the plan costs, in seconds by the day's rates.
    pub cost: i64,
    /// What no plan undercuts; the same as the cost when this one is proved to be the best.
    pub bound: i64,
}

impl Plan {
    /// The part of the cost that a better plan could save at most, in ten-thousandths.
    pub fn gap(&self) -> i64 {
        let gap = i128::from(self.cost - self.bound) * 10_000;
        let parts = gap.checked_div(i128::from(self.cost)).unwrap_or(0);
        i64::try_from(parts).unwrap_or(10_000)
    }
}

/// So many steps are thought through where the proof comes afterwards, and where a good plan has to do.
const SMALL_PATIENCE: usize = 20_000;
const PATIENCE: usize = 1_000_000;

/// The best plan for up to ten visits, and a good one with a proven bound for more.
pub fn plan(day: &Day) -> Plan {
    if day.visits.len() - day.underway() > exact::MOST_VISITS {
        let tour = good_tour(day, PATIENCE);
        let timetable = Timetable::of(&tour);
        let bound = bound::at_least(day, timetable.road);
        return Plan { timetable, cost: tour.cost(), bound };
    }
    let known = good_tour(day, SMALL_PATIENCE);
    let best = exact::best_order(day, &known).map(|order| Tour::of(day, order, 0)).unwrap_or(known);
    Plan { timetable: Timetable::of(&best), cost: best.cost(), bound: best.cost() }
}
