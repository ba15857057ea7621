use database::Connection;
use event_log::{Actor, Fact};
use primitives::{ReportId, Timestamp};

use crate::{Matcher, MatchingError, OfferState, store};

/// The name under which this crate remembers how far it has read the log for its offers.
const READER: &str = "offers";

impl Matcher {
    /// Lets offers expire whose time has passed, or on which there is nothing to fetch any more, or something else than
    /// the collector had read. Takes at most `limit` of each and says how many expired.
    pub fn expire_offers_in(
        &self,
        conn: &mut Connection,
        now: Timestamp,
        limit: i64,
    ) -> Result<usize, MatchingError> {
        let mut expired = 0;
        for offer in store::overdue(conn, now, limit)? {
            let ended = self.close_in(conn, worker(), &offer, OfferState::Expired { at: now })?;
            expired += usize::from(ended);
        }
        let from = event_log::cursor_of(conn, READER)?;
        let events = event_log::events_after(conn, from, limit)?;
        for report in events.iter().filter_map(|event| no_longer_on_offer(&event.fact)) {
            expired += self.expire_offers_on(conn, report, now)?;
        }
        if let Some(last) = events.last() {
            event_log::advance_cursor_in(conn, READER, from, last.seq)?;
        }
        Ok(expired)
    }

    fn expire_offers_on(
        &self,
        conn: &mut Connection,
        report: ReportId,
        now: Timestamp,
    ) -> Result<usize, MatchingError> {
        let open = self.sources().reports.find_open_in(conn, report)?;
        let mut expired = 0;
        for offer in store::pending_of_report(conn, report)? {
            // A report that was released is open again, and may have new offers by now.
            let stands = open.as_ref().is_some_and(|open| open.version == offer.report_version);
            if !stands {
                let end = OfferState::Expired { at: now };
                expired += usize::from(self.close_in(conn, worker(), &offer, end)?);
            }
        }
        Ok(expired)
    }
}

/// The report after whose event offers on it may be void.
const fn no_longer_on_offer(fact: &Fact) -> Option<ReportId> {
    match fact {
        Fact::ReportChanged(fact) => Some(fact.report),
        Fact::ReportCancelled(fact) => Some(fact.report),
        Fact::ReportExpired(fact) => Some(fact.report),
        Fact::PickupAssigned(fact) => Some(fact.report),
        _ => None,
    }
}

const fn worker() -> Actor {
    Actor::Worker("matching")
}
