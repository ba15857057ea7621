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
mod connections;
mod conventions;
mod crashes;
mod deliveries;
mod endings;
mod installation;
mod kabupaten;
mod market;
mod photos;
mod privacy;
mod processes;
mod races;
mod reconciliation;
mod rights;
mod route;
mod shares;
mod top_ups;
mod treasury;
mod waves;
mod withdrawals;
