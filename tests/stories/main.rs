//! The product's stories, told over HTTP to a real server process, on every engine.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests should stop at the first surprise"
)]

mod access;
mod choose;
mod conventions;
mod crashes;
mod endings;
mod kabupaten;
mod market;
mod privacy;
mod races;
mod waves;
