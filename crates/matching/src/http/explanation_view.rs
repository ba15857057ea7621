use http_kit::Texts;
use primitives::{CollectorId, Language, PickupId, RegionCode, ReportId, Timestamp};
use reports::ReportStateName;
use serde::Serialize;
use utoipa::ToSchema;

use super::{sentences::Speaker, view::CandidateView};
use crate::{Candidate, Explanation, Reasons, RecordedAssignment, Verdict, ranking::Ineligible};

/// Why collectors are asked for a report, or are not.
#[derive(Serialize, ToSchema)]
pub struct ExplanationView {
    report_id: ReportId,
    state: ReportStateName,
    desa_code: RegionCode,
    /// Names the state of the index that was asked.
    #[schema(example = "4711.1772427600000000")]
    ranking_snapshot: String,
    /// Names the weights and formulas.
    #[schema(example = "candidates-1@12.07.3")]
    ranking_weights: String,
    /// Who has got the job, and by which ranking.
    #[serde(skip_serializing_if = "Option::is_none")]
    assignment: Option<AssignmentView>,
    /// About the collector who was asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<VerdictView>,
    /// About everybody, when no collector was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    overview: Option<OverviewView>,
}

/// How a job was given, as the log remembers it.
#[derive(Serialize, ToSchema)]
pub(crate) struct AssignmentView {
    pickup_id: PickupId,
    collector_id: CollectorId,
    assigned_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    ranking_snapshot: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ranking_weights: Option<String>,
    /// Where he stood among the best hundred; absent when he was not one of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    rank: Option<usize>,
}

/// Whether one collector may take a report.
#[derive(Serialize, ToSchema)]
pub(crate) struct VerdictView {
    collector_id: CollectorId,
    eligible: bool,
    /// The first thing that keeps him from it.
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<RefusalView>,
    /// Where he stands, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    candidate: Option<CandidateView>,
}

/// Who may take a report, and how many may not.
#[derive(Serialize, ToSchema)]
pub(crate) struct OverviewView {
    /// How many collectors may take it.
    eligible: usize,
    /// The best twenty of them, best first.
    candidates: Vec<CandidateView>,
    /// How many verified collectors fail first at what.
    refused: Vec<RefusedView>,
}

/// Why collectors may not take a report.
#[derive(Serialize, ToSchema)]
pub(crate) struct RefusedView {
    count: usize,
    #[serde(flatten)]
    refusal: RefusalView,
}

/// What keeps a collector from a report.
#[derive(Serialize, ToSchema)]
pub(crate) struct RefusalView {
    /// The same word as in `collector_not_eligible`.
    #[schema(example = "outside_radius")]
    reason: &'static str,
    /// The same in words.
    text: String,
}

impl ExplanationView {
    /// An explanation in one language.
    pub fn new(explanation: Explanation, texts: &Texts, language: Language) -> Self {
        let speaker = Speaker { texts, language };
        let (verdict, overview) = match explanation.answer {
            Reasons::About(collector, verdict) => {
                (Some(VerdictView::new(collector, verdict, speaker)), None)
            }
            Reasons::Overview { candidates, eligible, refused } => {
                (None, Some(OverviewView::new((candidates, eligible), &refused, speaker)))
            }
        };
        Self {
            report_id: explanation.report,
            state: explanation.state,
            desa_code: explanation.desa,
            ranking_snapshot: explanation.snapshot,
            ranking_weights: explanation.weights,
            assignment: explanation.assignment.map(AssignmentView::from),
            verdict,
            overview,
        }
    }
}

impl From<RecordedAssignment> for AssignmentView {
    fn from(recorded: RecordedAssignment) -> Self {
        let rank = recorded.ranking.as_ref().and_then(|ranking| ranking.rank);
        let (weights, snapshot) =
            recorded.ranking.map(|ranking| (ranking.weights, ranking.snapshot)).unzip();
        Self {
            pickup_id: recorded.pickup,
            collector_id: recorded.collector,
            assigned_at: recorded.at,
            ranking_snapshot: snapshot,
            ranking_weights: weights,
            rank,
        }
    }
}

impl VerdictView {
    fn new(collector_id: CollectorId, verdict: Verdict, speaker: Speaker<'_>) -> Self {
        let (refusal, candidate) = match verdict {
            Verdict::Refused(reason) => (Some(RefusalView::new(reason, speaker)), None),
            Verdict::Ranked(candidate) => (None, Some(CandidateView::new(*candidate, speaker))),
        };
        Self { collector_id, eligible: candidate.is_some(), refusal, candidate }
    }
}

impl OverviewView {
    fn new(
        (candidates, eligible): (Vec<Candidate>, usize),
        refused: &[(Ineligible, usize)],
        speaker: Speaker<'_>,
    ) -> Self {
        let refusal = |&(reason, count): &(Ineligible, usize)| RefusedView {
            count,
            refusal: RefusalView::new(reason, speaker),
        };
        Self {
            eligible,
            candidates: candidates.into_iter().map(|it| CandidateView::new(it, speaker)).collect(),
            refused: refused.iter().map(refusal).collect(),
        }
    }
}

impl RefusalView {
    fn new(reason: Ineligible, speaker: Speaker<'_>) -> Self {
        Self { reason: reason.as_str(), text: speaker.ineligible(reason) }
    }
}
