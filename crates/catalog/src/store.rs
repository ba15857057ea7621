use std::collections::BTreeSet;

use database::{Connection, DatabaseError};
use diesel::{dsl::sql, prelude::*, sql_types::BigInt};
use primitives::{Grams, Invalid, Milliliters, Unit, UnitPrice};
use serde::Deserialize;

use crate::{
    EmissionFactor, Material, MaterialCode, PriceBand, Vehicle, VehicleCode,
    schema::{emission_factor, material, vehicle},
};

/// A row of the table, and a line of `data/materials.csv`.
#[derive(Debug, Queryable, Insertable, Deserialize)]
#[diesel(table_name = material)]
pub(crate) struct MaterialRow {
    code: String,
    name_id: String,
    name_en: String,
    group_id: String,
    group_en: String,
    sipsn_category: String,
    unit: String,
    grams_per_unit: i64,
    min_rupiah: Option<i64>,
    max_rupiah: Option<i64>,
    loose_density_kg_m3: Option<i64>,
    emission_factor_code: Option<String>,
    accepted: bool,
    #[serde(default = "first_version")]
    version: i64,
}

/// A row of the table, and a line of `data/emission_factors.csv`.
#[derive(Debug, Queryable, Insertable, Deserialize)]
#[diesel(table_name = emission_factor)]
pub(crate) struct FactorRow {
    code: String,
    name: String,
    grams_co2e_per_kg: i64,
    factor_set: String,
}

/// A row of the table, and a line of `data/vehicles.csv`.
#[derive(Debug, Queryable, Insertable, Deserialize)]
#[diesel(table_name = vehicle)]
pub(crate) struct VehicleRow {
    code: String,
    name_id: String,
    name_en: String,
    capacity_grams: i64,
    capacity_milliliters: i64,
    speed_kmh_urban: i64,
    speed_kmh_rural: i64,
    detour_percent: i64,
    range_meters_per_day: i64,
    max_slope_percent: i64,
    grams_co2_per_km: i64,
}

const fn first_version() -> i64 {
    1
}

/// Grows with every new material and every new price.
pub(crate) fn version_in(conn: &mut Connection) -> Result<i64, DatabaseError> {
    let versions = sql::<BigInt>("COALESCE(CAST(SUM(version) AS BIGINT), 0)");
    Ok(material::table.select(versions).first(conn)?)
}

pub(crate) fn materials_in(conn: &mut Connection) -> Result<Vec<Material>, DatabaseError> {
    let rows: Vec<(MaterialRow, Option<FactorRow>)> = material::table
        .left_join(emission_factor::table)
        .order(material::code)
        .select((material::all_columns, emission_factor::all_columns.nullable()))
        .load(conn)?;
    rows.into_iter().map(Material::try_from).collect()
}

pub(crate) fn vehicles_in(conn: &mut Connection) -> Result<Vec<Vehicle>, DatabaseError> {
    let rows: Vec<VehicleRow> = vehicle::table.order(vehicle::code).load(conn)?;
    rows.into_iter().map(Vehicle::try_from).collect()
}

pub(crate) fn material_codes_in(conn: &mut Connection) -> Result<BTreeSet<String>, DatabaseError> {
    Ok(material::table.select(material::code).load(conn)?.into_iter().collect())
}

/// Adds the materials that are missing and says how many those were.
pub(crate) fn add_materials_in(
    conn: &mut Connection,
    rows: &[MaterialRow],
) -> Result<usize, DatabaseError> {
    let known = material_codes_in(conn)?;
    let missing = rows.iter().filter(|row| !known.contains(&row.code));
    missing.map(|row| Ok(diesel::insert_into(material::table).values(row).execute(conn)?)).sum()
}

/// Adds the emission factors that are missing and says how many those were.
pub(crate) fn add_factors_in(
    conn: &mut Connection,
    rows: &[FactorRow],
) -> Result<usize, DatabaseError> {
    let known: BTreeSet<String> =
        emission_factor::table.select(emission_factor::code).load(conn)?.into_iter().collect();
    let missing = rows.iter().filter(|row| !known.contains(&row.code));
    let mut insert = |row| diesel::insert_into(emission_factor::table).values(row).execute(conn);
    missing.map(|row: &FactorRow| Ok(insert(row)?)).sum()
}

