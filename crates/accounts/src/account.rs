use std::fmt;

use primitives::{AccountId, CollectorId, Invalid, InvitationId, Language, PhoneNumber, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A person who may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its identity.
    pub id: AccountId,
    /// The number that proves who it is.
    pub phone: PhoneNumber,
    /// What the person is called, once it has been told.
    pub full_name: Option<ShortName>,
    /// The language texts are written in.
    pub language: Language,
    /// The collector this person works as.
    pub collector: Option<CollectorId>,
    /// The invitation from which the second factor is derived; staff have one.
    pub(crate) enrolment: Option<InvitationId>,
    /// Since when the account may not be used.
    pub suspended_at: Option<Timestamp>,
    /// Counts the changes.
    pub version: i64,
    /// When it was opened.
    pub created_at: Timestamp,
}

/// What another slice may show of a person to the other side of a deal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// What the person is called, once it has been told.
    pub full_name: Option<ShortName>,
    /// Where the person can be called.
    pub phone: PhoneNumber,
    /// The language to write in.
    pub language: Language,
    /// When the account was opened.
    pub since: Timestamp,
}

/// 1 – 100 letters for a person or a device, without control characters and outer spaces.
///
/// `Debug` hides it, so that logs stay clean.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, min_length = 1, max_length = 100)]
pub struct ShortName(String);

impl ShortName {
    /// Trims and accepts 1 – 100 characters.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = text.trim();
        if text.chars().any(char::is_control) {
            return Err(Invalid("short_name_malformed"));
        }
        if (1..=100).contains(&text.chars().count()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid("short_name_length"))
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ShortName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("…")
    }
}

impl TryFrom<String> for ShortName {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl From<ShortName> for String {
    fn from(name: ShortName) -> Self {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_and_bounded() {
        assert_eq!(ShortName::parse("  Siti ").unwrap().as_str(), "Siti");
        assert_eq!(ShortName::parse(&"é".repeat(100)).unwrap().as_str().chars().count(), 100);
        for text in ["", "   ", &"a".repeat(101)] {
            assert_eq!(ShortName::parse(text), Err(Invalid("short_name_length")));
        }
        assert_eq!(ShortName::parse("Siti\u{7}Aminah"), Err(Invalid("short_name_malformed")));
    }

    #[test]
    fn debug_hides_the_name() {
        assert_eq!(format!("{:?}", ShortName::parse("Siti").unwrap()), "…");
    }
}
