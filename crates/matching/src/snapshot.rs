use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use catalog::MaterialCode;
use collectors::{CollectorKind, Profile, Rating};
use primitives::{CollectorId, ReportId, Timestamp};
use reports::{Item, OpenReport, Report};

use crate::{
    answers::Answers,
    book::{Book, Known},
    columns::{Columns, Present, duty_of},
    index::{Board, Fleet, Posting},
    parallel,
    positions::Positions,
    ranking::{
        Appraisal, Contender, Counterfactual, Deal, Grounds, Judge, Load, Part, Score, Standing,
        Weights,
    },
    weights::WeightTable,
};

/// The whole index as it was at one moment: never changed, only replaced.
#[derive(Default)]
pub(crate) struct Snapshot {
    id: String,
    pub(crate) built_at: Option<Timestamp>,
    pub(crate) columns: Arc<Columns>,
    fleet: Fleet,
    entrants: HashMap<CollectorId, Arc<Entrant>>,
    notices: Arc<Notices>,
    weights: WeightTable,
    pub(crate) answers: Answers,
}

/// A collector of the book, translated once and kept from snapshot to snapshot while nothing about him changes.
struct Entrant {
    known: Arc<Known>,
    contender: Contender,
    face: Face,
}

/// All open reports, kept from snapshot to snapshot while none of them changes.
#[derive(Default)]
struct Notices {
    open: Arc<BTreeMap<ReportId, OpenReport>>,
    board: Board,
}

impl Notices {
    fn of(book: &Book, columns: &Columns) -> Arc<Self> {
        let posting =
            |report: &OpenReport| Posting { report: report.id, job: columns.job_of_open(report) };
        let board = Board::build(book.open.values().map(posting).collect());
        Arc::new(Self { open: Arc::clone(&book.open), board })
    }
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
    /// The version of the report for which they are.
    pub report_version: i64,
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
    /// What he takes of the report, unless it is all of it.
    pub taken: Option<Vec<MaterialCode>>,
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
    /// What he takes of it, unless it is all of it.
    pub taken: Option<Vec<MaterialCode>>,
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
    /// Builds the index from the book and the positions; what is still true is taken over from the snapshot before.
    pub(crate) fn after(
        before: &Self,
        book: &Book,
        positions: &Positions,
        columns: Columns,
        now: Timestamp,
    ) -> Self {
        // Another catalog changes what everything was translated into.
        let same_columns = *before.columns == columns;
        let columns = if same_columns { Arc::clone(&before.columns) } else { Arc::new(columns) };
        let entrant = |&(id, known): &(&CollectorId, &Arc<Known>)| {
            let was = before.entrants.get(id);
            let was = was.filter(|was| same_columns && Arc::ptr_eq(&was.known, known));
            let present = Present {
                sighting: positions.sighting(*id, now),
                duty: duty_of(&known.profile, now),
                recent_wins: book.recent_wins(*id, now),
            };
            (*id, Entrant::of(known, was, &columns, present))
        };
        let entrants = parallel::map(&book.collectors.iter().collect::<Vec<_>>(), entrant);
        let contenders = entrants.iter().map(|(_, entrant)| &entrant.contender);
        let fleet = if same_columns && before.differs_by_places_only(&entrants) {
            before.fleet.moved(contenders)
        } else {
            Fleet::build(contenders)
        };
        let is_same = same_columns && Arc::ptr_eq(&before.notices.open, &book.open);
        let notices = if is_same { before.notices.clone() } else { Notices::of(book, &columns) };
        Self {
            id: format!("{}.{}", book.read_to(), now.micros()),
            built_at: Some(now),
            fleet,
            entrants: entrants.into_iter().collect(),
            weights: book.weights.clone(),
            answers: Answers::default(),
            columns,
            notices,
        }
    }

    /// Whether these are its own collectors and nobody has done anything but move.
    fn differs_by_places_only(&self, entrants: &[(CollectorId, Arc<Entrant>)]) -> bool {
        let is_elsewhere_at_most = |(id, entrant): &(CollectorId, Arc<Entrant>)| {
            self.entrants.get(id).is_some_and(|was| was.is_elsewhere_at_most(entrant))
        };
        self.entrants.len() == entrants.len() && entrants.iter().all(is_elsewhere_at_most)
    }

    /// An open report as it was then.
    pub(crate) fn open_report(&self, report: ReportId) -> Option<&OpenReport> {
        self.notices.open.get(&report)
    }

