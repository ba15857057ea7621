use primitives::{Coordinates, Invalid, RegionCode, RegionLevel, Timestamp};
use serde::Deserialize;

/// One administrative region.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// The dotted Kemendagri code.
    pub code: RegionCode,
    /// The official name.
    pub name: String,
    /// A point in its middle.
    pub center: Coordinates,
    /// The box around it, when known.
    pub extent: Option<Extent>,
    /// Its area, when known.
    pub area_hectares: Option<i64>,
    /// The zone in which its days begin.
    pub time_zone: TimeZone,
    /// The day from which the code counts, when known.
    pub valid_from: Option<Day>,
    /// The day on which the code ended: a region that was split, merged or renumbered.
    pub valid_until: Option<Day>,
    /// Grows with every change.
    pub version: i64,
}

/// The box around a region.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extent {
    /// Its corner in the south-west.
    pub south_west: Coordinates,
    /// Its corner in the north-east.
    pub north_east: Coordinates,
}

/// A day as `2025-03-31`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Day(String);

/// Indonesia's three zones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum TimeZone {
    /// WIB, UTC+7.
    #[serde(rename = "Asia/Jakarta")]
    Western,
    /// WITA, UTC+8.
    #[serde(rename = "Asia/Makassar")]
    Central,
    /// WIT, UTC+9.
    #[serde(rename = "Asia/Jayapura")]
    Eastern,
}

impl Region {
    /// Its level, which its code says.
    pub fn level(&self) -> RegionLevel {
        self.code.level()
    }

    /// False once the code has ended.
    pub const fn is_current(&self) -> bool {
        self.valid_until.is_none()
    }

    /// True for desa and kelurahan: what a home belongs to.
    pub fn is_village(&self) -> bool {
        matches!(self.level(), RegionLevel::Desa | RegionLevel::Kelurahan)
    }
}

impl Extent {
    /// Reads (lat, lon) of the south-western and of the north-eastern corner.
    pub fn parse(least: (f64, f64), most: (f64, f64)) -> Result<Self, Invalid> {
        let south_west = Coordinates::parse(least.0, least.1)?;
        let north_east = Coordinates::parse(most.0, most.1)?;
        if least.0 <= most.0 && least.1 <= most.1 {
            Ok(Self { south_west, north_east })
        } else {
            Err(Invalid("extent_inside_out"))
        }
    }
}

impl Day {
    /// Accepts an existing day of the calendar.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let midnight = Timestamp::parse(&format!("{text}T00:00:00Z"));
        if text.len() == 10 && midnight.is_ok() {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid("day_malformed"))
        }
    }

    /// `2025-03-31`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Day {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl TimeZone {
    /// The zone of most of a province, for regions whose file says nothing else.
    pub fn of_province(code: &RegionCode) -> Self {
        match code.as_str().get(..2) {
            Some("51" | "52" | "53" | "63" | "64" | "65") => Self::Central,
            Some(province) if province.starts_with('7') => Self::Central,
            Some(province) if province.starts_with(['8', '9']) => Self::Eastern,
            _ => Self::Western,
        }
    }

    /// The name in the time zone database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Western => "Asia/Jakarta",
            Self::Central => "Asia/Makassar",
            Self::Eastern => "Asia/Jayapura",
        }
    }

    /// Reads the name back.
    pub fn parse(name: &str) -> Result<Self, Invalid> {
        [Self::Western, Self::Central, Self::Eastern]
            .into_iter()
            .find(|zone| zone.name() == name)
            .ok_or(Invalid("time_zone_unknown"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(code: &str) -> &'static str {
        TimeZone::of_province(&RegionCode::parse(code).unwrap()).name()
    }

    #[test]
    fn provinces_have_their_zones() {
        assert_eq!(zone("12.07.28.2001"), "Asia/Jakarta");
        assert_eq!(zone("61"), "Asia/Jakarta");
        assert_eq!(zone("51.71"), "Asia/Makassar");
        assert_eq!(zone("73"), "Asia/Makassar");
        assert_eq!(zone("91.03"), "Asia/Jayapura");
        assert_eq!(TimeZone::parse("Asia/Makassar"), Ok(TimeZone::Central));
        assert!(TimeZone::parse("Asia/Singapore").is_err());
    }

    #[test]
    fn only_real_days_are_days() {
        assert_eq!(Day::parse("2024-02-29").unwrap().as_str(), "2024-02-29");
        for text in ["2025-02-29", "2025-2-1", "31-03-2025", "", "2025-03-31T00:00:00Z"] {
            assert!(Day::parse(text).is_err(), "{text}");
        }
    }
}
