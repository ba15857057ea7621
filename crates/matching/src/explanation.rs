use std::collections::BTreeMap;

use primitives::{CollectorId, PickupId, RegionCode, ReportId, Timestamp};
use reports::{Report, ReportStateName};

use crate::{
    Candidate, RecordedRanking,
    ranking::{Ineligible, eligible},
    snapshot::Snapshot,
};

/// How many of the best are told when nobody is asked about in particular.
const TOLD: usize = 20;

/// Why collectors were asked for a report, or were not: by the index as it is now, and by what was written down when
/// the report was taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Which report.
    pub report: ReportId,
    /// Where it stands.
    pub state: ReportStateName,
    /// The desa it belongs to.
    pub desa: RegionCode,
    /// Names the snapshot of the index that was asked.
    pub snapshot: String,
    /// Names the formulas and weights.
    pub weights: String,
    /// What the index says.
    pub answer: Reasons,
    /// Who has got the job, unless nobody has.
    pub assignment: Option<RecordedAssignment>,
}

/// What the index says about a report.
#[derive(Debug, Clone, PartialEq)]
pub enum Reasons {
    /// About one collector.
    About(CollectorId, Verdict),
    /// About everybody.
    Overview {
        /// The best, best first.
        candidates: Vec<Candidate>,
        /// How many are eligible.
        eligible: usize,
        /// How many of the verified collectors fail first at what.
        refused: Vec<(Ineligible, usize)>,
    },
}

/// What becomes of one collector.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// He may take it and stands there.
    Ranked(Box<Candidate>),
    /// This is the first thing that keeps him from it.
    Refused(Ineligible),
}

/// How a job was given, as the log remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedAssignment {
    /// The job.
    pub pickup: PickupId,
    /// Who got it.
    pub collector: CollectorId,
    /// When.
    pub at: Timestamp,
    /// By which ranking; absent when the matcher did not know.
    pub ranking: Option<RecordedRanking>,
}

impl Reasons {
    /// About everybody.
    pub(crate) fn overview(snapshot: &Snapshot, report: &Report, ranked: Vec<Candidate>) -> Self {
        let job = snapshot.columns.job_at_home(report);
        let mut refused: BTreeMap<&str, (Ineligible, usize)> = BTreeMap::new();
        for contender in snapshot.contenders() {
            if let Err(reason) = eligible(contender, &job) {
                refused.entry(reason.as_str()).or_insert((reason, 0)).1 += 1;
            }
        }
        Self::Overview {
            eligible: ranked.len(),
            candidates: ranked.into_iter().take(TOLD).collect(),
            refused: refused.into_values().collect(),
        }
    }
}

impl Verdict {
    /// About one verified collector; nothing when the snapshot does not know him.
    pub(crate) fn on(
        snapshot: &Snapshot,
        report: &Report,
        ranked: Vec<Candidate>,
        collector: CollectorId,
    ) -> Option<Self> {
        let contender = snapshot.contender(collector)?;
        match eligible(contender, &snapshot.columns.job_at_home(report)) {
            Err(reason) => Some(Self::Refused(reason)),
            Ok(()) => {
                let own = |candidate: &Candidate| candidate.appraisal.collector == collector;
                ranked.into_iter().find(own).map(Box::new).map(Self::Ranked)
            }
        }
    }
}
