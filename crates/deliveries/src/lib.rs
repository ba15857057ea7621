#![doc = include_str!("../README.md")]
#![warn(clippy::float_arithmetic)]
#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]

mod command;
mod delivery;
mod difference;
mod error;
mod http;
mod period;
mod rules;
mod schema;
mod service;
mod store;
#[cfg(test)]
mod tests;
mod verify;
mod view;
mod words;

use database::Migration;
use http_kit::TextSource;

pub use command::{NewDelivery, Weighed};
pub use delivery::{Delivery, DeliveryState, DeliveryStateName, Load, Receipt, Role, WrongState};
pub use difference::Difference;
pub use error::{CODES, DeliveryError};
pub use http::routes;
pub use period::Period;
pub use service::Deliveries;
pub use verify::Report;
pub use view::{CarriedView, DeliveryView, DifferenceView, GoodsView, LoadView};
pub use words::{Reason, ScaleName};

/// The tables of this crate.
pub const MIGRATIONS: &[Migration] = &[Migration {
    name: "deliveries/0001_deliveries",
    sql: include_str!("../migrations/0001_deliveries.sql"),
}];

/// The texts of this crate.
pub const TEXTS: TextSource = TextSource {
    name: "deliveries",
    indonesian: include_str!("../texts/id.ftl"),
    english: include_str!("../texts/en.ftl"),
};
