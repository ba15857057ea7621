use std::collections::HashMap;

use catalog::Catalog;
use collectors::{CollectorKind, Profile, Rating};
use primitives::{CollectorId, ReportId, Timestamp};
use reports::{OpenReport, Report};

use crate::{
    book::Book,
    columns::Columns,
    index::{Board, Fleet, Posting},
    ranking::{
        Appraisal, Contender, Counterfactual, Grounds, Judge, Load, Part, Score, Sighting,
        Standing, Weights,
    },
    weights::WeightTable,
};

/// The whole index as it was at one moment: never changed, only replaced.
#[derive(Default)]
pub(crate) struct Snapshot {
    id: String,
    pub(crate) built_at: Option<Timestamp>,
    pub(crate) columns: Columns,
    fleet: Fleet,
    board: Board,
    pub(crate) contenders: HashMap<CollectorId, (Contender, Face)>,
    open: HashMap<ReportId, OpenReport>,
    weights: WeightTable,
}

/// What a household sees of a collector.
#[derive(Debug, Clone, PartialEq)]
pub struct Face {
    /// What households call him.
    pub name: String,
    /// What sort of buyer he is.
    pub kind: CollectorKind,
    /// Stars given by households.
    pub rating: Rating,
}

/// The best collectors for a report, and by which snapshot and weights they are the best.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    /// Names the snapshot of the index.
    pub snapshot: String,
    /// Names the formulas, and the choice of weights if the kabupaten made one.
    pub weights: String,
    /// Best first.
    pub candidates: Vec<Candidate>,
}

/// One of the best collectors for a report.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Counts from 1.
    pub rank: usize,
    /// Who he is to a household.
    pub face: Face,
    /// What he is worth to this household.
    pub appraisal: Appraisal,
    /// Why: the contributions add up to the score.
    pub parts: [Part; 8],
    /// What there is to say about the parts.
    pub grounds: Grounds,
    /// What would have lifted him above the one before him.
    pub counterfactual: Option<Counterfactual>,
}

/// An open report in a collector's feed.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedEntry {
    /// The report, without its home.
    pub report: OpenReport,
    /// What it is worth to this collector.
    pub appraisal: Appraisal,
    /// Why: the contributions add up to the score.
    pub parts: [Part; 8],
    /// What there is to say about the parts.
    pub grounds: Grounds,
}

/// Where a page of a feed begins: the moment by which the whole feed is ranked, and the last entry of the page before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FeedPlace {
    /// The moment of the first page.
    pub as_of: Timestamp,
    /// Score and report of the last entry, unless this is the first page.
    pub after: Option<(Score, ReportId)>,
}

impl Snapshot {
    /// Builds the index from the book and the positions.
    pub(crate) fn of(
        book: &Book,
        positions: &HashMap<CollectorId, Sighting>,
        catalog: &Catalog,
        now: Timestamp,
    ) -> Self {
        let columns = Columns::of(catalog);
        let contender = |(id, known): (&CollectorId, &crate::book::Known)| {
            let sighting = positions.get(id).copied().unwrap_or_default();
            let wins = book.recent_wins(*id, now);
            let contender = columns.contender(&known.profile, known.carried, sighting, wins, now);
            (*id, (contender, Face::of(&known.profile)))
        };
        let contenders: HashMap<_, _> = book.collectors.iter().map(contender).collect();
        let in_order = book.collectors.keys().filter_map(|id| contenders.get(id));
        let posting =
            |report: &OpenReport| Posting { report: report.id, job: columns.job_of_open(report) };
        Self {
            id: format!("{}.{}", book.read_to(), now.micros()),
            built_at: Some(now),
            fleet: Fleet::build(in_order.map(|(contender, _)| contender)),
            board: Board::build(book.open.values().map(posting).collect()),
            open: book.open.clone().into_iter().collect(),
            weights: book.weights.clone(),
            columns,
            contenders,
        }
    }

    /// The best collectors for a report, measured from its door.
    ///
    /// By the clock of the snapshot, so that the same snapshot and report always give the same answer.
    pub(crate) fn rank(&self, report: &Report, most: usize) -> Ranking {
        let now = self.built_at.unwrap_or(report.opened_at);
        let regional = self.weights.of_desa(&report.region.desa);
        let weights = &regional.weights();
        let job = self.columns.job_at_home(report);
        let judge = Judge { weights, now };
        let best = self.fleet.rank(&job, &judge, most);
        let candidate = |(place, appraisal): (usize, &Appraisal)| {
            let (contender, face) = self.contenders.get(&appraisal.collector)?;
            let standing = Standing::of(contender);
            Some(Candidate {
                rank: place + 1,
                face: face.clone(),
                appraisal: *appraisal,
                parts: appraisal.parts(weights),
                grounds: Grounds::of(contender, &job, now),
                counterfactual: judge.counterfactual(&job, &standing, &best, place),
            })
        };
        let candidates = best.iter().enumerate().filter_map(candidate).collect();
        Ranking { snapshot: self.id.clone(), weights: regional.name(), candidates }
    }

    /// The open reports that a collector may take, measured from the middles of their areas.
    pub(crate) fn feed(
        &self,
        collector: CollectorId,
        place: FeedPlace,
        most: usize,
    ) -> Vec<FeedEntry> {
        let weights = &Weights::FEED;
        let Some((contender, _)) = self.contenders.get(&collector) else { return Vec::new() };
        let after = place.after.map(|(score, report)| (std::cmp::Reverse(score), report));
        let ranked = self.board.feed(contender, &Judge { weights, now: place.as_of });
        let rest = ranked
            .into_iter()
            .skip_while(|(posting, appraisal)| after >= Some(posting.rank_key(appraisal)));
        let entry = |(posting, appraisal): (&Posting, Appraisal)| {
            let report = self.open.get(&posting.report)?.clone();
            let grounds = Grounds::of(contender, &posting.job, place.as_of);
            Some(FeedEntry { report, appraisal, parts: appraisal.parts(weights), grounds })
        };
        rest.take(most).filter_map(entry).collect()
    }
}

/// What announcing needs to know: only what is known outside of the households.
impl Snapshot {
    /// Names this snapshot in answers and events.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Every report that waits for a collector.
    pub(crate) fn open_reports(&self) -> impl Iterator<Item = &OpenReport> {
        self.open.values()
    }

    /// The best collectors for a report, measured from the middle of its area.
    pub(crate) fn rank_from_area(
        &self,
        report: &OpenReport,
        judge: &Judge<'_>,
        most: usize,
    ) -> Vec<Appraisal> {
        self.fleet.rank(&self.columns.job_of_open(report), judge, most)
    }

    /// What a report takes up on a vehicle.
    pub(crate) fn load_of(&self, report: &OpenReport) -> Load {
        self.columns.job_of_open(report).load
    }

    /// What still fits on the collector's vehicle.
    pub(crate) fn free_of(&self, collector: CollectorId) -> Load {
        self.contenders.get(&collector).map(|(one, _)| one.free()).unwrap_or_default()
    }
}

impl Face {
    fn of(profile: &Profile) -> Self {
        Self { name: profile.name.clone(), kind: profile.kind, rating: profile.rating }
    }
}
