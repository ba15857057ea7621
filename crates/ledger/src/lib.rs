#![doc = include_str!("../README.md")]
#![warn(clippy::float_arithmetic)]
#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]

mod account;
mod annex;
mod correction;
mod error;
mod hash;
mod hold;
mod journal;
mod rules;
mod schema;
mod service;
mod split;
mod statement;
mod store;
mod verify;
mod writing;

#[cfg(test)]
mod tests;

pub use account::{AccountName, Label, Unit};
pub use correction::{NewRefund, refund_in, reverse_in};
pub use error::LedgerError;
pub use hold::{
    Hold, NewHold, due_holds_in, expire_hold_in, hold_in, settle_hold_in, void_hold_in,
};
pub use journal::{Entry, Journal, Line, NewJournal, Posting};
pub use rules::Balance;
pub use service::{
    balance_in, carried_in, count_of_kind_in, entries_in, journal_by_key_in, journal_in, post_in,
};
pub use split::split;
pub use statement::{Statement, statement_in};
pub use verify::{Fault, Report, VerifyError, verify_in};

/// The tables of this crate.
pub const MIGRATIONS: &[database::Migration] = &[
    database::Migration {
        name: "ledger/0001_ledger",
        sql: include_str!("../migrations/0001_ledger.sql"),
    },
    database::Migration {
        name: "ledger/0002_corrections",
        sql: include_str!("../migrations/0002_corrections.sql"),
    },
    database::Migration {
        name: "ledger/0003_fewer_looks",
        sql: include_str!("../migrations/0003_fewer_looks.sql"),
    },
    database::Migration {
        name: "ledger/0004_locks_and_corrections",
        sql: include_str!("../migrations/0004_locks_and_corrections.sql"),
    },
];
