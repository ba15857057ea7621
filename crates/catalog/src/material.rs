use primitives::{Grams, Language, Milliliters, Quantity, Unit, UnitPrice};

use crate::MaterialCode;

/// Assumed where nobody has measured how loosely a material lies: rather too much room than too little.
const ASSUMED_DENSITY_KG_M3: i64 = 100;

/// A kind of recyclable, down to the grade that decides its price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Material {
    /// `FAMILY-ITEM[-GRADE]`.
    pub code: MaterialCode,
    /// Its name in Indonesian.
    pub name_id: String,
    /// Its name in English.
    pub name_en: String,
    /// The group it is shown in, in Indonesian.
    pub group_id: String,
    /// The group it is shown in, in English.
    pub group_en: String,
    /// The national composition class; the name is the key.
    pub sipsn_category: String,
    /// How it is counted and priced.
    pub unit: Unit,
    /// What one unit weighs: 1,000 for kilograms.
    pub grams_per_unit: i64,
    /// What it usually fetches; none where nobody has published a price.
    pub reference_price: Option<PriceBand>,
    /// How heavy a cubic meter of it is as it comes out of a house, when known.
    pub loose_density_kg_m3: Option<i64>,
    /// What recycling it avoids; none means "not estimated".
    pub emission_factor: Option<EmissionFactor>,
    /// Whether it may be offered. Never true for hazardous and electronic waste.
    pub accepted: bool,
}

/// From the lowest to the highest usual price of one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceBand {
    /// The lowest.
    pub min: UnitPrice,
    /// The highest.
    pub max: UnitPrice,
}

/// How much greenhouse gas recycling avoids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmissionFactor {
    /// The factor's code.
    pub code: String,
    /// Grams of CO₂ equivalent per kilogram of material.
    pub grams_co2e_per_kg: i64,
    /// The name of the published set, without which no figure may be shown.
    pub set: String,
}

impl Material {
    /// Its name in the caller's language.
    pub fn name(&self, language: Language) -> &str {
        match language {
            Language::Indonesian => &self.name_id,
            Language::English => &self.name_en,
        }
    }

    /// Its group in the caller's language.
    pub fn group(&self, language: Language) -> &str {
        match language {
            Language::Indonesian => &self.group_id,
            Language::English => &self.group_en,
        }
    }
}

/// What a quantity of a material weighs, rounded to the gram. An absurd quantity weighs as much as there can be.
pub fn grams_of(material: &Material, quantity: Quantity) -> Grams {
    let per_unit = material.grams_per_unit;
    let grams = match quantity {
        Quantity::Grams(grams) => return grams,
        Quantity::Pieces(pieces) => pieces.get().saturating_mul(per_unit),
        Quantity::Milliliters(milliliters) => {
            milliliters.get().saturating_mul(per_unit).saturating_add(500) / 1_000
        }
    };
    Grams::parse(grams).unwrap_or(Grams::MAX)
}

/// How much room a weight of a material takes as it comes out of a house, rounded up.
pub fn milliliters_of(material: &Material, grams: Grams) -> Milliliters {
    let density = material.loose_density_kg_m3.unwrap_or(ASSUMED_DENSITY_KG_M3).max(1);
    // One kg/m³ is one gram per liter.
    let milliliters = grams.get().saturating_mul(1_000).saturating_add(density - 1) / density;
    Milliliters::parse(milliliters).unwrap_or(Milliliters::MAX)
}
