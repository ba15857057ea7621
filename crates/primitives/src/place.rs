use geo::{Distance, Haversine, Point};
use serde::{Deserialize, Serialize};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

use crate::Invalid;

/// A point within Indonesia's bounding box (6.1° N – 11.1° S, 94.9° – 141.1° E), in WGS 84 degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawCoordinates", into = "RawCoordinates")]
pub struct Coordinates {
    lat: f64,
    lon: f64,
}

/// Latitude and longitude as they stand in JSON.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RawCoordinates {
    /// Degrees north.
    #[schema(minimum = -11.1, maximum = 6.1)]
    lat: f64,
    /// Degrees east.
    #[schema(minimum = 94.9, maximum = 141.1)]
    lon: f64,
}

impl Coordinates {
    /// Accepts finite degrees inside Indonesia's bounding box.
    pub fn parse(lat: f64, lon: f64) -> Result<Self, Invalid> {
        if !lat.is_finite() || !lon.is_finite() {
            return Err(Invalid("place_not_a_number"));
        }
        if (-11.1..=6.1).contains(&lat) && (94.9..=141.1).contains(&lon) {
            Ok(Self { lat, lon })
        } else {
            Err(Invalid("place_outside_indonesia"))
        }
    }

    /// Degrees north.
    pub const fn lat(self) -> f64 {
        self.lat
    }

    /// Degrees east.
    pub const fn lon(self) -> f64 {
        self.lon
    }

    /// Great-circle distance in meters.
    pub fn distance_meters(self, other: Self) -> f64 {
        Haversine.distance(Point::new(self.lon, self.lat), Point::new(other.lon, other.lat))
    }

    /// Great-circle distance in whole meters, for columns and events.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "at most half of the earth's girth, some 20,000 km"
    )]
    pub fn whole_meters_to(self, other: Self) -> i64 {
        self.distance_meters(other).round() as i64
    }
}

impl PartialSchema for Coordinates {
    fn schema() -> RefOr<Schema> {
        RawCoordinates::schema()
    }
}

impl ToSchema for Coordinates {}

impl TryFrom<RawCoordinates> for Coordinates {
    type Error = Invalid;

    fn try_from(raw: RawCoordinates) -> Result<Self, Invalid> {
        Self::parse(raw.lat, raw.lon)
    }
}

impl From<Coordinates> for RawCoordinates {
    fn from(place: Coordinates) -> Self {
        Self { lat: place.lat, lon: place.lon }
    }
}

/// Where a phone says it is, and how sure it is of that.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawLocation", into = "RawLocation")]
pub struct Location {
    /// The point.
    pub coordinates: Coordinates,
    /// Radius in meters within which the phone believes itself to be, 0 – 100,000.
    pub accuracy_meters: Option<i32>,
}

/// A location as it stands in JSON.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RawLocation {
    /// Degrees north.
    #[schema(minimum = -11.1, maximum = 6.1)]
    lat: f64,
    /// Degrees east.
    #[schema(minimum = 94.9, maximum = 141.1)]
    lon: f64,
    /// Radius of uncertainty in meters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 100_000)]
    accuracy_meters: Option<i32>,
}

impl PartialSchema for Location {
    fn schema() -> RefOr<Schema> {
        RawLocation::schema()
    }
}

impl ToSchema for Location {}

impl TryFrom<RawLocation> for Location {
    type Error = Invalid;

    fn try_from(raw: RawLocation) -> Result<Self, Invalid> {
        if raw.accuracy_meters.is_some_and(|meters| !(0..=100_000).contains(&meters)) {
            return Err(Invalid("accuracy_out_of_range"));
        }
        let coordinates = Coordinates::parse(raw.lat, raw.lon)?;
        Ok(Self { coordinates, accuracy_meters: raw.accuracy_meters })
    }
}

impl From<Location> for RawLocation {
    fn from(location: Location) -> Self {
        let Coordinates { lat, lon } = location.coordinates;
        Self { lat, lon, accuracy_meters: location.accuracy_meters }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nan_and_foreign_places_are_refused() {
        assert_eq!(Coordinates::parse(f64::NAN, 98.7), Err(Invalid("place_not_a_number")));
        assert_eq!(Coordinates::parse(52.5, 13.4), Err(Invalid("place_outside_indonesia")));
        assert_eq!(Coordinates::parse(98.7, 3.5), Err(Invalid("place_outside_indonesia")));
    }

    #[test]
    fn a_minute_of_latitude_is_a_nautical_mile() {
        let here = Coordinates::parse(3.5, 98.7).unwrap();
        let there = Coordinates::parse(3.5 + 1.0 / 60.0, 98.7).unwrap();
        assert!((here.distance_meters(there) - 1_853.0).abs() < 2.0);
    }

    proptest! {
        #[test]
        fn distance_is_symmetric(a in -11.0f64..6.0, b in 95.0f64..141.0, c in -11.0f64..6.0, d in 95.0f64..141.0) {
            let (here, there) = (Coordinates::parse(a, b).unwrap(), Coordinates::parse(c, d).unwrap());
            prop_assert!((here.distance_meters(there) - there.distance_meters(here)).abs() < 1e-6);
        }
    }
}
