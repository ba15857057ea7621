//! Greenhouse gas: what recycling avoided, net of the trip, and what nobody can say.

use std::collections::{BTreeMap, BTreeSet};

use catalog::{Catalog, MaterialCode};

/// A motor-cycle with a side tray, the common vehicle of the field, emits about 70 g CO₂ per kilometer.
const TRIP_GRAMS_PER_KILOMETER: i64 = 70;
/// There and back.
const WAYS: i64 = 2;
/// Roads are longer than the crow flies by about three tenths.
const DETOUR_TENTHS: i64 = 13;

/// What became of the climate, in grams of CO₂ equivalent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Carbon {
    /// Avoided by recycling, before the trips.
    pub avoided_grams: i64,
    /// Emitted by the trips.
    pub trip_grams: i64,
    /// The names of the factor sets behind the first figure.
    pub factor_sets: BTreeSet<String>,
    /// The weight of materials without a factor, about which nothing is claimed.
    pub not_estimated_grams: i64,
}

impl Carbon {
    /// Avoided, net of the trips.
    pub const fn net_avoided_grams(&self) -> i64 {
        self.avoided_grams.saturating_sub(self.trip_grams)
    }
}

/// Estimates from weights by material and the way driven as the crow flies.
pub(crate) fn estimate(
    weights: &BTreeMap<String, i64>,
    distance_meters: i64,
    catalog: &Catalog,
) -> Carbon {
    let mut carbon = Carbon { trip_grams: trip_grams(distance_meters), ..Carbon::default() };
    let mut milligrams = 0i128;
    for (material, &grams) in weights {
        match factor_of(material, catalog) {
            Some((grams_per_kg, set)) => {
                milligrams += i128::from(grams) * i128::from(grams_per_kg);
                carbon.factor_sets.insert(set);
            }
            None => carbon.not_estimated_grams += grams,
        }
    }
    carbon.avoided_grams = rounded(milligrams, 1_000);
    carbon
}

/// What one material avoided; nothing when nobody can say.
pub(crate) fn avoided_by(material: &str, grams: i64, catalog: &Catalog) -> Option<i64> {
    let (grams_per_kg, _set) = factor_of(material, catalog)?;
    Some(rounded(i128::from(grams) * i128::from(grams_per_kg), 1_000))
}

fn factor_of(material: &str, catalog: &Catalog) -> Option<(i64, String)> {
    let code = MaterialCode::parse(material).ok()?;
    let factor = catalog.material(&code)?.emission_factor.clone()?;
    Some((factor.grams_co2e_per_kg, factor.set.to_string()))
}

fn trip_grams(distance_meters: i64) -> i64 {
    let tenths_of_meters = i128::from(distance_meters) * i128::from(WAYS * DETOUR_TENTHS);
    rounded(tenths_of_meters * i128::from(TRIP_GRAMS_PER_KILOMETER), 10_000)
}

fn rounded(dividend: i128, divisor: i128) -> i64 {
    i64::try_from((dividend + divisor / 2).div_euclid(divisor)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trip_is_there_and_back_by_road() {
        // 2 km as the crow flies: 4 km both ways, 5.2 km by road, 364 g.
        assert_eq!(trip_grams(2_000), 364);
        assert_eq!(trip_grams(0), 0);
    }

    #[test]
    fn halves_round_up_once() {
        assert_eq!(rounded(1_500, 1_000), 2);
        assert_eq!(rounded(1_499, 1_000), 1);
    }
}
