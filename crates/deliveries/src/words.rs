use primitives::Invalid;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why a facility does not take a delivery: 3 – 200 characters, trimmed; the collector reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(as = DeliveryRefusalReason, value_type = String, min_length = 3, max_length = 200)]
pub struct Reason(String);

/// What a facility calls its scale: 1 – 100 characters, trimmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, min_length = 1, max_length = 100)]
pub struct ScaleName(String);

impl Reason {
    /// Trims, and refuses what explains nothing.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        said(text, 3, 200).map(Self).ok_or(Invalid("refusal_reason_malformed"))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl ScaleName {
    /// Trims, and refuses what is no name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        said(text, 1, 100).map(Self).ok_or(Invalid("scale_name_malformed"))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text without the blanks around it, if it has a sane length and nothing that cannot be shown.
fn said(text: &str, least: usize, most: usize) -> Option<String> {
    let trimmed = text.trim();
    let fits = (least..=most).contains(&trimmed.chars().count());
    (fits && !trimmed.chars().any(char::is_control)).then(|| trimmed.to_owned())
}

impl TryFrom<String> for Reason {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl From<Reason> for String {
    fn from(reason: Reason) -> Self {
        reason.0
    }
}

impl TryFrom<String> for ScaleName {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl From<ScaleName> for String {
    fn from(name: ScaleName) -> Self {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_says_something() {
        for text in ["", "  ab ", "basah\u{7}sekali", &"x".repeat(201)] {
            assert_eq!(Reason::parse(text), Err(Invalid("refusal_reason_malformed")), "{text}");
        }
        assert_eq!(Reason::parse(" basah ").map(String::from), Ok("basah".to_owned()));
    }

    #[test]
    fn a_scale_has_a_readable_name() {
        for text in ["", "  ", "A\nB", &"x".repeat(101)] {
            assert_eq!(ScaleName::parse(text), Err(Invalid("scale_name_malformed")), "{text}");
        }
        assert_eq!(ScaleName::parse(" DS-7 ").map(String::from), Ok("DS-7".to_owned()));
    }
}
