use primitives::{Invalid, Timestamp};
use regions::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;
/// Three shifts every day.
const MOST_SHIFTS: usize = 21;
/// The first moment of our clock was a Thursday.
const MINUTES_BEFORE_THE_EPOCH: i64 = 3 * DAY;

/// When in the week somebody works, by the clock of his region. No shifts mean always.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "Vec<RawShift>", into = "Vec<RawShift>")]
pub struct WorkingHours(Vec<Shift>);

/// From one minute of the week to another one of the same day, counted from Monday's midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Shift {
    from: i64,
    until: i64,
}

/// One shift of a week. Who works past midnight has two.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RawShift {
    day: Weekday,
    /// The first minute.
    #[schema(example = "07:30", pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    from: String,
    /// The minute in which it is over, later on the same day; `24:00` is the day's end.
    #[schema(example = "17:00", pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
    until: String,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say all there is")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

const WEEKDAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

impl WorkingHours {
    /// Accepts up to 21 shifts that do not overlap.
    pub fn parse(shifts: &[RawShift]) -> Result<Self, Invalid> {
        if shifts.len() > MOST_SHIFTS {
            return Err(Invalid("shifts_too_many"));
        }
        let mut parsed = shifts.iter().map(Shift::parse).collect::<Result<Vec<_>, _>>()?;
        parsed.sort_unstable();
        let overlap = parsed.iter().zip(parsed.iter().skip(1)).any(|(a, b)| b.from < a.until);
        if overlap { Err(Invalid("shifts_overlap")) } else { Ok(Self(parsed)) }
    }

    /// Whether somebody in this zone works at this moment.
    pub fn include(&self, moment: Timestamp, zone: TimeZone) -> bool {
        let minute = minute_of_the_week(moment, zone);
        self.0.is_empty() || self.0.iter().any(|shift| (shift.from..shift.until).contains(&minute))
    }
}

impl Shift {
    fn parse(raw: &RawShift) -> Result<Self, Invalid> {
        let day = WEEKDAYS.iter().position(|&day| day == raw.day);
        let midnight = day.and_then(|day| i64::try_from(day).ok()).unwrap_or(0) * DAY;
        let (from, until) = (minute_of_the_day(&raw.from)?, minute_of_the_day(&raw.until)?);
        if from >= until {
            return Err(Invalid("shift_backwards"));
        }
        Ok(Self { from: midnight + from, until: midnight + until })
    }
}

impl From<Shift> for RawShift {
    fn from(shift: Shift) -> Self {
        let day = usize::try_from(shift.from / DAY).unwrap_or(0);
        let midnight = shift.from / DAY * DAY;
        let told = |minute: i64| format!("{:02}:{:02}", minute / HOUR, minute % HOUR);
        Self {
            day: WEEKDAYS.get(day).copied().unwrap_or(Weekday::Sunday),
            from: told(shift.from - midnight),
            until: told(shift.until - midnight),
        }
    }
}

/// Reads `07:30`, up to `24:00`.
fn minute_of_the_day(text: &str) -> Result<i64, Invalid> {
    let malformed = Invalid("time_of_day_malformed");
    let number = |digits: &str| {
        let plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| digits.parse::<i64>().ok()).flatten().ok_or(malformed)
    };
    let (hours, minutes) = text.split_once(':').ok_or(malformed)?;
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let minute = hours * HOUR + minutes;
    if minutes < HOUR && minute <= DAY { Ok(minute) } else { Err(malformed) }
}

/// Indonesia's clocks never change.
fn minute_of_the_week(moment: Timestamp, zone: TimeZone) -> i64 {
    let ahead = match zone {
        TimeZone::Western => 7 * HOUR,
        TimeZone::Central => 8 * HOUR,
        TimeZone::Eastern => 9 * HOUR,
    };
    let minutes = moment.micros().div_euclid(60_000_000);
    (minutes + ahead + MINUTES_BEFORE_THE_EPOCH).rem_euclid(WEEK)
}

impl TryFrom<Vec<RawShift>> for WorkingHours {
    type Error = Invalid;

    fn try_from(shifts: Vec<RawShift>) -> Result<Self, Invalid> {
        Self::parse(&shifts)
    }
}

impl From<WorkingHours> for Vec<RawShift> {
    fn from(hours: WorkingHours) -> Self {
        hours.0.into_iter().map(RawShift::from).collect()
    }
}

impl PartialSchema for WorkingHours {
    fn schema() -> RefOr<Schema> {
        Vec::<RawShift>::schema()
    }
}

impl ToSchema for WorkingHours {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((RawShift::name().into_owned(), RawShift::schema()));
        RawShift::schemas(schemas);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shift(day: Weekday, from: &str, until: &str) -> RawShift {
        RawShift { day, from: from.to_owned(), until: until.to_owned() }
    }

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn the_clock_of_the_region_counts() {
        let friday = shift(Weekday::Friday, "07:00", "11:30");
        let hours =
            WorkingHours::parse(&[friday, shift(Weekday::Sunday, "20:00", "24:00")]).unwrap();
        // 27 November 2026 is a Friday.
        for (moment, zone, works) in [
            ("2026-11-26T23:59:59Z", TimeZone::Western, false),
            ("2026-11-27T00:00:00Z", TimeZone::Western, true),
            ("2026-11-27T04:29:59Z", TimeZone::Western, true),
            ("2026-11-27T04:30:00Z", TimeZone::Western, false),
            ("2026-11-26T23:00:00Z", TimeZone::Central, true),
            ("2026-11-26T22:00:00Z", TimeZone::Eastern, true),
            ("2026-11-26T21:59:59Z", TimeZone::Eastern, false),
            ("2026-11-29T16:59:59Z", TimeZone::Western, true),
            ("2026-11-29T17:00:00Z", TimeZone::Western, false),
            ("1969-12-28T13:30:00Z", TimeZone::Western, true),
        ] {
            assert_eq!(hours.include(at(moment), zone), works, "{moment} {zone:?}");
        }
        assert!(WorkingHours::default().include(at("2026-11-26T22:00:00Z"), TimeZone::Western));
    }

    #[test]
    fn shifts_go_forward_and_do_not_overlap() {
        let refusal = |shifts: &[RawShift]| WorkingHours::parse(shifts).unwrap_err().0;
        let monday = |from, until| shift(Weekday::Monday, from, until);
        assert_eq!(refusal(&[monday("17:00", "07:00")]), "shift_backwards");
        assert_eq!(refusal(&[monday("07:00", "07:00")]), "shift_backwards");
        for bad in ["7:00", "07.00", "24:01", "12:60", "-1:00", "+7:00", "", "0700"] {
            assert_eq!(refusal(&[monday(bad, "24:00")]), "time_of_day_malformed", "{bad}");
        }
        let overlapping = [monday("12:00", "17:00"), monday("07:00", "12:01")];
        assert_eq!(refusal(&overlapping), "shifts_overlap");
        assert!(WorkingHours::parse(&[monday("12:00", "17:00"), monday("07:00", "12:00")]).is_ok());
        assert_eq!(refusal(&vec![monday("07:00", "08:00"); 22]), "shifts_too_many");
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_was_written(hours in proptest::collection::btree_set(0i64..168, 0..21)) {
            let shifts = hours.into_iter().map(|hour| Shift { from: hour * HOUR, until: (hour + 1) * HOUR });
            let hours = WorkingHours(shifts.collect());
            let text = serde_json::to_string(&hours).unwrap();
            prop_assert_eq!(serde_json::from_str::<WorkingHours>(&text).unwrap(), hours);
        }
    }
}
