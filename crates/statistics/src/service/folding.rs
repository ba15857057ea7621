use database::{Connection, DatabaseError};
use event_log::{Event, Fact};
use jiff::tz::TimeZone;
use primitives::{RegionCode, Timestamp};

use super::Statistics;
use crate::{
    Day,
    deltas::{Deltas, Reports},
    presence::Role,
    store,
    wait::Measure,
};

/// The name under which this crate remembers how far it has read the log.
const READER: &str = "statistics";
/// How many events a rebuild takes at once: bounds its memory.
const REBUILD_BATCH: i64 = 5_000;

impl Statistics {
    /// Adds the next events of the log to the figures; says how many there were. The cursor moves in the same unit of
    /// work, so each event counts once.
    pub fn fold_in(&self, conn: &mut Connection, limit: i64) -> Result<usize, DatabaseError> {
        let from = event_log::cursor_of(conn, READER)?;
        let events = event_log::events_after(conn, from, limit)?;
        let mut deltas = Deltas::default();
        for event in &events {
            self.count_in(conn, event, &mut deltas)?;
        }
        store::apply(conn, &deltas)?;
        if let Some(last) = events.last() {
            event_log::advance_cursor_in(conn, READER, from, last.seq)?;
        }
        Ok(events.len())
    }

    /// Forgets every figure and folds the log again from its beginning; says how many events there were.
    pub fn rebuild_in(&self, conn: &mut Connection) -> Result<usize, DatabaseError> {
        store::truncate(conn)?;
        event_log::reset_cursor_in(conn, READER)?;
        let mut folded = 0;
        loop {
            match self.fold_in(conn, REBUILD_BATCH)? {
                0 => return Ok(folded),
                events => folded += events,
            }
        }
    }

    /// How far the log has been folded: the version of every answer.
    pub fn folded_until_in(&self, conn: &mut Connection) -> Result<i64, DatabaseError> {
        event_log::cursor_of(conn, READER)
    }

    fn count_in(
        &self,
        conn: &mut Connection,
        event: &Event,
        deltas: &mut Deltas,
    ) -> Result<(), DatabaseError> {
        let day = |desa: &RegionCode| self.day_of(desa, event.occurred_at);
        let mut report = |desa: &RegionCode, count: fn(&mut Reports)| {
            deltas.add_report(desa, day(desa), count);
        };
        match &event.fact {
            Fact::ReportOpened(fact) => report(&fact.desa, |reports| reports.opened += 1),
            Fact::ReportClosed(fact) => report(&fact.desa, |reports| reports.closed += 1),
            Fact::ReportCancelled(fact) => report(&fact.desa, |reports| reports.cancelled += 1),
            Fact::ReportExpired(fact) => report(&fact.desa, |reports| reports.expired += 1),
            Fact::PickupAssigned(fact) => {
                let (desa, waited) = (&fact.desa, fact.seconds_to_acceptance);
                deltas.add_wait(Measure::Acceptance, desa, day(desa), waited);
            }
            Fact::PickupPaid(fact) => {
                let (desa, day) = (&fact.desa, day(&fact.desa));
                deltas.add_pickup(fact, day);
                deltas.add_wait(Measure::Pickup, desa, day, fact.seconds_to_pickup);
                store::enter(conn, Role::Household, &fact.household.to_string(), desa, day)?;
                store::enter(conn, Role::Collector, &fact.collector.to_string(), desa, day)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Days are cut at midnight of the region's own zone; a zone that nobody knows is taken for UTC.
    fn day_of(&self, desa: &RegionCode, moment: Timestamp) -> Day {
        let zone = TimeZone::get(self.regions.time_zone(desa).name()).unwrap_or(TimeZone::UTC);
        Day::at(moment, &zone)
    }
}
