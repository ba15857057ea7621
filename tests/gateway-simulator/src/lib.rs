#![doc = include_str!("../README.md")]
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a witness that is confused should stop and say so"
)]

mod book;
mod calendar;
mod charge;
mod control;
mod iris;
mod midtrans_core;
mod notifications;
mod server;
mod statement;
mod whim;
mod xendit;
mod xendit_payments;

pub use book::{Book, Booked, Standing};
pub use charge::{ChargeStanding, Charged, Paid};
pub use notifications::Notification;
pub use server::{Running, Settings};
pub use whim::{Chaos, Whim};
