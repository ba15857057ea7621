//! Days and months as the people of Deli Serdang count them.

use std::fmt;

use jiff::{
    ToSpan as _,
    civil::{Date, DateTime},
    tz::Offset,
};
use primitives::{Invalid, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Western Indonesian time, which knows no summer time.
const HERE: Offset = Offset::constant(7);

const EPOCH: Date = jiff::civil::date(1970, 1, 1);

/// The day on the wall, counted from 1970-01-01.
pub(crate) fn day_number(moment: Timestamp) -> i64 {
    local(moment).date().duration_since(EPOCH).as_hours() / 24
}

/// The time on the wall: `2026-11-22 20:15:00`.
pub(crate) fn local(moment: Timestamp) -> DateTime {
    let moment = jiff::Timestamp::from_microsecond(moment.micros());
    HERE.to_datetime(moment.unwrap_or(jiff::Timestamp::UNIX_EPOCH))
}

/// A month from its first midnight to the next one's; `2026-11` on the outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, pattern = "^[0-9]{4}-[0-9]{2}$", example = "2026-11")]
pub struct Month(Date);

impl Month {
    /// Reads `2026-11`, of the years 2000 – 2199.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let first = Some(text).filter(|text| text.len() == 7);
        let first: Option<Date> = first.and_then(|text| format!("{text}-01").parse().ok());
        let sane = first.filter(|first| (2000..2200).contains(&first.year()));
        sane.map(Self).ok_or(Invalid("month_malformed"))
    }

    /// Its first moment.
    pub fn from(self) -> Timestamp {
        midnight(self.0)
    }

    /// The first moment of the next one.
    pub fn until(self) -> Timestamp {
        midnight(self.0.saturating_add(1.month()))
    }
}

fn midnight(day: Date) -> Timestamp {
    let moment = HERE.to_timestamp(day.at(0, 0, 0, 0));
    Timestamp::from_micros(moment.map_or(i64::MAX, jiff::Timestamp::as_microsecond))
}

impl fmt::Display for Month {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

impl TryFrom<String> for Month {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_cut_at_midnight_here_and_leave_no_gap() {
        let november = Month::parse("2026-11").unwrap();
        assert_eq!(november.from(), Timestamp::parse("2026-10-31T17:00:00Z").unwrap());
        assert_eq!(november.until(), Timestamp::parse("2026-11-30T17:00:00Z").unwrap());
        for (one, next) in [("2026-11", "2026-12"), ("2026-12", "2027-01"), ("2028-02", "2028-03")]
        {
            assert_eq!(Month::parse(one).unwrap().until(), Month::parse(next).unwrap().from());
        }
    }

    #[test]
    fn only_months_are_months() {
        assert_eq!(Month::parse("2026-01").unwrap().to_string(), "2026-01");
        for text in ["", "2026", "2026-13", "2026-1", "2026-00", "1999-12", "2026-01-01", "20x6-01"]
        {
            assert!(Month::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_day_begins_at_seventeen_hours_of_greenwich() {
        let day = |text| day_number(Timestamp::parse(text).unwrap());
        assert_eq!(day("1970-01-01T16:59:59Z"), 0);
        assert_eq!(day("1970-01-01T17:00:00Z"), 1);
    }
}
