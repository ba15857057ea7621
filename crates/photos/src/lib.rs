#![doc = include_str!("../README.md")]

mod darkroom;
mod error;
mod http;
mod photo;
mod rules;
mod schema;
mod service;
mod store;
#[cfg(test)]
mod tests;
mod view;

use database::Migration;
use http_kit::TextSource;

pub use darkroom::{Kind, Seat};
pub use error::{CODES, PhotoError};
pub use http::{Picture, routes};
pub use photo::{Photo, Subject};
pub use service::{
    Photos, Taken, attach_in, attached_in, attached_to_each_in, find_attached_in, replace_in,
};
pub use view::PhotoView;

/// The tables of this crate.
pub const MIGRATIONS: &[Migration] =
    &[Migration { name: "photos/0001_photos", sql: include_str!("../migrations/0001_photos.sql") }];

/// The texts of this crate.
pub const TEXTS: TextSource = TextSource {
    name: "photos",
    indonesian: include_str!("../texts/id.ftl"),
    english: include_str!("../texts/en.ftl"),
};
