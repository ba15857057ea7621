use std::fmt;

use primitives::Invalid;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The code of a material: `FAMILY-ITEM[-GRADE]` in capitals, digits and dashes, at most 32 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, example = "PLA-PET-BENING", pattern = "^[A-Z0-9-]{1,32}$")]
pub struct MaterialCode(String);

/// The code of a vehicle: capitals, digits and underscores, at most 32 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, example = "BETOR", pattern = "^[A-Z0-9_]{1,32}$")]
pub struct VehicleCode(String);

impl MaterialCode {
    /// Accepts what looks like a code; the catalog says whether there is such a material.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Self::check(text)?;
        Ok(Self(text.to_owned()))
    }

    /// The same for who does not want a copy of the text.
    pub fn check(text: &str) -> Result<(), Invalid> {
        if is_code(text, b'-') { Ok(()) } else { Err(Invalid("material_code_malformed")) }
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl VehicleCode {
    /// Accepts what looks like a code; the catalog says whether there is such a vehicle.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if is_code(text, b'_') {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid("vehicle_code_malformed"))
        }
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_code(text: &str, joint: u8) -> bool {
    let fits = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == joint;
    (1..=32).contains(&text.len()) && text.bytes().all(fits)
}

impl fmt::Display for MaterialCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Display for VehicleCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl TryFrom<String> for MaterialCode {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl TryFrom<String> for VehicleCode {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl From<MaterialCode> for String {
    fn from(code: MaterialCode) -> Self {
        code.0
    }
}

impl From<VehicleCode> for String {
    fn from(code: VehicleCode) -> Self {
        code.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_capitals_digits_and_one_joint() {
        assert_eq!(MaterialCode::parse("PLA-PET-BENING").unwrap().as_str(), "PLA-PET-BENING");
        assert_eq!(
            VehicleCode::parse("MOTOR_RODA_TIGA_150").unwrap().to_string(),
            "MOTOR_RODA_TIGA_150"
        );
        for text in ["", "pla-pet", "PLA PET", "PLA_PET", "PLA\u{0}", "É", &"A".repeat(33)] {
            assert!(MaterialCode::parse(text).is_err(), "{text}");
        }
        assert!(VehicleCode::parse("BE-TOR").is_err());
    }
}
