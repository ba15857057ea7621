use catalog::MaterialCode;
use collectors::{CollectorKind, Rating};
use primitives::{CollectorId, OfferId, PickupId, ReportId, Rupiah, Timestamp, UnitPrice};
use reports::OpenReportView;
use serde::Serialize;
use utoipa::ToSchema;

use super::sentences::Speaker;
use crate::{
    Candidate, Face, FeedEntry, Offer, OfferStateName, OfferedPrice, Ranking,
    ranking::{Appraisal, Change, Counterfactual, Grounds, Part},
};

/// The best collectors for a report.
#[derive(Serialize, ToSchema)]
pub(crate) struct CandidatesView {
    /// Best first.
    data: Vec<CandidateView>,
    /// The version of the report for which they were ranked, as in its ETag. For half a second it may be an older one than
    /// the household's last change made.
    #[schema(example = 2)]
    report_version: i64,
    /// Names the state of the index by which they were ranked; a pickup remembers it.
    #[schema(example = "4711.1772427600000000")]
    ranking_snapshot: String,
    /// Names the weights and formulas by which they were ranked.
    #[schema(example = "candidates-1@12.07.3")]
    ranking_weights: String,
}

/// A collector who may take the report, with the reasons for his place.
#[derive(Serialize, ToSchema)]
pub(crate) struct CandidateView {
    /// Counts from 1.
    rank: usize,
    collector: CollectorFaceView,
    /// Between 0 and 1, to at most six decimals: exactly the sum of the contributions.
    score: f64,
    parts: Vec<PartView>,
    /// From where he is, as the crow flies.
    distance_meters: u32,
    /// On the road, by his vehicle.
    eta_seconds: i64,
    /// The estimated quantities of what he takes, at his prices.
    estimated_payout_rupiah: Rupiah,
    /// What he takes of the report, where he does not buy all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    taken_materials: Option<Vec<MaterialCode>>,
    /// What would have lifted him above the one before him; absent for the best, and where nothing would.
    #[serde(skip_serializing_if = "Option::is_none")]
    counterfactual: Option<CounterfactualView>,
}

/// The least that would have lifted a collector, all else equal: either nearer, or paying more.
#[derive(Serialize, ToSchema)]
pub(crate) struct CounterfactualView {
    /// Setting out from so much nearer, as the crow flies.
    #[serde(skip_serializing_if = "Option::is_none")]
    nearer_meters: Option<u32>,
    /// Paying so much more, where even being at the door is not enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    more_rupiah: Option<Rupiah>,
    /// Where he would stand then.
    rank: usize,
    /// The same in words.
    #[schema(example = "200 m nearer would rank 2.")]
    text: String,
}

/// One reason for a score.
#[derive(Serialize, ToSchema)]
pub(crate) struct PartView {
    /// `travel_time`, `payout`, `reliability`, `rating`, `spare_capacity`, `window_fit`, `fairness` or `ageing`.
    #[schema(example = "travel_time")]
    name: &'static str,
    /// How good it is, between 0 and 1, to at most four decimals.
    value: f64,
    /// How much it counts; all weights together are 1.
    weight: f64,
    /// Value times weight, to at most six decimals.
    contribution: f64,
    /// The same in words.
    text: String,
}

/// A collector as households see him in a list.
#[derive(Serialize, ToSchema)]
pub(crate) struct CollectorFaceView {
    id: CollectorId,
    name: String,
    kind: CollectorKind,
    rating: StarsView,
}

/// Stars given by households.
#[derive(Serialize, ToSchema)]
pub(crate) struct StarsView {
    /// The mean, 1 – 5, to the hundredth; absent while nobody has given any.
    #[serde(skip_serializing_if = "Option::is_none")]
    average_stars: Option<f64>,
    /// How many households gave them.
    count: i64,
}

/// An open report near a collector.
#[derive(Serialize, ToSchema)]
pub(crate) struct FeedEntryView {
    #[serde(flatten)]
    report: OpenReportView,
    /// When the caller was asked to fetch it; absent while only his feed shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    announced_at: Option<Timestamp>,
    /// Between 0 and 1, to at most six decimals: exactly the sum of the contributions.
    score: f64,
    parts: Vec<PartView>,
    /// To the middle of the area, as the crow flies.
    distance_meters: u32,
    /// To the middle of the area on the road, by his vehicle.
    eta_seconds: i64,
    /// The estimated quantities of what he takes, at his prices.
    estimated_payout_rupiah: Rupiah,
    /// What he takes of the report, where he does not buy all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    taken_materials: Option<Vec<MaterialCode>>,
}

