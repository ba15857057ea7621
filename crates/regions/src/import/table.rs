use std::collections::{BTreeMap, BTreeSet};

use database::{Connection, DatabaseError};
use primitives::{Coordinates, Invalid, RegionCode};
use serde::{Deserialize, de::IgnoredAny};

use super::{Complaint, Fault, ImportError, all_or_complaints};
use crate::{Day, Extent, Region, TimeZone, store};

const REFERENCE_DATA: &str = include_str!("../../data/regions_deli_serdang.csv");

/// One line of the file; what the product does not use (`confidence`, `source`) may stand there too.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    code: String,
    name: String,
    latitude: f64,
    longitude: f64,
    min_lat: Option<f64>,
    min_lon: Option<f64>,
    max_lat: Option<f64>,
    max_lon: Option<f64>,
    area_hectares: Option<i64>,
    time_zone: Option<TimeZone>,
    valid_from: Option<Day>,
    valid_until: Option<Day>,
    #[serde(default, rename = "confidence")]
    _confidence: IgnoredAny,
    #[serde(default, rename = "source")]
    _source: IgnoredAny,
}

/// Adds the regions that the product brings along and that are missing, and says how many those were.
/// What a kabupaten has imported since is left alone.
pub fn load_reference_data_in(conn: &mut Connection) -> Result<usize, ImportError> {
    let known = store::versions_in(conn)?;
    let missing: Vec<Region> = read(REFERENCE_DATA, &known)?
        .into_iter()
        .filter(|it| !known.contains_key(&it.code))
        .collect();
    save_in(conn, &missing, &known)?;
    Ok(missing.len())
}

/// Adds or changes the regions of a CSV file and says how many it names. A region that has ended gets a
/// `valid_until`; none is ever deleted.
pub fn import_regions_in(conn: &mut Connection, csv: &str) -> Result<usize, ImportError> {
    let known = store::versions_in(conn)?;
    let regions = read(csv, &known)?;
    save_in(conn, &regions, &known)?;
    Ok(regions.len())
}

/// Parents before children, as the foreign key demands: a parent's code sorts before its children's.
fn save_in(
    conn: &mut Connection,
    regions: &[Region],
    known: &BTreeMap<RegionCode, i64>,
) -> Result<(), DatabaseError> {
    let mut ordered: Vec<&Region> = regions.iter().collect();
    ordered.sort_by_key(|region| &region.code);
    ordered.into_iter().try_for_each(|region| {
        if known.contains_key(&region.code) {
            store::update_in(conn, region)
        } else {
            store::insert_in(conn, region)
        }
    })
}

fn read(csv: &str, known: &BTreeMap<RegionCode, i64>) -> Result<Vec<Region>, ImportError> {
    let unreadable = |error: csv::Error| ImportError::Unreadable(error.to_string());
    let text = csv.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let lines: Vec<Line> =
        reader.deserialize().collect::<Result<_, csv::Error>>().map_err(unreadable)?;
    let in_file: BTreeSet<&str> = lines.iter().map(|line| line.code.as_str()).collect();
    let mut seen = BTreeSet::new();
    all_or_complaints(lines.iter().enumerate().map(|(index, line)| {
        let place = format!("row {}, {}", index + 1, line.code);
        let region = region(line, known).and_then(|region| {
            let parent = region.code.parent();
            match parent.filter(|it| !known.contains_key(it) && !in_file.contains(it.as_str())) {
                Some(missing) => Err(Fault::ParentMissing(missing.to_string())),
                None if !seen.insert(region.code.clone()) => Err(Fault::CodeTwice),
                None => Ok(region),
            }
        });
        region.map_err(|fault| Complaint { place, fault })
    }))
}

fn region(line: &Line, known: &BTreeMap<RegionCode, i64>) -> Result<Region, Fault> {
    let code = RegionCode::parse(&line.code)
        .map_err(|_malformed| Fault::CodeMalformed(line.code.clone()))?;
    if !(1..=100).contains(&line.name.chars().count()) {
        return Err(Fault::NameLength);
    }
    if line.area_hectares.is_some_and(|area| area < 0) {
        return Err(Fault::Value("an area is not negative"));
    }
    let corners = line.min_lat.zip(line.min_lon).zip(line.max_lat.zip(line.max_lon));
    let value = |Invalid(code)| Fault::Value(code);
    Ok(Region {
        center: Coordinates::parse(line.latitude, line.longitude).map_err(value)?,
        extent: corners
            .map(|(least, most)| Extent::parse(least, most))
            .transpose()
            .map_err(value)?,
        name: line.name.clone(),
        area_hectares: line.area_hectares,
        time_zone: line.time_zone.unwrap_or_else(|| TimeZone::of_province(&code)),
        valid_from: line.valid_from.clone(),
        valid_until: line.valid_until.clone(),
        version: known.get(&code).map_or(1, |version| version + 1),
        code,
    })
}
