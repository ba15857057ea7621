use database::{Connection, DatabaseError};
use event_log::Fact;
use primitives::{CollectorId, RegionCode, ReportId};
use reports::Report;

use crate::{
    Explanation, Matcher, MatchingError, Reasons, RecordedAssignment, RecordedRanking, Verdict,
    applicant::unverified,
};

impl Matcher {
    /// Why a collector is (not) asked for a report, or who is and why the others are not.
    ///
    /// `regions` are those of the staff who ask; somebody on the host may ask about everything.
    pub fn explain_in(
        &self,
        conn: &mut Connection,
        report: ReportId,
        collector: Option<CollectorId>,
        regions: Option<&[RegionCode]>,
    ) -> Result<Explanation, MatchingError> {
        self.keep_up_in(conn)?;
        let report = self.sources().reports.find_in(conn, report)?;
        if !covers(regions, &report.region.desa) {
            return Err(MatchingError::NotFound);
        }
        let snapshot = self.snapshot();
        let ranking = snapshot.rank(&report, usize::MAX);
        let answer = match collector {
            None => Reasons::overview(&snapshot, &report, ranking.candidates),
            Some(id) => match Verdict::on(&snapshot, &report, ranking.candidates, id) {
                Some(verdict) => Reasons::About(id, verdict),
                None => self.about_unverified_in(conn, id, regions)?,
            },
        };
        Ok(Explanation {
            report: report.id,
            state: report.state.name(),
            assignment: assignment_in(conn, &report)?,
            desa: report.region.desa,
            snapshot: ranking.snapshot,
            weights: ranking.weights,
            answer,
        })
    }

    /// Whom the index does not know is not verified; only his own staff may know of him at all.
    fn about_unverified_in(
        &self,
        conn: &mut Connection,
        id: CollectorId,
        regions: Option<&[RegionCode]>,
    ) -> Result<Reasons, MatchingError> {
        let collector = self.sources().collectors.collector_in(conn, id)?;
        if !covers(regions, &collector.desa) {
            return Err(MatchingError::NotFound);
        }
        Ok(Reasons::About(id, Verdict::Refused(unverified(&collector))))
    }
}

fn covers(regions: Option<&[RegionCode]>, desa: &RegionCode) -> bool {
    regions.is_none_or(|regions| regions.iter().any(|region| region.contains(desa)))
}

/// What the log says of the job that the report has led to.
fn assignment_in(
    conn: &mut Connection,
    report: &Report,
) -> Result<Option<RecordedAssignment>, DatabaseError> {
    let Some(pickup) = report.state.pickup() else { return Ok(None) };
    let events = event_log::events_about(conn, &pickup.to_string())?;
    Ok(events.into_iter().find_map(|event| match event.fact {
        Fact::PickupAssigned(fact) => Some(RecordedAssignment {
            pickup,
            collector: fact.collector,
            at: event.created_at,
            ranking: fact.ranking.as_deref().and_then(RecordedRanking::parse),
        }),
        _ => None,
    }))
}
