#![doc = include_str!("../README.md")]

mod assignment;
mod deposits;
mod error;
mod handover;
mod http;
mod pickup;
mod rating;
mod rules;
mod scale;
mod schema;
mod service;
mod state;
mod store;
#[cfg(test)]
mod tests;
mod view;
mod weighing;

use database::Migration;
use http_kit::TextSource;

pub use assignment::Assignment;
pub use deposits::{DepositRefused, Deposits};
pub use error::{CODES, PickupError};
pub use handover::Handover;
pub use http::routes;
pub use pickup::{FrozenPrice, JobCollector, Pickup, Side};
pub use rating::{Rating, Stars};
pub use scale::{Scale, TeraDate};
pub use service::{Evidence, Load, Objection, Outcome, Pickups, Ruling};
pub use state::{
    Arrival, Dispute, EndedBy, Ending, PickupState, PickupStateName, Weighing, WrongState,
};
pub use view::{LineView, PickupView, PriceView};
pub use weighing::{Line, NewLine, WeighIn};

/// The tables of this crate.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "pickups/0001_pickups", sql: include_str!("../migrations/0001_pickups.sql") },
    Migration {
        name: "pickups/0002_scale_tera",
        sql: include_str!("../migrations/0002_scale_tera.sql"),
    },
];

/// The texts of this crate.
pub const TEXTS: TextSource = TextSource {
    name: "pickups",
    indonesian: include_str!("../texts/id.ftl"),
    english: include_str!("../texts/en.ftl"),
};