/// Adds the vehicles that are missing and says how many those were.
pub(crate) fn add_vehicles_in(
    conn: &mut Connection,
    rows: &[VehicleRow],
) -> Result<usize, DatabaseError> {
    let known: BTreeSet<String> =
        vehicle::table.select(vehicle::code).load(conn)?.into_iter().collect();
    let missing = rows.iter().filter(|row| !known.contains(&row.code));
    missing.map(|row| Ok(diesel::insert_into(vehicle::table).values(row).execute(conn)?)).sum()
}

pub(crate) fn set_price_in(
    conn: &mut Connection,
    code: &MaterialCode,
    band: PriceBand,
) -> Result<(), DatabaseError> {
    diesel::update(material::table.find(code.as_str()))
        .set((
            material::min_rupiah.eq(band.min.get()),
            material::max_rupiah.eq(band.max.get()),
            material::version.eq(material::version + 1),
        ))
        .execute(conn)?;
    Ok(())
}

impl TryFrom<(MaterialRow, Option<FactorRow>)> for Material {
    type Error = DatabaseError;

    fn try_from((row, factor): (MaterialRow, Option<FactorRow>)) -> Result<Self, DatabaseError> {
        let code = row.code.clone();
        let parsed = Self::parse(row, factor);
        parsed.map_err(|invalid| DatabaseError::corrupt("material", code, invalid))
    }
}

impl Material {
    fn parse(row: MaterialRow, factor: Option<FactorRow>) -> Result<Self, Invalid> {
        let band = row.min_rupiah.zip(row.max_rupiah);
        Ok(Self {
            code: MaterialCode::parse(&row.code)?,
            name_id: row.name_id,
            name_en: row.name_en,
            group_id: row.group_id,
            group_en: row.group_en,
            sipsn_category: row.sipsn_category,
            unit: Unit::parse(&row.unit)?,
            grams_per_unit: row.grams_per_unit,
            reference_price: band.map(|(min, max)| PriceBand::parse(min, max)).transpose()?,
            loose_density_kg_m3: row.loose_density_kg_m3,
            emission_factor: factor.map(EmissionFactor::from),
            accepted: row.accepted,
        })
    }
}

impl PriceBand {
    fn parse(min: i64, max: i64) -> Result<Self, Invalid> {
        Ok(Self { min: UnitPrice::parse(min)?, max: UnitPrice::parse(max)? })
    }
}

impl From<FactorRow> for EmissionFactor {
    fn from(row: FactorRow) -> Self {
        let FactorRow { code, grams_co2e_per_kg, factor_set: set, .. } = row;
        Self { code, grams_co2e_per_kg, set }
    }
}

impl TryFrom<VehicleRow> for Vehicle {
    type Error = DatabaseError;

    fn try_from(row: VehicleRow) -> Result<Self, DatabaseError> {
        let code = row.code.clone();
        Self::parse(row).map_err(|invalid| DatabaseError::corrupt("vehicle", code, invalid))
    }
}

impl Vehicle {
    fn parse(row: VehicleRow) -> Result<Self, Invalid> {
        Ok(Self {
            code: VehicleCode::parse(&row.code)?,
            name_id: row.name_id,
            name_en: row.name_en,
            capacity_grams: Grams::parse(row.capacity_grams)?,
            capacity_milliliters: Milliliters::parse(row.capacity_milliliters)?,
            speed_kmh_urban: row.speed_kmh_urban,
            speed_kmh_rural: row.speed_kmh_rural,
            detour_percent: row.detour_percent,
            range_meters_per_day: row.range_meters_per_day,
            max_slope_percent: row.max_slope_percent,
            grams_co2_per_km: row.grams_co2_per_km,
        })
    }
}
