use database::Connection;
use pickups::{Assignment, Pickup, PickupError};
use primitives::{CollectorId, ReportId};
use reports::{Report, ReportError, ReportState, Selection};

use crate::{Matcher, MatchingError, applicant::Applicant};

/// A report that changes while it is being claimed this often is somebody's game; the collector may ask again.
const ATTEMPTS: usize = 3;

/// A collector has the job.
#[derive(Debug, Clone, PartialEq)]
pub struct Accepted {
    /// The job.
    pub pickup: Pickup,
    /// He had it before: nothing was done now.
    pub repeated: bool,
}

impl Matcher {
    /// A collector accepts an `instant` report at his listed prices; of several at once exactly one succeeds.
    pub fn accept_in(
        &self,
        conn: &mut Connection,
        collector: CollectorId,
        report: ReportId,
    ) -> Result<Accepted, MatchingError> {
        let applicant = self.applicant_in(conn, collector)?;
        for _ in 1..ATTEMPTS {
            match self.claim(conn, &applicant, collector, report) {
                // The household changed it a moment ago: judge again what it is now.
                Err(MatchingError::Pickup(PickupError::Report(ReportError::VersionConflict))) => {}
                decided => return decided,
            }
        }
        self.claim(conn, &applicant, collector, report)
    }

    fn claim(
        &self,
        conn: &mut Connection,
        applicant: &Applicant,
        collector: CollectorId,
        report: ReportId,
    ) -> Result<Accepted, MatchingError> {
        let report = self.sources().reports.find_in(conn, report)?;
        if let Some(pickup) = self.own_pickup_of(conn, collector, &report)? {
            return Ok(Accepted { pickup, repeated: true });
        }
        self.must_be_visible(applicant, &report)?;
        if report.selection != Selection::Instant {
            return Err(MatchingError::NotInstant);
        }
        must_be_open(&report)?;
        self.must_be_eligible(applicant, &report)?;
        let ranking = Some(self.ranking_of(applicant, &report));
        let assignment =
            Assignment { ranking, ..applicant.assignment(applicant.actor(), &report, &[], None) };
        let pickup = self.sources().pickups.assign_in(conn, &assignment)?;
        Ok(Accepted { pickup, repeated: false })
    }

    /// The job that this collector has of this report.
    fn own_pickup_of(
        &self,
        conn: &mut Connection,
        collector: CollectorId,
        report: &Report,
    ) -> Result<Option<Pickup>, MatchingError> {
        let Some(pickup) = report.state.pickup() else { return Ok(None) };
        let pickup = self.sources().pickups.find_in(conn, pickup)?;
        Ok(Some(pickup).filter(|pickup| pickup.collector.id == collector))
    }
}

/// Taken is taken; what was called off or has expired says so.
pub(crate) fn must_be_open(report: &Report) -> Result<(), MatchingError> {
    match &report.state {
        ReportState::Open => Ok(()),
        ReportState::Cancelled { .. } | ReportState::Expired { .. } => {
            Err(ReportError::WrongState(report.state.name()).into())
        }
        ReportState::Assigned { .. }
        | ReportState::Collected { .. }
        | ReportState::Closed { .. } => Err(ReportError::AlreadyTaken.into()),
    }
}
