use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Invalid;

/// How deep in the administrative tree a region lies.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum RegionLevel {
    /// Two digits: `12`.
    Provinsi,
    /// `12.07`.
    Kabupaten,
    /// `12.07.28`.
    Kecamatan,
    /// `12.07.28.1001`: an urban village, last group beginning with 1.
    Kelurahan,
    /// `12.07.28.2001`: a village, last group beginning with 2.
    Desa,
}

/// A Kemendagri code of 1 – 4 dotted groups (2·2·2·4 digits), compared group by group and never by text prefix.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, example = "12.07.28.2001", pattern = "^[0-9]{2}(\\.[0-9]{2}(\\.[0-9]{2}(\\.[12][0-9]{3})?)?)?$")]
pub struct RegionCode(String);

impl RegionCode {
    /// Accepts `12`, `12.07`, `12.07.28` and `12.07.28.2001`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let malformed = Invalid("region_code_malformed");
        let groups: Vec<&str> = text.split('.').collect();
        let widths_fit = groups.iter().zip([2usize, 2, 2, 4]).all(|(group, width)| {
            group.len() == width && group.bytes().all(|byte| byte.is_ascii_digit())
        });
        let village_fits = groups.get(3).is_none_or(|group| group.starts_with(['1', '2']));
        if groups.len() <= 4 && widths_fit && village_fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(malformed)
        }
    }

    /// The dotted text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The level, read from the number of groups and, for villages, the first digit of the last.
    pub fn level(&self) -> RegionLevel {
        match self.0.split('.').count() {
            1 => RegionLevel::Provinsi,
            2 => RegionLevel::Kabupaten,
            3 => RegionLevel::Kecamatan,
            _ if self.0.rsplit('.').next().is_some_and(|group| group.starts_with('1')) => {
                RegionLevel::Kelurahan
            }
            _ => RegionLevel::Desa,
        }
    }

    /// True for this region itself and for everything below it.
    pub fn contains(&self, other: &Self) -> bool {
        let mut theirs = other.0.split('.');
        self.0.split('.').all(|group| theirs.next() == Some(group))
    }

    /// The region one level up; none above a province.
    pub fn parent(&self) -> Option<Self> {
        self.0.rsplit_once('.').map(|(parent, _)| Self(parent.to_owned()))
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::str::FromStr for RegionCode {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::parse(text)
    }
}

impl TryFrom<String> for RegionCode {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl From<RegionCode> for String {
    fn from(code: RegionCode) -> Self {
        code.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> RegionCode {
        RegionCode::parse(text).unwrap()
    }

    #[test]
    fn levels_follow_the_groups() {
        assert_eq!(code("12").level(), RegionLevel::Provinsi);
        assert_eq!(code("12.07").level(), RegionLevel::Kabupaten);
        assert_eq!(code("12.07.28").level(), RegionLevel::Kecamatan);
        assert_eq!(code("12.07.28.1001").level(), RegionLevel::Kelurahan);
        assert_eq!(code("12.07.28.2001").level(), RegionLevel::Desa);
    }

    #[test]
    fn containment_is_by_group() {
        assert!(code("12.07").contains(&code("12.07.28.2001")));
        assert!(code("12.07").contains(&code("12.07")));
        assert!(!code("12.07").contains(&code("12")));
        assert!(!code("12.07").contains(&code("12.71")));
        assert_eq!(code("12.07.28").parent(), Some(code("12.07")));
    }

    #[test]
    fn malformed_codes_are_refused() {
        for text in ["", "1", "12.7", "12.07.", "1207", "12.07.28.3001", "12.07.28.2001.1", "ab"] {
            assert!(RegionCode::parse(text).is_err(), "{text}");
        }
    }
}
