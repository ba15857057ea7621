use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Day, Period};

/// The steps of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Interval {
    /// Days.
    Day,
    /// ISO weeks, from Monday.
    Week,
    /// Calendar months.
    Month,
}

impl Interval {
    /// Cuts a period into steps; the first and the last may be shorter than the others.
    pub(crate) fn steps(self, period: Period) -> Vec<Period> {
        let mut steps = Vec::new();
        let mut from = period.from();
        while from <= period.to() {
            let to = self.last_day_of_step(from).min(period.to());
            steps.extend(Period::parse(from, to));
            from = to.plus(1);
        }
        steps
    }

    /// What the step that holds the day is called: `2026-03-02`, `2026-W10` or `2026-03`.
    pub(crate) fn name_of(self, day: Day) -> String {
        let date = day.date();
        match self {
            Self::Day => day.to_string(),
            Self::Week => {
                let week = date.iso_week_date();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
            Self::Month => format!("{:04}-{:02}", date.year(), date.month()),
        }
    }

    fn last_day_of_step(self, day: Day) -> Day {
        let date: Date = day.date();
        match self {
            Self::Day => day,
            Self::Week => day.plus(6 - i64::from(date.weekday().to_monday_zero_offset())),
            Self::Month => Day::of(date.last_of_month()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn period(from: &str, to: &str) -> Period {
        Period::parse(Day::parse(from).unwrap(), Day::parse(to).unwrap()).unwrap()
    }

    fn names(interval: Interval, period: Period) -> Vec<String> {
        interval.steps(period).iter().map(|step| interval.name_of(step.from())).collect()
    }

    #[test]
    fn weeks_are_iso_weeks_also_over_new_year() {
        let period = period("2026-12-26", "2027-01-05");
        assert_eq!(names(Interval::Week, period), ["2026-W52", "2026-W53", "2027-W01"]);
        let steps = Interval::Week.steps(period);
        assert_eq!(steps[1].from().to_string(), "2026-12-28");
        assert_eq!(steps[1].to().to_string(), "2027-01-03");
    }

    #[test]
    fn months_have_their_own_lengths() {
        let period = period("2028-01-31", "2028-03-01");
        assert_eq!(names(Interval::Month, period), ["2028-01", "2028-02", "2028-03"]);
        assert_eq!(Interval::Month.steps(period)[1].to().to_string(), "2028-02-29");
    }

    proptest! {
        #[test]
        fn steps_cover_the_period_once(
            start in 18_000i64..30_000, length in 0i64..1_000,
            interval in prop_oneof![Just(Interval::Day), Just(Interval::Week), Just(Interval::Month)],
        ) {
            let period = Period::parse(Day::new(start), Day::new(start + length)).unwrap();
            let steps = interval.steps(period);
            let days: Vec<i64> = steps
                .iter()
                .flat_map(|step| step.from().number()..=step.to().number())
                .collect();
            prop_assert_eq!(days, (start..=start + length).collect::<Vec<_>>());
        }
    }
}
