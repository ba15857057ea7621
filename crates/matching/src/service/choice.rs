use database::Connection;
use event_log::Actor;
use pickups::{Assignment, PickupError};
use primitives::{AccountId, OfferId};
use reports::{Report, ReportError};

use super::acceptance::{Accepted, must_be_open};
use crate::{
    Matcher, MatchingError, Offer, OfferState, OfferStateName, applicant::Applicant,
    ranking::Ineligible, rules, store,
};

impl Matcher {
    /// The household picks an offer: its collector gets the job at the offered prices, all others are declined.
    ///
    /// The collector may have gone offline or elsewhere since; he gave his word. But he must still be verified, and it
    /// must still fit on his vehicle.
    pub fn accept_offer_in(
        &self,
        conn: &mut Connection,
        household: AccountId,
        id: OfferId,
    ) -> Result<Accepted, MatchingError> {
        let found = store::find_of_household(conn, household, id)?;
        let offer = found.ok_or(MatchingError::NotFound)?;
        if let OfferState::Accepted { pickup, .. } = offer.state {
            let pickup = self.sources().pickups.find_in(conn, pickup)?;
            return Ok(Accepted { pickup, repeated: true });
        }
        if offer.state != OfferState::Pending {
            return Err(MatchingError::WrongState(offer.state.name()));
        }
        if rules::is_overdue(&offer, self.ambient().now()) {
            return Err(MatchingError::WrongState(OfferStateName::Expired));
        }
        let applicant = self.applicant_in(conn, offer.collector)?;
        let report = self.sources().reports.find_owned(conn, household, offer.report)?;
        must_be_open(&report)?;
        if report.version != offer.report_version {
            return Err(MatchingError::OfferOutdated);
        }
        if !applicant.has_room_for(offer.load_of(&report)) {
            return Err(MatchingError::NotEligible(Ineligible::NoCapacity));
        }
        self.picked(conn, &applicant, &report, &offer)
    }

    /// Claims the report first: whoever loses it holds no offer that another choice is waiting for.
    fn picked(
        &self,
        conn: &mut Connection,
        applicant: &Applicant,
        report: &Report,
        offer: &Offer,
    ) -> Result<Accepted, MatchingError> {
        let actor = Actor::Account(offer.household);
        let pickup_at = Some(offer.pickup_at);
        let ranking = Some(self.ranking_of(applicant, report));
        let assignment = applicant.assignment(actor.clone(), report, &offer.prices, pickup_at);
        let assignment = Assignment { ranking, ..assignment };
        let pickup = self.sources().pickups.assign_in(conn, &assignment).map_err(outdated)?;
        let at = self.ambient().now();
        let accepted = OfferState::Accepted { pickup: pickup.id, at };
        if !self.close_in(conn, actor.clone(), offer, accepted)? {
            return Err(self.ended_meanwhile(conn, offer)?);
        }
        for other in store::pending_of_report(conn, report.id)? {
            self.close_in(conn, actor.clone(), &other, OfferState::Declined { at })?;
        }
        Ok(Accepted { pickup, repeated: false })
    }

    fn ended_meanwhile(
        &self,
        conn: &mut Connection,
        offer: &Offer,
    ) -> Result<MatchingError, MatchingError> {
        let present = store::find_of_household(conn, offer.household, offer.id)?;
        let state = present.map_or(OfferStateName::Withdrawn, |present| present.state.name());
        Ok(MatchingError::WrongState(state))
    }
}

fn outdated(error: PickupError) -> MatchingError {
    match error {
        PickupError::Report(ReportError::VersionConflict) => MatchingError::OfferOutdated,
        other => other.into(),
    }
}
