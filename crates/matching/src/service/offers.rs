use database::{Connection, DatabaseError};
use diesel::Connection as _;
use event_log::{
    Actor, Entry, Fact,
    fact::{OfferClosed, OfferMade},
};
use primitives::{AccountId, CollectorId, OfferId, ReportId};
use reports::{Report, Selection};

use super::acceptance::must_be_open;
use crate::{Matcher, MatchingError, NewOffer, Offer, OfferState, rules, store};

impl Matcher {
    /// A collector offers on a `choose` report. The same offer again, while it is pending, is the one he made.
    pub fn offer_in(
        &self,
        conn: &mut Connection,
        collector: CollectorId,
        report: ReportId,
        new: &NewOffer,
    ) -> Result<Offer, MatchingError> {
        let applicant = self.applicant_in(conn, collector)?;
        let report = self.sources().reports.find_in(conn, report)?;
        self.must_be_visible(&applicant, &report)?;
        if report.selection != Selection::Choose {
            return Err(MatchingError::NotChoose);
        }
        must_be_open(&report)?;
        self.must_be_eligible(&applicant, &report)?;
        let problems = rules::problems_of(new, &report, self.ambient().now());
        if !problems.is_empty() {
            return Err(MatchingError::Refused(problems));
        }
        let offer = self.drawn_up(collector, &report, new);
        match conn.transaction(|conn| store::insert(conn, &offer)) {
            Ok(()) => {}
            Err(error) if error.violates("offer_report_id_collector_id_key") => {
                return pending_twin(conn, &offer);
            }
            Err(error) => return Err(error.into()),
        }
        let fact = OfferMade { offer: offer.id, report: offer.report, collector };
        self.append(conn, applicant.actor(), &offer, Fact::OfferMade(fact))?;
        Ok(offer)
    }

    /// The household does not want this offer; twice is once.
    pub fn decline_offer_in(
        &self,
        conn: &mut Connection,
        household: AccountId,
        id: OfferId,
    ) -> Result<Offer, MatchingError> {
        let offer = store::find_of_household(conn, household, id)?;
        let end = OfferState::Declined { at: self.ambient().now() };
        self.end_in(conn, Actor::Account(household), offer, end)
    }

    /// The collector takes his offer back; twice is once.
    pub fn withdraw_offer_in(
        &self,
        conn: &mut Connection,
        account: AccountId,
        collector: CollectorId,
        id: OfferId,
    ) -> Result<Offer, MatchingError> {
        let offer = store::find_of_collector(conn, collector, id)?;
        let end = OfferState::Withdrawn { at: self.ambient().now() };
        self.end_in(conn, Actor::Account(account), offer, end)
    }

    /// Ends a pending offer and says so in the log; false means that somebody was faster.
    pub(super) fn close_in(
        &self,
        conn: &mut Connection,
        actor: Actor,
        offer: &Offer,
        end: OfferState,
    ) -> Result<bool, DatabaseError> {
        if !store::close(conn, offer.id, &end)? {
            return Ok(false);
        }
        let fact = Fact::OfferClosed(OfferClosed {
            offer: offer.id,
            report: offer.report,
            outcome: end.name().as_str().to_owned(),
        });
        self.append(conn, actor, offer, fact)?;
        Ok(true)
    }

    fn end_in(
        &self,
        conn: &mut Connection,
        actor: Actor,
        offer: Option<Offer>,
        end: OfferState,
    ) -> Result<Offer, MatchingError> {
        let offer = offer.ok_or(MatchingError::NotFound)?;
        if offer.state.name() == end.name() {
            return Ok(offer);
        }
        if self.close_in(conn, actor, &offer, end)? {
            return Ok(Offer { state: end, ..offer });
        }
        // It had ended before, or does so at this moment by another hand.
        let present = store::find_of_household(conn, offer.household, offer.id)?.unwrap_or(offer);
        if present.state.name() == end.name() {
            Ok(present)
        } else {
            Err(MatchingError::WrongState(present.state.name()))
        }
    }

    fn drawn_up(&self, collector: CollectorId, report: &Report, new: &NewOffer) -> Offer {
        let mut prices = new.prices.clone();
        prices.sort_by(|one, other| one.material.cmp(&other.material));
        Offer {
            id: self.ambient().mint(),
            report: report.id,
            report_version: report.version,
            household: report.household,
            collector,
            desa: report.region.desa.clone(),
            prices,
            pickup_at: new.pickup_at,
            note: new.note.clone(),
            state: OfferState::Pending,
            created_at: self.ambient().now(),
        }
    }

    fn append(
        &self,
        conn: &mut Connection,
        actor: Actor,
        offer: &Offer,
        fact: Fact,
    ) -> Result<(), DatabaseError> {
        let region = Some(offer.desa.clone());
        let occurred_at = self.ambient().now();
        event_log::append_in(conn, self.ambient(), Entry { actor, region, occurred_at, fact })?;
        Ok(())
    }
}

/// What the collector has offered already: the same is the same, another needs the first one withdrawn.
fn pending_twin(conn: &mut Connection, offer: &Offer) -> Result<Offer, MatchingError> {
    let pending = store::pending_of_report(conn, offer.report)?;
    let known = pending.into_iter().find(|known| known.collector == offer.collector);
    known.filter(|known| known.says_the_same_as(offer)).ok_or(MatchingError::OfferPending)
}
