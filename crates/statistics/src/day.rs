use std::fmt;

use jiff::{SignedDuration, civil::Date, tz::TimeZone};
use primitives::{Invalid, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The longest period anybody may ask about: three years, one of them a leap year.
const LONGEST_DAYS: i64 = 3 * 365 + 1;

/// A date in a region's own calendar, kept as days since 1970-01-01; `2026-03-02` on the outside.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, format = Date, example = "2026-03-02")]
pub struct Day(i64);

impl Day {
    /// Wraps days since 1970-01-01.
    pub(crate) const fn new(number: i64) -> Self {
        Self(number)
    }

    /// Days since 1970-01-01.
    pub(crate) const fn number(self) -> i64 {
        self.0
    }

    /// Reads `2026-03-02`, of the years 2000 – 2199.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let malformed = Invalid("date_malformed");
        if text.len() != 10 {
            return Err(malformed);
        }
        let date: Date = text.parse().map_err(|_malformed| malformed)?;
        if (2000..2200).contains(&date.year()) { Ok(Self::of(date)) } else { Err(malformed) }
    }

    /// The date on the wall at that moment, where that clock hangs.
    pub(crate) fn at(moment: Timestamp, zone: &TimeZone) -> Self {
        let moment = jiff::Timestamp::from_microsecond(moment.micros());
        Self::of(zone.to_datetime(moment.unwrap_or(jiff::Timestamp::UNIX_EPOCH)).date())
    }

    pub(crate) fn of(date: Date) -> Self {
        Self(date.duration_since(EPOCH).as_hours() / 24)
    }

    pub(crate) fn date(self) -> Date {
        let since = SignedDuration::from_hours(self.0.saturating_mul(24));
        EPOCH.saturating_add(since)
    }

    pub(crate) const fn plus(self, days: i64) -> Self {
        Self(self.0.saturating_add(days))
    }
}

const EPOCH: Date = jiff::civil::date(1970, 1, 1);

impl fmt::Display for Day {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.date())
    }
}

impl TryFrom<String> for Day {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

/// Days from the first to the last, both counted; at most three years.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    from: Day,
    to: Day,
}

impl Period {
    /// Accepts a first day that is not after the last one.
    pub fn parse(from: Day, to: Day) -> Result<Self, Invalid> {
        match to.number() - from.number() {
            ..0 => Err(Invalid("period_reversed")),
            0..LONGEST_DAYS => Ok(Self { from, to }),
            _ => Err(Invalid("period_too_long")),
        }
    }

    /// The first day.
    pub const fn from(self) -> Day {
        self.from
    }

    /// The last day.
    pub const fn to(self) -> Day {
        self.to
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn a_day_begins_at_midnight_of_the_region() {
        let jakarta = TimeZone::get("Asia/Jakarta").unwrap();
        let before = Timestamp::parse("2026-03-01T16:59:59.999999Z").unwrap();
        let midnight = Timestamp::parse("2026-03-01T17:00:00Z").unwrap();
        assert_eq!(Day::at(before, &jakarta), day("2026-03-01"));
        assert_eq!(Day::at(midnight, &jakarta), day("2026-03-02"));
        assert_eq!(Day::at(midnight, &TimeZone::UTC), day("2026-03-01"));
    }

    #[test]
    fn nonsense_is_refused() {
        for text in
            ["", "2026-3-2", "2026-02-29", "20260302", "1999-12-31", "2026-03-02T", "２０２６"]
        {
            assert_eq!(Day::parse(text), Err(Invalid("date_malformed")), "{text}");
        }
    }

    #[test]
    fn periods_are_ordered_and_bounded() {
        let (first, last) = (day("2024-01-01"), day("2026-12-31"));
        assert!(Period::parse(first, last).is_ok());
        assert_eq!(Period::parse(first, last.plus(1)), Err(Invalid("period_too_long")));
        assert_eq!(Period::parse(last, first), Err(Invalid("period_reversed")));
        assert!(Period::parse(first, first).is_ok());
    }

    proptest! {
        #[test]
        fn print_then_parse_is_identity(number in 10_957i64..84_000) {
            let day = Day::new(number);
            prop_assert_eq!(Day::parse(&day.to_string()), Ok(day));
        }
    }
}
