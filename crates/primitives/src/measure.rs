use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Invalid, Rupiah, UnitPrice};

/// How a material is counted and priced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Weighed; priced per kilogram.
    Kg,
    /// Counted; priced per piece.
    Piece,
    /// Measured; priced per liter.
    Liter,
}

impl Unit {
    /// The word in data files, databases and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kg => "kg",
            Self::Piece => "piece",
            Self::Liter => "liter",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        match word {
            "kg" => Ok(Self::Kg),
            "piece" => Ok(Self::Piece),
            "liter" => Ok(Self::Liter),
            _ => Err(Invalid("unit_unknown")),
        }
    }
}

/// Weight in grams, 0 – 1,000 t; what totals and capacities are made of.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(try_from = "i64", into = "i64")]
#[schema(value_type = i64, minimum = 0)]
pub struct Grams(i64);

/// Volume in milliliters, 0 – 1,000 m³.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(try_from = "i64", into = "i64")]
#[schema(value_type = i64, minimum = 0)]
pub struct Milliliters(i64);

/// A count of pieces, 0 – 1,000,000.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(try_from = "i64", into = "i64")]
#[schema(value_type = i64, minimum = 0)]
pub struct Pieces(i64);

impl Grams {
    /// The most there can be.
    pub const MAX: Self = Self(1_000_000_000);

    /// Accepts 0 – 1,000,000,000 g.
    pub fn parse(grams: i64) -> Result<Self, Invalid> {
        within(grams, Self::MAX.0, "weight_out_of_range").map(Self)
    }

    /// The number of grams.
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl Milliliters {
    /// The most there can be.
    pub const MAX: Self = Self(1_000_000_000);

    /// Accepts 0 – 1,000,000,000 ml.
    pub fn parse(milliliters: i64) -> Result<Self, Invalid> {
        within(milliliters, Self::MAX.0, "volume_out_of_range").map(Self)
    }

    /// The number of milliliters.
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl Pieces {
    /// Accepts 0 – 1,000,000 pieces.
    pub fn parse(pieces: i64) -> Result<Self, Invalid> {
        within(pieces, 1_000_000, "count_out_of_range").map(Self)
    }

    /// The number of pieces.
    pub const fn get(self) -> i64 {
        self.0
    }
}

fn within(value: i64, most: i64, code: &'static str) -> Result<i64, Invalid> {
    if (0..=most).contains(&value) { Ok(value) } else { Err(Invalid(code)) }
}

impl TryFrom<i64> for Grams {
    type Error = Invalid;
    fn try_from(value: i64) -> Result<Self, Invalid> {
        Self::parse(value)
    }
}

impl TryFrom<i64> for Milliliters {
    type Error = Invalid;
    fn try_from(value: i64) -> Result<Self, Invalid> {
        Self::parse(value)
    }
}

impl TryFrom<i64> for Pieces {
    type Error = Invalid;
    fn try_from(value: i64) -> Result<Self, Invalid> {
        Self::parse(value)
    }
}

impl From<Grams> for i64 {
    fn from(value: Grams) -> Self {
        value.0
    }
}

impl From<Milliliters> for i64 {
    fn from(value: Milliliters) -> Self {
        value.0
    }
}

impl From<Pieces> for i64 {
    fn from(value: Pieces) -> Self {
        value.0
    }
}

/// What was estimated or measured of one material, in that material's own unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// Weighed.
    Grams(Grams),
    /// Counted.
    Pieces(Pieces),
    /// Measured.
    Milliliters(Milliliters),
}

impl Quantity {
    /// Builds a quantity from a unit and its base count (grams, pieces or milliliters).
    pub fn parse(unit: Unit, amount: i64) -> Result<Self, Invalid> {
        match unit {
            Unit::Kg => Grams::parse(amount).map(Self::Grams),
            Unit::Piece => Pieces::parse(amount).map(Self::Pieces),
            Unit::Liter => Milliliters::parse(amount).map(Self::Milliliters),
        }
    }

    /// The unit this quantity is priced in.
    pub const fn unit(self) -> Unit {
        match self {
            Self::Grams(_) => Unit::Kg,
            Self::Pieces(_) => Unit::Piece,
            Self::Milliliters(_) => Unit::Liter,
        }
    }

    /// Grams, pieces or milliliters.
    pub const fn amount(self) -> i64 {
        match self {
            Self::Grams(grams) => grams.0,
            Self::Pieces(pieces) => pieces.0,
            Self::Milliliters(milliliters) => milliliters.0,
        }
    }

    /// What this quantity is worth: `(amount × price + 500) / 1000` for kilograms and liters, rounded half up once.
    pub fn value_at(self, price: UnitPrice) -> Result<Rupiah, Invalid> {
        let product = i128::from(self.amount()) * i128::from(price.get());
        let rupiah = match self.unit() {
            Unit::Kg | Unit::Liter => (product + 500) / 1_000,
            Unit::Piece => product,
        };
        i64::try_from(rupiah).map(Rupiah::new).map_err(|_overflow| Invalid("amount_out_of_range"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn price(rupiah: i64) -> UnitPrice {
        UnitPrice::parse(rupiah).unwrap()
    }

    #[test]
    fn half_a_rupiah_rounds_up_once() {
        let half = Quantity::parse(Unit::Kg, 1).unwrap();
        assert_eq!(half.value_at(price(500)), Ok(Rupiah::new(1)));
        assert_eq!(half.value_at(price(499)), Ok(Rupiah::new(0)));
    }

    #[test]
    fn pieces_are_not_thousandths() {
        let bottles = Quantity::parse(Unit::Piece, 12).unwrap();
        assert_eq!(bottles.value_at(price(700)), Ok(Rupiah::new(8_400)));
    }

    #[test]
    fn negative_and_absurd_amounts_are_refused() {
        assert!(Grams::parse(-1).is_err());
        assert!(Grams::parse(1_000_000_001).is_err());
        assert!(Pieces::parse(1_000_001).is_err());
    }

    proptest! {
        #[test]
        fn value_is_within_half_a_rupiah(grams in 0i64..1_000_000_000, rupiah in 0i64..=1_000_000) {
            let value = Quantity::parse(Unit::Kg, grams).unwrap().value_at(price(rupiah)).unwrap();
            let exact_thousandths = i128::from(grams) * i128::from(rupiah);
            let error = i128::from(value.get()) * 1_000 - exact_thousandths;
            prop_assert!((-499..=500).contains(&error));
        }
    }
}
