use catalog::MaterialCode;
use primitives::{Grams, Milliliters, Pieces, Quantity, Rupiah, UnitPrice};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{FrozenPrice, Line};

/// A price that holds for this job, whatever the collector publishes later.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PriceView {
    /// The material's code.
    pub material: MaterialCode,
    /// Per kilogram, piece or liter.
    pub price_rupiah: UnitPrice,
}

impl From<&FrozenPrice> for PriceView {
    fn from(frozen: &FrozenPrice) -> Self {
        Self { material: frozen.material.clone(), price_rupiah: frozen.price }
    }
}

/// One material on the scale; the quantity stands in the material's own unit.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LineView {
    /// The material's code.
    pub material: MaterialCode,
    /// For materials that are weighed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grams: Option<Grams>,
    /// For materials that are counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pieces: Option<Pieces>,
    /// For materials that are measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub milliliters: Option<Milliliters>,
    /// The quantity turned into weight.
    pub weight_grams: Grams,
    /// The frozen price per kilogram, piece or liter.
    pub price_rupiah: UnitPrice,
    /// Quantity times price, rounded once.
    pub amount_rupiah: Rupiah,
}

impl From<&Line> for LineView {
    fn from(line: &Line) -> Self {
        let (mut grams, mut pieces, mut milliliters) = (None, None, None);
        match line.quantity {
            Quantity::Grams(value) => grams = Some(value),
            Quantity::Pieces(value) => pieces = Some(value),
            Quantity::Milliliters(value) => milliliters = Some(value),
        }
        Self {
            material: line.material.clone(),
            grams,
            pieces,
            milliliters,
            weight_grams: line.grams,
            price_rupiah: line.price,
            amount_rupiah: line.amount,
        }
    }
}
