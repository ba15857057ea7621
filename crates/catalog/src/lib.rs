#![doc = include_str!("../README.md")]

mod catalog;
mod codes;
mod http;
mod material;
mod prices;
mod reference_data;
mod schema;
mod store;
#[cfg(test)]
mod tests;
mod vehicle;

pub use catalog::Catalog;
pub use codes::{MaterialCode, VehicleCode};
pub use http::{MaterialView, PriceBandView, VehicleView, routes};
pub use material::{EmissionFactor, Material, PriceBand, grams_of, milliliters_of};
pub use prices::{Complaint, Fault, ImportError, import_prices_in};
pub use reference_data::{ReferenceDataError, load_reference_data_in};
pub use vehicle::Vehicle;

/// The tables of this crate.
pub const MIGRATIONS: &[database::Migration] = &[database::Migration {
    name: "catalog/0001_catalog",
    sql: include_str!("../migrations/0001_catalog.sql"),
}];

/// What this crate says to people.
pub const TEXTS: http_kit::TextSource = http_kit::TextSource {
    name: "catalog",
    indonesian: include_str!("../texts/id.ftl"),
    english: include_str!("../texts/en.ftl"),
};
