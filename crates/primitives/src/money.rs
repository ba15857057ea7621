use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Invalid;

/// An amount in whole rupiah. May be negative (a debt); arithmetic is checked and never silently wraps.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(transparent)]
pub struct Rupiah(i64);

impl Rupiah {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// Wraps a whole number of rupiah.
    pub const fn new(rupiah: i64) -> Self {
        Self(rupiah)
    }

    /// The whole number of rupiah.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Adds, or says that the sum leaves the 64-bit range.
    pub fn checked_add(self, other: Self) -> Result<Self, Invalid> {
        self.0.checked_add(other.0).map(Self).ok_or(Invalid("amount_out_of_range"))
    }

    /// Subtracts, or says that the difference leaves the 64-bit range.
    pub fn checked_sub(self, other: Self) -> Result<Self, Invalid> {
        self.0.checked_sub(other.0).map(Self).ok_or(Invalid("amount_out_of_range"))
    }

    /// Adds up many amounts.
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Result<Self, Invalid> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }
}

/// A price in rupiah for one kilogram, one piece or one liter: 0 – 1,000,000.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(try_from = "i64", into = "i64")]
#[schema(value_type = i64, minimum = 0, maximum = 1_000_000)]
pub struct UnitPrice(u32);

impl UnitPrice {
    /// The highest price anybody may publish.
    pub const MAX: Self = Self(1_000_000);

    /// Accepts 0 – 1,000,000 rupiah per unit.
    pub fn parse(rupiah: i64) -> Result<Self, Invalid> {
        let price = u32::try_from(rupiah).ok().map(Self).filter(|price| *price <= Self::MAX);
        price.ok_or(Invalid("price_out_of_range"))
    }

    /// Rupiah per kilogram, piece or liter.
    pub const fn get(self) -> i64 {
        self.0 as i64
    }
}

impl TryFrom<i64> for UnitPrice {
    type Error = Invalid;

    fn try_from(rupiah: i64) -> Result<Self, Invalid> {
        Self::parse(rupiah)
    }
}

impl From<UnitPrice> for i64 {
    fn from(price: UnitPrice) -> Self {
        price.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_refuse_to_wrap() {
        assert_eq!(Rupiah::sum([Rupiah::new(2), Rupiah::new(3)]), Ok(Rupiah::new(5)));
        assert!(Rupiah::new(i64::MAX).checked_add(Rupiah::new(1)).is_err());
        assert!(Rupiah::new(i64::MIN).checked_sub(Rupiah::new(1)).is_err());
    }

    #[test]
    fn prices_have_bounds() {
        assert!(UnitPrice::parse(-1).is_err());
        assert!(UnitPrice::parse(1_000_001).is_err());
        assert_eq!(UnitPrice::parse(1_000_000), Ok(UnitPrice::MAX));
    }

    #[test]
    fn fractions_and_text_are_no_amounts() {
        assert!(serde_json::from_str::<Rupiah>("1.5").is_err());
        assert!(serde_json::from_str::<Rupiah>("1e3").is_err());
        assert!(serde_json::from_str::<Rupiah>("\"10\"").is_err());
    }
}
