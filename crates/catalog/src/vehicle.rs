use primitives::{Grams, Language, Milliliters};

use crate::VehicleCode;

/// What a collector drives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vehicle {
    /// Its code.
    pub code: VehicleCode,
    /// Its name in Indonesian.
    pub name_id: String,
    /// Its name in English.
    pub name_en: String,
    /// How much it carries.
    pub capacity_grams: Grams,
    /// How much room it has, which with loose material is used up first.
    pub capacity_milliliters: Milliliters,
    /// Between houses in town.
    pub speed_kmh_urban: i64,
    /// Between desa.
    pub speed_kmh_rural: i64,
    /// How much longer its way is than the crow's: 135 is 1.35 times as long.
    pub detour_percent: i64,
    /// How far it practically gets in a day.
    pub range_meters_per_day: i64,
    /// The steepest mean slope it can work on.
    pub max_slope_percent: i64,
    /// What its own trip emits.
    pub grams_co2_per_km: i64,
}

impl Vehicle {
    /// Its name in the caller's language.
    pub fn name(&self, language: Language) -> &str {
        match language {
            Language::Indonesian => &self.name_id,
            Language::English => &self.name_en,
        }
    }
}
