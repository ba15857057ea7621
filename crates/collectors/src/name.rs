use primitives::Invalid;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The name on the sign: 2 – 80 characters, trimmed, without control characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(as = CollectorName, value_type = String, min_length = 2, max_length = 80)]
pub struct Name(String);

impl Name {
    /// Trims, and refuses what nobody could read out.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let trimmed = text.trim();
        if trimmed.chars().any(char::is_control) {
            return Err(Invalid("collector_name_malformed"));
        }
        match trimmed.chars().count() {
            2..=80 => Ok(Self(trimmed.to_owned())),
            _ => Err(Invalid("collector_name_length")),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Name {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}

/// How far from his base a collector fetches: 100 – 50,000 meters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "i64", into = "i64")]
#[schema(as = ServiceRadius, value_type = i64, minimum = 100, maximum = 50_000)]
pub struct ServiceRadius(i64);

impl ServiceRadius {
    /// Accepts 100 – 50,000 meters.
    pub fn parse(meters: i64) -> Result<Self, Invalid> {
        if (100..=50_000).contains(&meters) {
            Ok(Self(meters))
        } else {
            Err(Invalid("service_radius_out_of_range"))
        }
    }

    /// The radius in meters.
    pub const fn meters(self) -> i64 {
        self.0
    }
}

impl TryFrom<i64> for ServiceRadius {
    type Error = Invalid;

    fn try_from(meters: i64) -> Result<Self, Invalid> {
        Self::parse(meters)
    }
}

impl From<ServiceRadius> for i64 {
    fn from(radius: ServiceRadius) -> Self {
        radius.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_and_readable() {
        assert_eq!(Name::parse("  Botot Pak Ucok ").map(String::from), Ok("Botot Pak Ucok".into()));
        assert_eq!(Name::parse("U"), Err(Invalid("collector_name_length")));
        assert_eq!(Name::parse(&"x".repeat(81)), Err(Invalid("collector_name_length")));
        assert_eq!(Name::parse("Ucok\nSiregar"), Err(Invalid("collector_name_malformed")));
    }

    #[test]
    fn radii_have_bounds() {
        let refused = Err(Invalid("service_radius_out_of_range"));
        assert_eq!(ServiceRadius::parse(99), refused);
        assert_eq!(ServiceRadius::parse(50_001), refused);
        assert_eq!(ServiceRadius::parse(100).map(ServiceRadius::meters), Ok(100));
        assert_eq!(ServiceRadius::parse(50_000).map(ServiceRadius::meters), Ok(50_000));
    }
}
