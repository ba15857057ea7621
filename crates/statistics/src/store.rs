//! The figures as rows. Sums, and additions to rows that may not exist yet, are plain SQL that both engines understand.

mod coverage;
mod presence;
mod reading;
mod waits;
mod writing;

pub(crate) use coverage::without_acceptance;
pub(crate) use presence::enter;
pub(crate) use reading::{By, Scope, active, cells, pickups, reports, returns};
pub(crate) use waits::median;
pub(crate) use writing::{apply, truncate};

/// The codes that lie below a region: after the first and before the second, as '/' follows '.'.
fn below(region: &str) -> (String, String) {
    (format!("{region}."), format!("{region}/"))
}
