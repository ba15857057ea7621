#![doc = include_str!("../README.md")]

mod atlas;
mod error;
mod http;
mod import;
mod region;
mod regions;
mod schema;
mod store;

pub use atlas::{Located, Method};
pub use error::{CODES, PLACE_OUTSIDE_REGIONS, RegionError};
pub use http::{RegionView, routes};
pub use import::{
    Complaint, Fault, ImportError, ImportedBoundaries, import_boundaries_in, import_regions_in,
    load_reference_data_in,
};
pub use region::{Day, Extent, Region, TimeZone};
pub use regions::Regions;

/// The tables of this crate.
pub const MIGRATIONS: &[database::Migration] = &[database::Migration {
    name: "regions/0001_regions",
    sql: include_str!("../migrations/0001_regions.sql"),
}];

/// What this crate says to people.
pub const TEXTS: http_kit::TextSource = http_kit::TextSource {
    name: "regions",
    indonesian: include_str!("../texts/id.ftl"),
    english: include_str!("../texts/en.ftl"),
};
