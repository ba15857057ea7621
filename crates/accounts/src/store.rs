//! What the database is asked, in the words of this crate.

pub(crate) mod accounts;
pub(crate) mod budget;
pub(crate) mod challenges;
pub(crate) mod sessions;
pub(crate) mod staff;

use database::DatabaseError;
use primitives::{Id, Invalid, Kind, PhoneNumber, Timestamp};

/// Reads an id that only we can have written.
fn id_of<K: Kind>(table: &'static str, text: &str) -> Result<Id<K>, DatabaseError> {
    Id::parse(text).map_err(|invalid| corrupt(table, text, invalid))
}

fn phone_of(table: &'static str, row: &str, text: &str) -> Result<PhoneNumber, DatabaseError> {
    PhoneNumber::parse(text).map_err(|invalid| corrupt(table, row, invalid))
}

fn corrupt(table: &'static str, row: &str, invalid: Invalid) -> DatabaseError {
    DatabaseError::corrupt(table, row, invalid)
}

fn moment(micros: Option<i64>) -> Option<Timestamp> {
    micros.map(Timestamp::from_micros)
}
