use primitives::Invalid;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why staff stopped a collector: 3 – 500 characters, trimmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(as = SuspensionReason, value_type = String, min_length = 3, max_length = 500)]
pub struct Reason(String);

impl Reason {
    /// Trims, and refuses what explains nothing.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let trimmed = text.trim();
        match trimmed.chars().count() {
            3..=500 if !trimmed.contains('\0') => Ok(Self(trimmed.to_owned())),
            _ => Err(Invalid("suspension_reason_length")),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_says_something() {
        assert_eq!(Reason::parse("  x "), Err(Invalid("suspension_reason_length")));
        assert_eq!(Reason::parse("timbangan\0"), Err(Invalid("suspension_reason_length")));
        assert_eq!(
            Reason::parse(" timbangan curang ").map(String::from),
            Ok("timbangan curang".into())
        );
    }
}
