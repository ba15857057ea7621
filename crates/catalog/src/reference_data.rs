use database::{Connection, DatabaseError, UnitError};
use serde::de::DeserializeOwned;

use crate::store::{self, FactorRow, MaterialRow, VehicleRow};

const EMISSION_FACTORS: &str = include_str!("../data/emission_factors.csv");
const MATERIALS: &str = include_str!("../data/materials.csv");
const VEHICLES: &str = include_str!("../data/vehicles.csv");

/// Why the product's own data could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum ReferenceDataError {
    /// A file of ours is broken.
    #[error("the product's own data cannot be read")]
    Unreadable(#[from] csv::Error),
    /// The database could not take it.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl UnitError for ReferenceDataError {
    fn database(&self) -> Option<&DatabaseError> {
        match self {
            Self::Unreadable(_) => None,
            Self::Database(error) => Some(error),
        }
    }
}

/// Adds the factors, materials and vehicles that the product brings along and that are missing, and says how
/// many those were. Prices that a kabupaten has imported since are left alone.
pub fn load_reference_data_in(conn: &mut Connection) -> Result<usize, ReferenceDataError> {
    let factors = store::add_factors_in(conn, &read::<FactorRow>(EMISSION_FACTORS)?)?;
    let materials = store::add_materials_in(conn, &read::<MaterialRow>(MATERIALS)?)?;
    let vehicles = store::add_vehicles_in(conn, &read::<VehicleRow>(VEHICLES)?)?;
    Ok(factors + materials + vehicles)
}

fn read<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, csv::Error> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().collect()
}
