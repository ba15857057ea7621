#![doc = include_str!("../README.md")]

mod answers;
mod applicant;
mod book;
mod columns;
mod doors;
mod error;
mod http;
pub mod index;
mod matcher;
mod offer;
pub mod positions;
pub mod ranking;
mod rules;
mod schema;
mod service;
mod snapshot;
mod store;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod worlds;

pub(crate) use answers::Asked;
use database::Migration;
use http_kit::TextSource;

pub use error::{CODES, MatchingError};
pub use http::routes;
pub use matcher::Matcher;
pub use offer::{NewOffer, Offer, OfferState, OfferStateName, OfferedPrice};
pub use service::Accepted;
pub use snapshot::{Candidate, Face, FeedEntry, FeedPlace, Ranking};

/// The tables of this crate.
pub const MIGRATIONS: &[Migration] = &[Migration {
    name: "matching/0001_offers",
    sql: include_str!("../migrations/0001_offers.sql"),
}];

/// The texts of this crate.
pub const TEXTS: TextSource = TextSource {
    name: "matching",
    indonesian: include_str!("../texts/id.ftl"),
    english: include_str!("../texts/en.ftl"),
};
