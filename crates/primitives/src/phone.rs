use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Invalid;

/// An Indonesian mobile number in E.164: `+628…`, 10 – 13 national digits counted with the leading 0.
///
/// `Debug` hides all but the last two digits, so that logs stay clean.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, example = "+6281234567890")]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// Accepts `08…`, `62…` and `+62…` with spaces, dots and dashes between the digits.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let malformed = Invalid("phone_malformed");
        if text.len() > 32 {
            return Err(malformed);
        }
        let compact: String =
            text.trim().chars().filter(|letter| !matches!(letter, ' ' | '-' | '.')).collect();
        let national = ["+62", "62", "0"]
            .iter()
            .find_map(|prefix| compact.strip_prefix(prefix))
            .ok_or(malformed)?;
        let digits_only = national.bytes().all(|byte| byte.is_ascii_digit());
        if !digits_only || !national.starts_with('8') || !(9..=12).contains(&national.len()) {
            return Err(malformed);
        }
        Ok(Self(format!("+62{national}")))
    }

    /// The E.164 text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tail: String = self.0.chars().skip(self.0.len().saturating_sub(2)).collect();
        write!(formatter, "+62…{tail}")
    }
}

impl TryFrom<String> for PhoneNumber {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl From<PhoneNumber> for String {
    fn from(phone: PhoneNumber) -> Self {
        phone.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_writing_is_one_number() {
        for text in ["0812-3456-7890", "62 812 3456 7890", "+6281234567890", " 0812.3456.7890 "] {
            assert_eq!(PhoneNumber::parse(text).unwrap().as_str(), "+6281234567890", "{text}");
        }
    }

    #[test]
    fn landlines_foreigners_and_fragments_are_refused() {
        for text in ["", "061 4567890", "+6591234567", "0812", "08123456789012345", "0812x456789"] {
            assert!(PhoneNumber::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn debug_hides_the_number() {
        let phone = PhoneNumber::parse("081234567890").unwrap();
        assert_eq!(format!("{phone:?}"), "+62…90");
    }
}
