use std::collections::BTreeMap;

use database::{Connection, DatabaseError};
use diesel::{dsl::sql, prelude::*, sql_types};
use geo::MultiPolygon;
use geojson::{GeoJson, Geometry, GeometryValue};
use primitives::{Coordinates, Invalid, RegionCode, RegionLevel};

use crate::{
    Day, Extent, Region, TimeZone,
    schema::{region, region_boundary},
};

/// Tells one state of the tables from another: rows are never deleted and versions only grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    rows: i64,
    versions: i64,
}

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = region, primary_key(code), treat_none_as_null = true)]
struct RegionRow {
    code: String,
    level: String,
    name: String,
    parent_code: Option<String>,
    latitude: f64,
    longitude: f64,
    min_lat: Option<f64>,
    min_lon: Option<f64>,
    max_lat: Option<f64>,
    max_lon: Option<f64>,
    area_hectares: Option<i64>,
    time_zone: String,
    valid_from: Option<String>,
    valid_until: Option<String>,
    version: i64,
}

pub(crate) fn fingerprint_in(conn: &mut Connection) -> Result<Fingerprint, DatabaseError> {
    let versions = sql::<sql_types::BigInt>("COALESCE(CAST(SUM(version) AS BIGINT), 0)");
    let (rows, versions) =
        region::table.select((diesel::dsl::count_star(), versions)).first(conn)?;
    Ok(Fingerprint { rows, versions })
}

/// Every region that was ever known, in the order of codes.
pub(crate) fn all_in(conn: &mut Connection) -> Result<Vec<Region>, DatabaseError> {
    let rows: Vec<RegionRow> = region::table.order(region::code).load(conn)?;
    rows.into_iter().map(Region::try_from).collect()
}

/// The version of every known region.
pub(crate) fn versions_in(
    conn: &mut Connection,
) -> Result<BTreeMap<RegionCode, i64>, DatabaseError> {
    let rows: Vec<(String, i64)> =
        region::table.select((region::code, region::version)).load(conn)?;
    rows.into_iter().map(|(code, version)| Ok((parse_code(&code)?, version))).collect()
}

pub(crate) fn insert_in(conn: &mut Connection, new: &Region) -> Result<(), DatabaseError> {
    diesel::insert_into(region::table).values(RegionRow::from(new)).execute(conn)?;
    Ok(())
}

pub(crate) fn update_in(conn: &mut Connection, changed: &Region) -> Result<(), DatabaseError> {
    let row = region::table.find(changed.code.as_str());
    diesel::update(row).set(RegionRow::from(changed)).execute(conn)?;
    Ok(())
}

pub(crate) fn boundaries_in(
    conn: &mut Connection,
) -> Result<Vec<(RegionCode, MultiPolygon)>, DatabaseError> {
    let rows: Vec<(String, String)> = region_boundary::table.load(conn)?;
    rows.into_iter()
        .map(|(code, geojson)| Ok((parse_code(&code)?, parse_outline(&code, &geojson)?)))
        .collect()
}

/// Puts the boundary in the place of the one before, which counts as a change of the region.
pub(crate) fn replace_boundary_in(
    conn: &mut Connection,
    code: &RegionCode,
    outline: &MultiPolygon,
) -> Result<(), DatabaseError> {
    let geojson = Geometry::new(GeometryValue::from(outline)).to_string();
    diesel::delete(region_boundary::table.find(code.as_str())).execute(conn)?;
    diesel::insert_into(region_boundary::table)
        .values((region_boundary::code.eq(code.as_str()), region_boundary::geojson.eq(geojson)))
        .execute(conn)?;
    diesel::update(region::table.find(code.as_str()))
        .set(region::version.eq(region::version + 1))
        .execute(conn)?;
    Ok(())
}

fn parse_code(code: &str) -> Result<RegionCode, DatabaseError> {
    RegionCode::parse(code).map_err(|invalid| DatabaseError::corrupt("region", code, invalid))
}

fn parse_outline(code: &str, geojson: &str) -> Result<MultiPolygon, DatabaseError> {
    let corrupt = |error: geojson::Error| DatabaseError::corrupt("region_boundary", code, error);
    let geometry = geojson.parse::<GeoJson>().and_then(Geometry::try_from).map_err(corrupt)?;
    MultiPolygon::try_from(&geometry.value).map_err(corrupt)
}

impl From<&Region> for RegionRow {
    fn from(region: &Region) -> Self {
        let corner = |pick: fn(&Extent) -> f64| region.extent.as_ref().map(pick);
        let day = |day: &Option<Day>| day.as_ref().map(|day| day.as_str().to_owned());
        Self {
            code: region.code.to_string(),
            level: level_word(region.level()).to_owned(),
            name: region.name.clone(),
            parent_code: region.code.parent().map(String::from),
            latitude: region.center.lat(),
            longitude: region.center.lon(),
            min_lat: corner(|extent| extent.south_west.lat()),
            min_lon: corner(|extent| extent.south_west.lon()),
            max_lat: corner(|extent| extent.north_east.lat()),
            max_lon: corner(|extent| extent.north_east.lon()),
            area_hectares: region.area_hectares,
            time_zone: region.time_zone.name().to_owned(),
            valid_from: day(&region.valid_from),
            valid_until: day(&region.valid_until),
            version: region.version,
        }
    }
}

impl TryFrom<RegionRow> for Region {
    type Error = DatabaseError;

    fn try_from(row: RegionRow) -> Result<Self, DatabaseError> {
        let code = row.code.clone();
        Self::parse(row).map_err(|invalid| DatabaseError::corrupt("region", code, invalid))
    }
}

impl Region {
    fn parse(row: RegionRow) -> Result<Self, Invalid> {
        let corners = row.min_lat.zip(row.min_lon).zip(row.max_lat.zip(row.max_lon));
        Ok(Self {
            code: RegionCode::parse(&row.code)?,
            name: row.name,
            center: Coordinates::parse(row.latitude, row.longitude)?,
            extent: corners.map(|(least, most)| Extent::parse(least, most)).transpose()?,
            area_hectares: row.area_hectares,
            time_zone: TimeZone::parse(&row.time_zone)?,
            valid_from: row.valid_from.as_deref().map(Day::parse).transpose()?,
            valid_until: row.valid_until.as_deref().map(Day::parse).transpose()?,
            version: row.version,
        })
    }
}

const fn level_word(level: RegionLevel) -> &'static str {
    match level {
        RegionLevel::Provinsi => "provinsi",
        RegionLevel::Kabupaten => "kabupaten",
        RegionLevel::Kecamatan => "kecamatan",
        RegionLevel::Kelurahan => "kelurahan",
        RegionLevel::Desa => "desa",
    }
}
