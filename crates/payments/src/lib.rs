#![doc = include_str!("../README.md")]
#![warn(clippy::float_arithmetic)]
#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]

mod adjustment;
mod calendar;
mod deposit;
mod dispute;
mod error;
mod http;
mod payment;
mod proof;
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

pub use adjustment::{Adjustment, AdjustmentState, AdjustmentStateName, NewAdjustment};
pub use calendar::Month;
pub use deposit::{WalletDeposits, expire_deposits_in, set_deposit_rule_in};
pub use dispute::{CashOutcome, CashRuling, Closing, Dispute, Objection, Opener};
pub use error::{CODES, PaymentError};
pub use http::routes;
pub use payment::{Method, Payment, PaymentState, PaymentStateName, Settlement, WrongState};
pub use proof::{ReceiptFault, VerificationView};
pub use service::{Payments, Receipt};
pub use top_up::{Maker, NewTopUp, TopUp};
pub use verify::Report;
pub use view::{
    AdjustmentView, CashDisputeView, ChainView, EntryView, OpenCashDisputeView, PassbookView,
    PaymentView, ReceiptView, TopUpView, WalletView,
};

/// The tables of this crate.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "payments/0001_payments",
        sql: include_str!("../migrations/0001_payments.sql"),
    },
    Migration {
        name: "payments/0006_payment_dispute",
        sql: include_str!("../migrations/0006_payment_dispute.sql"),
    },
    Migration {
        name: "payments/0007_adjustment",
        sql: include_str!("../migrations/0007_adjustment.sql"),
    },
    Migration {
        name: "payments/0008_deposit",
        sql: include_str!("../migrations/0008_deposit.sql"),
    },
];

/// The texts of this crate.
pub const TEXTS: TextSource = TextSource {
    name: "payments",
    indonesian: include_str!("../texts/id.ftl"),
    english: include_str!("../texts/en.ftl"),
};
