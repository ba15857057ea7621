//! Actors on a real server: the stories speak of people, this crate speaks HTTP.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    missing_docs,
    reason = "tests should stop at the first surprise, and their words explain themselves"
)]

mod actor;
mod cable;
mod cluster;
mod disk;
mod heard;
mod people;
mod reply;
mod server;
mod world;

pub use actor::{Actor, fresh_key};
pub use cable::{Break, Cable};
pub use people::{Officer, totp_code};
pub use reply::Reply;
pub use server::{Server, Tool, count_of, redis_url};
pub use test_kit::engines;
pub use world::{HOME, Household, Trader, cardboard_and_bottles, in_kabupaten};
