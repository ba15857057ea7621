#![doc = include_str!("../README.md")]

mod carbon;
mod day;
mod deltas;
mod error;
mod http;
mod interval;
mod presence;
mod service;
mod store;
#[cfg(test)]
mod tests;
mod wait;

use database::Migration;
use http_kit::{ErrorCode, TextSource};

pub use carbon::Carbon;
pub use day::{Day, Period};
pub use error::StatisticsError;
pub use http::routes;
pub use interval::Interval;
pub use service::{
    BreakdownBy, BreakdownQuestion, BreakdownRow, Gap, Metric, Point, SeriesQuestion, Statistics,
    Summary,
};

/// The tables of this crate.
pub const MIGRATIONS: &[Migration] = &[Migration {
    name: "statistics/0001_statistics",
    sql: include_str!("../migrations/0001_statistics.sql"),
}];

/// The texts of this crate.
pub const TEXTS: TextSource = TextSource {
    name: "statistics",
    indonesian: include_str!("../texts/id.ftl"),
    english: include_str!("../texts/en.ftl"),
};

/// This crate refuses with common codes only.
pub const CODES: &[ErrorCode] = &[];
