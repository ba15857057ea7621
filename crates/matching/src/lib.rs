#![doc = include_str!("../README.md")]

mod answers;
mod applicant;
pub mod assignment;
mod book;
mod columns;
pub mod dispatch;
mod doors;
mod error;
mod explanation;
mod http;
pub mod index;
mod matcher;
mod offer;
mod parallel;
pub mod positions;
pub mod ranking;
mod recorded;
pub mod route;
mod rules;
mod schema;
mod service;
mod snapshot;
mod store;
#[cfg(test)]
mod tests;
mod weights;
mod workday;
#[cfg(test)]
mod worlds;

pub(crate) use answers::Asked;
use database::Migration;
use http_kit::TextSource;

pub use error::{CODES, MatchingError};
pub use explanation::{Explanation, Reasons, RecordedAssignment, Verdict};
pub use http::{ExplanationView, routes};
pub use matcher::Matcher;
pub use offer::{NewOffer, Offer, OfferState, OfferStateName, OfferedPrice};
pub use recorded::RecordedRanking;
pub use service::Accepted;
pub use snapshot::{Candidate, Face, FeedEntry, FeedPlace, Ranking};
pub use weights::{Choice, NewWeights, RegionalWeights};
pub use workday::{Origin, Workday};

/// The tables of this crate.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "matching/0001_offers", sql: include_str!("../migrations/0001_offers.sql") },
    Migration {
        name: "matching/0002_weights",
        sql: include_str!("../migrations/0002_weights.sql"),
    },
    Migration {
        name: "matching/0003_dispatch",
        sql: include_str!("../migrations/0003_dispatch.sql"),
    },
];

/// The texts of this crate.
pub const TEXTS: TextSource = TextSource {
    name: "matching",
    indonesian: include_str!("../texts/id.ftl"),
    english: include_str!("../texts/en.ftl"),
};