    /// Every collector whom the book knew, ready to work or not.
    pub(crate) fn contenders(&self) -> impl Iterator<Item = &Contender> {
        self.entrants.values().map(|entrant| &entrant.contender)
    }

    /// One of them.
    pub(crate) fn contender(&self, collector: CollectorId) -> Option<&Contender> {
        Some(&self.entrants.get(&collector)?.contender)
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
            let entrant = self.entrants.get(&appraisal.collector)?;
            let standing = Standing::of(&entrant.contender);
            Some(Candidate {
                rank: place + 1,
                face: entrant.face.clone(),
                appraisal: *appraisal,
                taken: taken_of(&report.items, &appraisal.deal),
                parts: appraisal.parts(weights),
                grounds: Grounds::of(&entrant.contender, &job, now),
                counterfactual: judge.counterfactual(&job, &standing, &best, place),
            })
        };
        let candidates = best.iter().enumerate().filter_map(candidate).collect();
        Ranking {
            report_version: report.version,
            snapshot: self.id.clone(),
            weights: regional.name(),
            candidates,
        }
    }

    /// The open reports that a collector may take, measured from the middles of their areas.
    pub(crate) fn feed(
        &self,
        collector: CollectorId,
        place: FeedPlace,
        most: usize,
    ) -> Vec<FeedEntry> {
        let weights = &Weights::FEED;
        let Some(entrant) = self.entrants.get(&collector) else { return Vec::new() };
        let after = place.after.map(|(score, report)| (std::cmp::Reverse(score), report));
        let judge = Judge { weights, now: place.as_of };
        let ranked = self.notices.board.feed(&entrant.contender, &judge);
        let rest = ranked
            .into_iter()
            .skip_while(|(posting, appraisal)| after >= Some(posting.rank_key(appraisal)));
        let entry = |(posting, appraisal): (&Posting, Appraisal)| {
            let report = self.open_report(posting.report)?.clone();
            let grounds = Grounds::of(&entrant.contender, &posting.job, place.as_of);
            let taken = taken_of(&report.items, &appraisal.deal);
            Some(FeedEntry { report, appraisal, taken, parts: appraisal.parts(weights), grounds })
        };
        rest.take(most).filter_map(entry).collect()
    }
}

/// The materials of a deal, unless it is about all of them.
fn taken_of(items: &[Item], deal: &Deal) -> Option<Vec<MaterialCode>> {
    let taken = items.iter().enumerate().filter(|(position, _)| deal.takes(*position));
    let taken: Vec<_> = taken.map(|(_, item)| item.material.clone()).collect();
    (taken.len() < items.len()).then_some(taken)
}

/// What announcing needs to know: only what is known outside of the households.
impl Snapshot {
    /// Names this snapshot in answers and events.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Every report that waits for a collector.
    pub(crate) fn open_reports(&self) -> impl Iterator<Item = &OpenReport> {
        self.notices.open.values()
    }

    /// The weights of the kabupaten in which the report's area lies, and their name.
    pub(crate) fn weights_for(&self, report: &OpenReport) -> (String, Weights) {
        let Some(desa) = &report.desa else {
            return (Weights::CANDIDATES.version.to_owned(), Weights::CANDIDATES);
        };
        let regional = self.weights.of_desa(desa);
        (regional.name(), regional.weights())
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
        self.contender(collector).map(Contender::free).unwrap_or_default()
    }
}

impl Entrant {
    fn of(
        known: &Arc<Known>,
        before: Option<&Arc<Self>>,
        columns: &Columns,
        present: Present,
    ) -> Arc<Self> {
        let contender = match before {
            Some(before) if Present::of(&before.contender) == present => return Arc::clone(before),
            // To read a price list again takes longer than to copy it.
            Some(before) => present.renew(before.contender.clone()),
            None => columns.contender(&known.profile, known.carried, present),
        };
        Arc::new(Self { known: Arc::clone(known), contender, face: Face::of(&known.profile) })
    }

    /// Whether only the place has changed, if anything.
    fn is_elsewhere_at_most(&self, now: &Self) -> bool {
        let (own, other) = (&self.contender, &now.contender);
        Arc::ptr_eq(&self.known, &now.known) && (own.duty, own.record) == (other.duty, other.record)
    }
}

impl Face {
    fn of(profile: &Profile) -> Self {
        Self { name: profile.name.clone(), kind: profile.kind, rating: profile.rating }
    }
}
