use std::collections::BTreeMap;

use catalog::MaterialCode;
use collectors::{Collector, Profile, VerificationState};
use database::Connection;
use event_log::Actor;
use pickups::{Assignment, FrozenPrice};
use primitives::{CollectorId, Timestamp, UnitPrice};
use reports::Report;

use crate::{
    Candidate, Matcher, MatchingError, OfferedPrice, RecordedRanking,
    columns::{Present, duty_of},
    ranking::{Contender, Ineligible, Load, Sighting, eligible, reaches},
    store,
};

/// So many of the best are searched for the one who accepts.
const RANKS_RECORDED: usize = 100;

/// A collector who asks for a report, as the database knows him at this moment.
pub(crate) struct Applicant {
    profile: Profile,
    contender: Contender,
}

impl Matcher {
    /// Reads the collector after everything that he has accepted before; who may not work is told why.
    pub(crate) fn applicant_in(
        &self,
        conn: &mut Connection,
        id: CollectorId,
    ) -> Result<Applicant, MatchingError> {
        store::take_turn(conn, id)?;
        let sources = self.sources();
        let Some(profile) = sources.collectors.profile_in(conn, id)? else {
            let collector = sources.collectors.collector_in(conn, id)?;
            return Err(MatchingError::NotEligible(unverified(&collector)));
        };
        let load = sources.pickups.open_load_in(conn, id)?;
        let carried = Load { grams: load.grams, milliliters: load.milliliters };
        let duty = duty_of(&profile, self.ambient().now());
        let present = Present { duty, sighting: Sighting::Never, recent_wins: 0 };
        let contender = self.columns().contender(&profile, carried, present);
        Ok(Applicant { profile, contender })
    }

    /// A collector may know of a report when its area touches the circle in which he works.
    pub(crate) fn must_be_visible(
        &self,
        applicant: &Applicant,
        report: &Report,
    ) -> Result<(), MatchingError> {
        let job = self.columns().job_at_area(report);
        if reaches(&applicant.contender, &job) { Ok(()) } else { Err(MatchingError::NotFound) }
    }

    /// Whether he may take it, by the same rule as in the index.
    pub(crate) fn must_be_eligible(
        &self,
        applicant: &Applicant,
        report: &Report,
    ) -> Result<(), MatchingError> {
        let job = self.columns().job_at_area(report);
        eligible(&applicant.contender, &job).map_err(MatchingError::NotEligible)
    }

    /// Which snapshot and weights ranked him, and where he stood among the best.
    pub(crate) fn ranking_of(&self, applicant: &Applicant, report: &Report) -> String {
        let ranking = self.candidates_of(report, RANKS_RECORDED);
        let own = |candidate: &&Candidate| candidate.appraisal.collector == applicant.profile.id;
        let rank = ranking.candidates.iter().find(own).map(|candidate| candidate.rank);
        let recorded =
            RecordedRanking { weights: ranking.weights, snapshot: ranking.snapshot, rank };
        recorded.to_string()
    }
}

impl Applicant {
    /// His job: his list, with the offered prices in the place of the listed ones. What he left out of an offer he does
    /// not take, though his list has it.
    pub(crate) fn assignment(
        &self,
        actor: Actor,
        report: &Report,
        offered: &[OfferedPrice],
        pickup_at: Option<Timestamp>,
    ) -> Assignment {
        let listed = self.profile.prices.items().map(|line| (line.material, line.price));
        let mut prices: BTreeMap<MaterialCode, UnitPrice> = listed.collect();
        if !offered.is_empty() {
            prices.retain(|material, _| report.items.iter().all(|item| item.material != *material));
        }
        prices.extend(offered.iter().map(|line| (line.material.clone(), line.price)));
        let frozen = |(material, price)| FrozenPrice { material, price };
        Assignment {
            actor,
            report: report.id,
            report_version: Some(report.version),
            collector: self.profile.id,
            collector_account: self.profile.account,
            collector_kind: self.profile.kind.as_str().to_owned(),
            collector_name: self.profile.name.clone(),
            collector_base: self.profile.base,
            prices: prices.into_iter().map(frozen).collect(),
            pickup_at,
            ranking: None,
        }
    }

    /// Whose hand he is.
    pub(crate) const fn actor(&self) -> Actor {
        Actor::Account(self.profile.account)
    }

    /// Whether it still fits on his vehicle.
    pub(crate) fn has_room_for(&self, load: Load) -> bool {
        self.contender.free().holds(load)
    }
}

/// What keeps somebody from working whom the index does not know.
pub(crate) fn unverified(collector: &Collector) -> Ineligible {
    match collector.verification.state() {
        VerificationState::Suspended => Ineligible::Suspended,
        VerificationState::Pending | VerificationState::Verified => Ineligible::Unverified,
    }
}
