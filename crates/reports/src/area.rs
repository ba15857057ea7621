use std::fmt;

use primitives::{Coordinates, Invalid, Location};
use serde::Serialize;
use utoipa::ToSchema;

/// Cells per degree: 0.005° are some 550 m both ways, since Indonesia lies along the equator.
const CELLS_PER_DEGREE: f64 = 200.0;

/// From the middle of a cell to its corner, rounded up.
const RADIUS_METERS: i64 = 400;

/// Where a home is known to be before anybody has accepted: one fixed cell of the map, the same for every home in it.
///
/// Noise around the point would average out over many reports; a cell tells the same every time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    center: Coordinates,
}

impl Area {
    /// The cell that holds the point.
    pub fn around(point: Coordinates) -> Result<Self, Invalid> {
        let lat = middle_of_cell(point.lat()).clamp(-11.1, 6.1);
        let lon = middle_of_cell(point.lon()).clamp(94.9, 141.1);
        Ok(Self { center: Coordinates::parse(lat, lon)? })
    }

    /// The middle of the cell; every distance shown before acceptance is measured from here.
    pub const fn center(&self) -> Coordinates {
        self.center
    }

    /// The circle that covers the cell.
    pub const fn radius_meters(&self) -> i64 {
        RADIUS_METERS
    }
}

fn middle_of_cell(degrees: f64) -> f64 {
    ((degrees * CELLS_PER_DEGREE).floor() + 0.5) / CELLS_PER_DEGREE
}

/// A home as collectors see it before acceptance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct AreaView {
    /// Degrees north of the cell's middle.
    pub lat: f64,
    /// Degrees east of the cell's middle.
    pub lon: f64,
    /// The home lies within this circle.
    pub radius_meters: i64,
}

impl From<Area> for AreaView {
    fn from(area: Area) -> Self {
        let center = area.center();
        Self { lat: center.lat(), lon: center.lon(), radius_meters: area.radius_meters() }
    }
}

/// The place where the recyclables are, with the cell that may be shown instead of it.
#[derive(Clone, Copy, PartialEq)]
pub struct Home {
    location: Location,
    area: Area,
}

impl Home {
    /// The home at the given place.
    pub fn at(location: Location) -> Result<Self, Invalid> {
        Ok(Self { location, area: Area::around(location.coordinates)? })
    }

    /// The exact place: for the household, and for the collector who has accepted.
    pub const fn location(&self) -> Location {
        self.location
    }

    /// The cell: for everybody else.
    pub const fn area(&self) -> Area {
        self.area
    }
}

impl fmt::Debug for Home {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Home(…)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn view(lat: f64, lon: f64) -> String {
        let area = Area::around(Coordinates::parse(lat, lon).unwrap()).unwrap();
        serde_json::to_string(&AreaView::from(area)).unwrap()
    }

    proptest! {
        #[test]
        fn two_homes_in_one_cell_look_the_same(
            row in -2_200i32..1_200, column in 19_000i32..28_200,
            a in 0.01f64..0.99, b in 0.01f64..0.99, c in 0.01f64..0.99, d in 0.01f64..0.99,
        ) {
            let place = |cell: i32, part: f64| (f64::from(cell) + part) / CELLS_PER_DEGREE;
            let one = view(place(row, a), place(column, b));
            let other = view(place(row, c), place(column, d));
            prop_assert_eq!(one, other);
        }

        #[test]
        fn the_circle_covers_the_home(lat in -11.0f64..6.0, lon in 95.0f64..141.0) {
            let home = Coordinates::parse(lat, lon).unwrap();
            let area = Area::around(home).unwrap();
            prop_assert!(home.distance_meters(area.center()) <= 400.0);
        }
    }

    #[test]
    fn neighbouring_cells_differ() {
        assert_ne!(view(3.5501, 98.7001), view(3.5551, 98.7001));
        assert_eq!(view(3.5501, 98.7001), r#"{"lat":3.5525,"lon":98.7025,"radius_meters":400}"#);
    }
}
