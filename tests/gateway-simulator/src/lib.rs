#![doc = include_str!("../README.md")]
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a witness that is confused should stop and say so"
)]

mod book;
mod calendar;
mod control;
mod iris;
mod notifications;
mod server;
mod statement;
mod whim;
mod xendit;

pub use book::{Book, Booked, Standing};
pub use notifications::Notification;
pub use server::{Running, Settings};
pub use whim::{Chaos, Whim};
