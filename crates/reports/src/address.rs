use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How to find the door. Every part is optional: villages have no RT/RW, and many houses no number.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// Street and number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    pub street: Option<String>,
    /// Rukun tetangga, 1 – 3 digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^[0-9]{1,3}$")]
    pub rt: Option<String>,
    /// Rukun warga, 1 – 3 digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^[0-9]{1,3}$")]
    pub rw: Option<String>,
    /// Dusun in a desa, lingkungan in a kelurahan.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    pub dusun: Option<String>,
    /// What everybody knows: "behind the mosque".
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    pub landmark: Option<String>,
}

impl Address {
    /// True when nothing was said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Address(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_never_reaches_a_log_line() {
        let address = Address { street: Some("Jalan Mawar 7".to_owned()), ..Address::default() };
        assert_eq!(format!("{address:?}"), "Address(…)");
    }
}
