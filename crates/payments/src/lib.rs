#![doc = include_str!("../README.md")]
#![warn(clippy::float_arithmetic)]
#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]

mod error;
mod http;
mod payment;
mod rules;
mod schema;
mod service;
mod store;
#[cfg(test)]
mod tests;
mod top_up;
mod verify;
mod view;

use database::Migration;
use http_kit::TextSource;

pub use error::{CODES, PaymentError};
pub use http::routes;
pub use payment::{Method, Payment, PaymentState, PaymentStateName, Settlement, WrongState};
pub use service::{Payments, Receipt};
pub use top_up::{Maker, NewTopUp, TopUp};
pub use verify::Report;
pub use view::{EntryView, PaymentView, ReceiptView, TopUpView, WalletView};

/// The tables of this crate.
pub const MIGRATIONS: &[Migration] = &[Migration {
    name: "payments/0001_payments",
    sql: include_str!("../migrations/0001_payments.sql"),
}];

/// The texts of this crate.
pub const TEXTS: TextSource = TextSource {
    name: "payments",
    indonesian: include_str!("../texts/id.ftl"),
    english: include_str!("../texts/en.ftl"),
};
