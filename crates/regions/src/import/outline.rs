use geo::{Coord, LineString, MultiPolygon, Polygon, Validation};
use geojson::{GeometryValue, Position};
use primitives::Coordinates;

use super::Fault;

/// The area that a geometry describes, checked so that every later question about it has an answer.
pub(super) fn outline(geometry: &GeometryValue, lat_lon: bool) -> Result<MultiPolygon, Fault> {
    let polygons: Vec<&[Vec<Position>]> = match geometry {
        GeometryValue::Polygon { coordinates } => vec![coordinates],
        GeometryValue::MultiPolygon { coordinates } => {
            coordinates.iter().map(Vec::as_slice).collect()
        }
        other => return Err(Fault::NotAnArea(other.type_name().to_owned())),
    };
    if polygons.is_empty() {
        return Err(Fault::TooFewPoints(0));
    }
    let checked = polygons.into_iter().map(|rings| polygon(rings, lat_lon));
    checked.collect::<Result<Vec<Polygon>, Fault>>().map(MultiPolygon::new)
}

fn polygon(rings: &[Vec<Position>], lat_lon: bool) -> Result<Polygon, Fault> {
    let mut rings = rings.iter().map(|positions| ring(positions, lat_lon));
    let exterior = rings.next().unwrap_or(Err(Fault::TooFewPoints(0)))?;
    let holes = rings.collect::<Result<Vec<LineString>, Fault>>()?;
    let polygon = Polygon::new(exterior, holes);
    polygon.check_validation().map_err(|invalid| Fault::Crossing(invalid.to_string()))?;
    Ok(polygon)
}

fn ring(positions: &[Position], lat_lon: bool) -> Result<LineString, Fault> {
    let points =
        positions.iter().map(|it| point(it, lat_lon)).collect::<Result<Vec<Coord>, _>>()?;
    if points.len() < 4 {
        return Err(Fault::TooFewPoints(points.len()));
    }
    if points.first() != points.last() {
        return Err(Fault::NotClosed);
    }
    Ok(LineString::new(points))
}

/// A third number, the altitude, is left out.
fn point(position: &Position, lat_lon: bool) -> Result<Coord, Fault> {
    let &[first, second, ..] = position.as_slice() else { return Err(Fault::NoPosition) };
    if !first.is_finite() || !second.is_finite() {
        return Err(Fault::NoPosition);
    }
    let (lat, lon) = if lat_lon { (first, second) } else { (second, first) };
    if Coordinates::parse(lat, lon).is_ok() {
        Ok(Coord { x: lon, y: lat })
    } else if Coordinates::parse(lon, lat).is_ok() {
        Err(Fault::Swapped { is_lat_lon: !lat_lon })
    } else {
        Err(Fault::OutsideIndonesia { lat, lon })
    }
}
