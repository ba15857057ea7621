use std::collections::BTreeSet;

use database::Connection;
use geo::{CoordsIter, MultiPolygon};
use geojson::{Feature, FeatureCollection, GeoJson};
use primitives::RegionCode;

use super::{Complaint, Fault, ImportError, all_or_complaints, outline::outline};
use crate::store;

/// What an import brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportedBoundaries {
    /// Regions that now have this boundary.
    pub regions: usize,
    /// Parts they consist of.
    pub polygons: usize,
    /// Corners they have.
    pub points: usize,
}

/// Takes the boundaries of a GeoJSON feature collection whose properties say `code` or `kode`.
/// Positions are `[lon, lat]`, or `[lat, lon]` when the caller says so.
pub fn import_boundaries_in(
    conn: &mut Connection,
    geojson_text: &str,
    lat_lon: bool,
) -> Result<ImportedBoundaries, ImportError> {
    let known: BTreeSet<RegionCode> = store::versions_in(conn)?.into_keys().collect();
    let boundaries = read(geojson_text, lat_lon, &known)?;
    for (code, outline) in &boundaries {
        store::replace_boundary_in(conn, code, outline)?;
    }
    Ok(ImportedBoundaries {
        regions: boundaries.len(),
        polygons: boundaries.iter().map(|(_code, outline)| outline.0.len()).sum(),
        points: boundaries.iter().map(|(_code, outline)| outline.coords_count()).sum(),
    })
}

fn read(
    geojson_text: &str,
    lat_lon: bool,
    known: &BTreeSet<RegionCode>,
) -> Result<Vec<(RegionCode, MultiPolygon)>, ImportError> {
    let text = geojson_text.trim_start_matches('\u{feff}');
    let collection = text
        .parse::<GeoJson>()
        .and_then(FeatureCollection::try_from)
        .map_err(|error| ImportError::Unreadable(error.to_string()))?;
    let mut seen = BTreeSet::new();
    all_or_complaints(collection.features.iter().enumerate().map(|(index, feature)| {
        let name = code_property(feature).map_or_else(String::new, |code| format!(", {code}"));
        let complain = |fault| Complaint { place: format!("feature {}{name}", index + 1), fault };
        let code = known_code(feature, known).map_err(complain)?;
        if !seen.insert(code.clone()) {
            return Err(complain(Fault::CodeTwice));
        }
        let geometry = feature.geometry.as_ref();
        let geometry = geometry.ok_or_else(|| complain(Fault::NotAnArea("nothing".to_owned())))?;
        Ok((code, outline(&geometry.value, lat_lon).map_err(complain)?))
    }))
}

fn known_code(feature: &Feature, known: &BTreeSet<RegionCode>) -> Result<RegionCode, Fault> {
    let text = code_property(feature).ok_or(Fault::NoCode)?;
    let code =
        RegionCode::parse(text).map_err(|_malformed| Fault::CodeMalformed(text.to_owned()))?;
    if known.contains(&code) { Ok(code) } else { Err(Fault::CodeUnknown) }
}

fn code_property(feature: &Feature) -> Option<&str> {
    feature.property("code").or_else(|| feature.property("kode"))?.as_str()
}
