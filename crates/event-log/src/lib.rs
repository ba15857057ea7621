#![doc = include_str!("../README.md")]

mod chain;
mod event;
pub mod fact;
mod schema;
mod store;
#[cfg(test)]
mod tests;

pub use chain::{ChainFault, VerifiedChain, verify};
use database::Migration;
pub use event::{Actor, Entry, Event, Link};
pub use fact::*;
pub use store::{
    advance_cursor_in, append_in, cursor_of, events_about, events_after, is_lost_step,
    last_created_at, last_seq, link_of, reset_cursor_in, sequence_in, unnumbered,
};

/// The log's tables.
pub const MIGRATIONS: &[Migration] = &[Migration {
    name: "event-log/0001_event",
    sql: include_str!("../migrations/0001_event.sql"),
}];
