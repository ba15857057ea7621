use std::time::Duration;

use primitives::{Invalid, Timestamp};
use regions::{Day, TimeZone};

/// One day.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// From the first midnight of a region's period to the one after its last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// Its first moment.
    pub from: Timestamp,
    /// The first moment after it.
    pub until: Timestamp,
}

impl Period {
    /// The days from the first to the last, both counted, cut at midnight of that zone.
    pub fn of_days(from: &Day, to: &Day, zone: TimeZone) -> Result<Self, Invalid> {
        let (from, until) = (midnight(from, zone)?, midnight(to, zone)?.plus(DAY));
        if from < until { Ok(Self { from, until }) } else { Err(Invalid("period_reversed")) }
    }
}

fn midnight(day: &Day, zone: TimeZone) -> Result<Timestamp, Invalid> {
    // Indonesia's zones know no summer time.
    let offset = match zone {
        TimeZone::Western => "+07:00",
        TimeZone::Central => "+08:00",
        TimeZone::Eastern => "+09:00",
    };
    Timestamp::parse(&format!("{}T00:00:00{offset}", day.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(from: &str, to: &str) -> Result<Period, Invalid> {
        let day = |text| Day::parse(text).unwrap();
        Period::of_days(&day(from), &day(to), TimeZone::Western)
    }

    #[test]
    fn days_begin_at_midnight_of_the_region() {
        let moment = |text| Timestamp::parse(text).unwrap();
        let one_day = period("2026-03-02", "2026-03-02").unwrap();
        assert_eq!(one_day.from, moment("2026-03-01T17:00:00Z"));
        assert_eq!(one_day.until, moment("2026-03-02T17:00:00Z"));
        let further_east = Day::parse("2026-03-02").unwrap();
        let further_east = Period::of_days(&further_east, &further_east, TimeZone::Eastern);
        assert_eq!(further_east.unwrap().from, moment("2026-03-01T15:00:00Z"));
    }

    #[test]
    fn periods_that_follow_each_other_leave_no_gap() {
        let (first, second) = (
            period("2026-02-01", "2026-02-28").unwrap(),
            period("2026-03-01", "2026-03-31").unwrap(),
        );
        assert_eq!(first.until, second.from);
        assert_eq!(period("2026-03-02", "2026-03-01"), Err(Invalid("period_reversed")));
    }
}
