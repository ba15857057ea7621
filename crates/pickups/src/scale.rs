use std::fmt;

use jiff::{civil::Date, tz::Offset};
use primitives::{Invalid, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is known of the scale that weighed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scale {
    /// Its name, if it has one.
    pub id: Option<String>,
    /// The last day on which its seal (tera) is valid, if somebody read it.
    pub tera_until: Option<TeraDate>,
}

/// A day in the calendar of Deli Serdang; `2027-03-31` on the outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, format = Date, example = "2027-03-31")]
pub struct TeraDate(Date);

impl TeraDate {
    /// Reads `2027-03-31`, of the years 2000 – 2199.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let date = Some(text).filter(|text| text.len() == 10).and_then(|text| text.parse().ok());
        let date: Option<Date> = date;
        let sane = date.filter(|date| (2000..2200).contains(&date.year()));
        sane.map(Self).ok_or(Invalid("tera_date_malformed"))
    }

    /// Whether the seal was still valid on the day of that moment.
    pub fn covers(self, moment: Timestamp) -> bool {
        // Western Indonesian time knows no summer time.
        let here = Offset::constant(7);
        let moment = jiff::Timestamp::from_microsecond(moment.micros());
        moment.is_ok_and(|moment| here.to_datetime(moment).date() <= self.0)
    }
}

impl fmt::Display for TeraDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl TryFrom<String> for TeraDate {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl From<TeraDate> for String {
    fn from(date: TeraDate) -> Self {
        date.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_is_valid_to_the_end_of_its_last_day_here() {
        let seal = TeraDate::parse("2026-11-22").unwrap();
        for (moment, valid) in [
            ("2026-11-22T16:59:59Z", true),
            ("2026-11-22T17:00:00Z", false),
            ("2026-11-21T17:00:00Z", true),
        ] {
            assert_eq!(seal.covers(Timestamp::parse(moment).unwrap()), valid, "{moment}");
        }
    }

    #[test]
    fn only_days_are_days() {
        assert_eq!(TeraDate::parse("2027-03-31").unwrap().to_string(), "2027-03-31");
        for text in ["", "2027-02-29", "31-03-2027", "2027-3-31", "1999-01-01", "2027-03-31T00"] {
            assert!(TeraDate::parse(text).is_err(), "{text}");
        }
    }
}
