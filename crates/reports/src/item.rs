use catalog::{Catalog, MaterialCode};
use primitives::{Grams, Invalid, Milliliters, Pieces, Quantity};

/// One material of a report, as estimated by the household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Which kind.
    pub material: MaterialCode,
    /// How much, in the material's own unit.
    pub quantity: Quantity,
    /// The estimate turned into weight.
    pub grams: Grams,
    /// The estimate turned into loose volume, which fills a vehicle long before the weight does.
    pub milliliters: Milliliters,
    /// What the collector should know about it.
    pub note: Option<String>,
}

impl Item {
    /// Checks an estimate against the catalog: known, accepted, counted in its own unit, and of a sane size.
    pub fn estimate(
        catalog: &Catalog,
        code: &MaterialCode,
        quantity: Quantity,
    ) -> Result<Self, Invalid> {
        let material = catalog.accepted(code)?;
        if material.unit != quantity.unit() {
            return Err(Invalid("quantity_unit_mismatch"));
        }
        if !(1..=most(quantity)).contains(&quantity.amount()) {
            return Err(Invalid("estimate_out_of_range"));
        }
        let grams = catalog::grams_of(&material, quantity);
        let milliliters = catalog::milliliters_of(&material, grams);
        Ok(Self { material: code.clone(), quantity, grams, milliliters, note: None })
    }
}

/// 5 t, ten thousand pieces, or a cubic meter: beyond that a household has slipped a digit.
pub(crate) const fn most(quantity: Quantity) -> i64 {
    match quantity {
        Quantity::Grams(_) => 5_000_000,
        Quantity::Pieces(_) => 10_000,
        Quantity::Milliliters(_) => 1_000_000,
    }
}

/// The one quantity that was given of three; none or several is no quantity.
pub fn one_quantity(
    grams: Option<Grams>,
    pieces: Option<Pieces>,
    milliliters: Option<Milliliters>,
) -> Result<Quantity, Invalid> {
    match (grams, pieces, milliliters) {
        (Some(grams), None, None) => Ok(Quantity::Grams(grams)),
        (None, Some(pieces), None) => Ok(Quantity::Pieces(pieces)),
        (None, None, Some(milliliters)) => Ok(Quantity::Milliliters(milliliters)),
        (None, None, None) => Err(Invalid("quantity_missing")),
        _ => Err(Invalid("quantity_ambiguous")),
    }
}
