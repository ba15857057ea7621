use database::{Connection, DatabaseError};
use event_log::{Event, Fact};
use primitives::CollectorId;

use super::Collectors;
use crate::{Outcome, store};

/// The name under which this crate remembers how far it has read the log.
const READER: &str = "collectors";

impl Collectors {
    /// Reads the next events of the log and counts what they say about collectors; says how many there were.
    /// The cursor moves in the same unit of work, so each event counts once.
    pub fn follow_log_in(&self, conn: &mut Connection, limit: i64) -> Result<usize, DatabaseError> {
        let from = event_log::cursor_of(conn, READER)?;
        let events = event_log::events_after(conn, from, limit)?;
        for event in &events {
            absorb_in(conn, event)?;
        }
        if let Some(last) = events.last() {
            event_log::advance_cursor_in(conn, READER, from, last.seq)?;
        }
        Ok(events.len())
    }
}

/// Counts what one event says about a collector; the caller sees to it that it is called once per event.
pub fn absorb_in(conn: &mut Connection, event: &Event) -> Result<(), DatabaseError> {
    match &event.fact {
        Fact::PickupPaid(fact) => record_outcome_in(conn, fact.collector, Outcome::Completed),
        Fact::PickupReleased(fact) => record_outcome_in(conn, fact.collector, given_back(event)),
        Fact::PickupRated(fact) if fact.by == "household" => {
            record_rating_in(conn, fact.collector, fact.stars)
        }
        _ => Ok(()),
    }
}

/// A collector says himself that he will not come; who says nothing is released by a worker or by staff.
fn given_back(event: &Event) -> Outcome {
    if event.account().is_ok() { Outcome::Released } else { Outcome::NoShow }
}

/// Adds the end of one accepted job to the collector's record.
pub fn record_outcome_in(
    conn: &mut Connection,
    collector: CollectorId,
    outcome: Outcome,
) -> Result<(), DatabaseError> {
    store::add_outcome(conn, collector, outcome)
}

/// Adds the stars one household gave.
pub fn record_rating_in(
    conn: &mut Connection,
    collector: CollectorId,
    stars: i64,
) -> Result<(), DatabaseError> {
    store::add_stars(conn, collector, stars)
}