/// A collector's offer on a report.
#[derive(Serialize, ToSchema)]
pub(crate) struct OfferView {
    pub(super) id: OfferId,
    report_id: ReportId,
    state: OfferStateName,
    collector: CollectorFaceView,
    prices: Vec<OfferedPriceView>,
    /// The estimated quantities at the offered prices.
    estimated_payout_rupiah: Rupiah,
    /// When he would come.
    pickup_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    pub(super) created_at: Timestamp,
    /// When it came to its end; absent while pending.
    #[serde(skip_serializing_if = "Option::is_none")]
    closed_at: Option<Timestamp>,
    /// The job that came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pickup_id: Option<PickupId>,
}

/// What a collector would pay for one material.
#[derive(Serialize, ToSchema)]
pub(crate) struct OfferedPriceView {
    #[schema(example = "PLA-PET-BENING")]
    material: String,
    /// Per kilogram, piece or liter.
    price_rupiah: UnitPrice,
}

impl CandidatesView {
    pub(super) fn new(ranking: Ranking, speaker: Speaker<'_>) -> Self {
        let view = |candidate| CandidateView::new(candidate, speaker);
        Self {
            data: ranking.candidates.into_iter().map(view).collect(),
            report_version: ranking.report_version,
            ranking_snapshot: ranking.snapshot,
            ranking_weights: ranking.weights,
        }
    }
}

impl CandidateView {
    pub(super) fn new(candidate: Candidate, speaker: Speaker<'_>) -> Self {
        let Candidate { rank, face, appraisal, taken, parts, grounds, counterfactual } = candidate;
        Self {
            rank,
            collector: CollectorFaceView::new(appraisal.collector, face),
            score: appraisal.score.as_fraction(),
            parts: parts.map(|part| PartView::new(&part, &appraisal, &grounds, speaker)).into(),
            distance_meters: appraisal.distance_meters,
            eta_seconds: appraisal.eta_seconds,
            estimated_payout_rupiah: appraisal.deal.payout,
            taken_materials: taken,
            counterfactual: counterfactual.map(|it| CounterfactualView::new(&it, speaker)),
        }
    }
}

impl CounterfactualView {
    fn new(other: &Counterfactual, speaker: Speaker<'_>) -> Self {
        let (nearer_meters, more_rupiah) = match other.change {
            Change::Nearer { meters } => (Some(meters), None),
            Change::Paying { more } => (None, Some(more)),
        };
        Self { nearer_meters, more_rupiah, rank: other.rank, text: speaker.counterfactual(other) }
    }
}

impl PartView {
    fn new(part: &Part, appraisal: &Appraisal, grounds: &Grounds, speaker: Speaker<'_>) -> Self {
        Self {
            name: part.name.as_str(),
            value: part.value.as_fraction(),
            weight: f64::from(part.percent) / 100.0,
            contribution: part.contribution.as_fraction(),
            text: speaker.part(part, appraisal, grounds),
        }
    }
}

impl FeedEntryView {
    pub(super) fn new(entry: FeedEntry, speaker: Speaker<'_>) -> Self {
        let FeedEntry { report, appraisal, taken, parts, grounds } = entry;
        Self {
            report: OpenReportView::from(&report),
            announced_at: None,
            score: appraisal.score.as_fraction(),
            parts: parts.map(|part| PartView::new(&part, &appraisal, &grounds, speaker)).into(),
            distance_meters: appraisal.distance_meters,
            eta_seconds: appraisal.eta_seconds,
            estimated_payout_rupiah: appraisal.deal.payout,
            taken_materials: taken,
        }
    }
}

impl FeedEntryView {
    pub(super) fn announced(self, announced_at: Option<Timestamp>) -> Self {
        Self { announced_at, ..self }
    }
}

impl OfferView {
    pub(super) fn new(offer: Offer, face: Face, estimated_payout_rupiah: Rupiah) -> Self {
        Self {
            id: offer.id,
            report_id: offer.report,
            state: offer.state.name(),
            collector: CollectorFaceView::new(offer.collector, face),
            prices: offer.prices.into_iter().map(OfferedPriceView::from).collect(),
            estimated_payout_rupiah,
            pickup_at: offer.pickup_at,
            note: offer.note,
            created_at: offer.created_at,
            closed_at: offer.state.closed_at(),
            pickup_id: offer.state.pickup(),
        }
    }
}

impl From<OfferedPrice> for OfferedPriceView {
    fn from(line: OfferedPrice) -> Self {
        Self { material: line.material.into(), price_rupiah: line.price }
    }
}

impl CollectorFaceView {
    fn new(id: CollectorId, face: Face) -> Self {
        Self { id, name: face.name, kind: face.kind, rating: face.rating.into() }
    }
}

impl From<Rating> for StarsView {
    fn from(rating: Rating) -> Self {
        let hundredths = (rating.sum * 100 + rating.count / 2).checked_div(rating.count);
        let hundredths = hundredths.and_then(|hundredths| u16::try_from(hundredths).ok());
        Self { average_stars: hundredths.map(|it| f64::from(it) / 100.0), count: rating.count }
    }
}
