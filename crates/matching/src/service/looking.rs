use database::{Connection, DatabaseError};
use http_kit::Answer;
use pickups::{Pickup, PickupView, Side};
use primitives::{AccountId, CollectorId, OfferId, ReportId, Rupiah, Timestamp};
use reports::ReportState;

use crate::{Asked, Face, FeedEntry, FeedPlace, Matcher, MatchingError, Offer, Ranking, store};

impl Matcher {
    /// The best collectors for the household's own report; nobody when it does not wait for one.
    pub fn candidates_in(
        &self,
        conn: &mut Connection,
        household: AccountId,
        report: ReportId,
        most: usize,
    ) -> Result<Ranking, MatchingError> {
        self.keep_up_in(conn)?;
        let report = self.sources().reports.find_owned(conn, household, report)?;
        let is_open = report.state == ReportState::Open;
        let ranking = self.candidates_of(&report, if is_open { most } else { 0 });
        if is_open {
            self.doors().note(report);
        }
        Ok(ranking)
    }

    /// The same without the database: only while the log was read a moment ago, and of a report that is on the board as
    /// its household knows it. Nothing else is known here, not even that a report is somebody else's.
    pub(crate) fn known_candidates(
        &self,
        household: AccountId,
        asked: Asked,
        answer: impl Fn(Ranking) -> Answer,
    ) -> Option<Answer> {
        let snapshot = self.recent_snapshot()?;
        let open = snapshot.open_report(asked.report).filter(|open| open.household == household)?;
        if let Some(given) = snapshot.answers.given(&asked) {
            return Some(given);
        }
        let report = self.doors().of(open)?;
        let answer = answer(snapshot.rank(&report, asked.most));
        snapshot.answers.keep(asked, &answer);
        Some(answer)
    }

    /// A page of the open reports that a collector may take, best first.
    pub fn feed_in(
        &self,
        conn: &mut Connection,
        collector: CollectorId,
        place: FeedPlace,
        most: usize,
    ) -> Result<Vec<FeedEntry>, MatchingError> {
        self.keep_up_in(conn)?;
        Ok(self.feed_of(collector, place, most))
    }

    /// The offers on the household's own report, newest first, after the given place in the list.
    pub fn page_of_offers(
        &self,
        conn: &mut Connection,
        household: AccountId,
        report: ReportId,
        after: Option<(Timestamp, OfferId)>,
        limit: i64,
    ) -> Result<Vec<Offer>, MatchingError> {
        let report = self.sources().reports.find_owned(conn, household, report)?;
        Ok(store::page_of_report(conn, report.id, after, limit)?)
    }

    /// The job as one of its sides may see it now.
    pub(crate) fn pickup_view_in(
        &self,
        conn: &mut Connection,
        pickup: &Pickup,
        side: Side,
    ) -> Result<PickupView, MatchingError> {
        Ok(self.sources().pickups.view_in(conn, pickup, side)?)
    }

    /// What a household sees of a collector, whether or not he may still work.
    pub(crate) fn face_in(
        &self,
        conn: &mut Connection,
        collector: CollectorId,
    ) -> Result<Face, MatchingError> {
        let collector = self.sources().collectors.collector_in(conn, collector)?;
        let name = collector.name.into();
        Ok(Face { name, kind: collector.kind, rating: collector.rating })
    }

    /// What an offer comes to for the quantities that are estimated now.
    pub(crate) fn payout_in(
        &self,
        conn: &mut Connection,
        offer: &Offer,
    ) -> Result<Rupiah, MatchingError> {
        let report = self.sources().reports.find_in(conn, offer.report)?;
        let values = report.items.iter().filter_map(|item| {
            let line = offer.prices.iter().find(|line| line.material == item.material)?;
            Some(item.quantity.value_at(line.price))
        });
        let values = values.collect::<Result<Vec<_>, _>>().and_then(Rupiah::sum);
        Ok(values.map_err(|what| DatabaseError::corrupt("offer", offer.id, what))?)
    }
}
