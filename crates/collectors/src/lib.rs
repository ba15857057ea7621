#![doc = include_str!("../README.md")]

mod collector;
mod command;
mod error;
mod http;
mod kind;
mod limits;
mod name;
mod position;
mod price_list;
mod prices;
mod profile;
mod reason;
mod rules;
mod schema;
mod service;
mod service_area;
mod store;
#[cfg(test)]
mod tests;
mod working_hours;

use database::Migration;
use http_kit::TextSource;

pub use collector::{Collector, Outcome, Promises, Rating, Verification};
pub use command::{NewCollector, NewPriceList, ProfileChange};
pub use error::{CODES, CollectorError};
pub use http::routes;
pub use kind::{CollectorKind, VerificationState};
pub use limits::Limits;
pub use name::{Name, ServiceRadius};
pub use position::{LivePosition, live_position};
pub use price_list::{PriceBoard, PriceItem, PriceList};
pub use prices::Prices;
pub use profile::Profile;
pub use reason::Reason;
pub use service::{
    Collectors, Decider, StaffFilter, absorb_in, record_outcome_in, record_rating_in,
};
pub use service_area::{RawPolygon, ServiceArea};
pub use working_hours::{RawShift, Weekday, WorkingHours};

/// The tables of this crate.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "collectors/0001_collectors",
        sql: include_str!("../migrations/0001_collectors.sql"),
    },
    Migration {
        name: "collectors/0002_service_area",
        sql: include_str!("../migrations/0002_service_area.sql"),
    },
    Migration {
        name: "collectors/0003_price_documents",
        sql: include_str!("../migrations/0003_price_documents.sql"),
    },
];

/// The texts of this crate.
pub const TEXTS: TextSource = TextSource {
    name: "collectors",
    indonesian: include_str!("../texts/id.ftl"),
    english: include_str!("../texts/en.ftl"),
};
