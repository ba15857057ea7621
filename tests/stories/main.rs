//! The product's stories, told over HTTP to a real server process, on every engine.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "tests should stop at the first surprise"
)]

mod access;
mod bad_input;
mod bad_money;
mod choose;
mod conventions;
mod crashes;
mod endings;
mod installation;
mod kabupaten;
mod market;
mod privacy;
mod processes;
mod races;
mod reconciliation;
mod route;
mod treasury;
mod waves;
mod withdrawals;
