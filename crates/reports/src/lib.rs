#![doc = include_str!("../README.md")]

mod address;
mod area;
mod command;
mod error;
mod http;
mod item;
mod open_report;
mod report;
mod rules;
mod schema;
mod service;
mod share;
mod state;
mod store;
#[cfg(test)]
mod tests;
mod view;
mod window;

use database::Migration;
use http_kit::TextSource;

pub use address::Address;
pub use area::{Area, AreaView, Home};
pub use command::{NewItem, NewReport, Patch, ReportChange};
pub use error::{CODES, ReportError};
pub use http::{routes, shown};
pub use item::{Item, one_quantity};
pub use open_report::OpenReport;
pub use report::{Belonging, LocatedBy, Report, Selection, Settlement};
pub use rules::{claimed_moment, clean_text, stated_reason};
pub use service::Reports;
pub use share::MinimumShare;
pub use state::{ReportState, ReportStateName, WrongState};
pub use view::{ItemView, OpenReportView, ReportView};
pub use window::{PickupWindow, RawWindow};

/// The tables of this crate.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "reports/0001_reports", sql: include_str!("../migrations/0001_reports.sql") },
    Migration {
        name: "reports/0002_minimum_share",
        sql: include_str!("../migrations/0002_minimum_share.sql"),
    },
];

/// The texts of this crate.
pub const TEXTS: TextSource = TextSource {
    name: "reports",
    indonesian: include_str!("../texts/id.ftl"),
    english: include_str!("../texts/en.ftl"),
};
