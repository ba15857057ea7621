use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use collectors::{CollectorKind, Profile, Rating};
use primitives::{CollectorId, Coordinates, ReportId, Timestamp};
use reports::{OpenReport, Report};

use crate::{
    answers::Answers,
    book::{Book, Known},
    columns::Columns,
    index::{Board, Fleet, Posting},
    positions::Positions,
    ranking::{Appraisal, Contender, Judge, Part, Record, Score, Weights},
};

/// The whole index as it was at one moment: never changed, only replaced.
#[derive(Default)]
pub(crate) struct Snapshot {
    id: String,
    pub(crate) built_at: Option<Timestamp>,
    fleet: Fleet,
    entrants: HashMap<CollectorId, Arc<Entrant>>,
    notices: Arc<Notices>,
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
    /// Names the weights and formulas.
    pub weights: &'static str,
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
        columns: &Columns,
        now: Timestamp,
    ) -> Self {
        let entrant = |(id, known): (&CollectorId, &Arc<Known>)| {
            let (live, wins) = (positions.fresh(*id, now), book.recent_wins(*id, now));
            let before = before.entrants.get(id).filter(|it| Arc::ptr_eq(&it.known, known));
            (*id, Entrant::of(known, before, columns, (live, wins)))
        };
        let entrants: Vec<_> = book.collectors.iter().map(entrant).collect();
        let is_same = Arc::ptr_eq(&before.notices.open, &book.open);
        let notices = if is_same { before.notices.clone() } else { Notices::of(book, columns) };
        Self {
            id: format!("{}.{}", book.read_to(), now.micros()),
            built_at: Some(now),
            fleet: Fleet::build(entrants.iter().map(|(_, entrant)| &entrant.contender)),
            entrants: entrants.into_iter().collect(),
            notices,
            answers: Answers::default(),
        }
    }

    /// An open report as it was then.
    pub(crate) fn open_report(&self, report: ReportId) -> Option<&OpenReport> {
        self.notices.open.get(&report)
    }

    /// The best collectors for a report, measured from its door, at the moment of the snapshot: the same snapshot and the
    /// same report always give the same answer.
    pub(crate) fn rank(&self, report: &Report, columns: &Columns, most: usize) -> Ranking {
        let weights = &Weights::CANDIDATES;
        let now = self.built_at.unwrap_or(report.opened_at);
        let job = columns.job_at_home(report);
        let best = self.fleet.rank(&job, &Judge { weights, now }, most);
        let candidate = |(rank, appraisal): (usize, Appraisal)| {
            let face = self.entrants.get(&appraisal.collector)?.face.clone();
            Some(Candidate { rank, face, appraisal, parts: appraisal.parts(weights) })
        };
        let candidates = (1..).zip(best).filter_map(candidate).collect();
        Ranking { snapshot: self.id.clone(), weights: weights.version, candidates }
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
            Some(FeedEntry { report, appraisal, parts: appraisal.parts(weights) })
        };
        rest.take(most).filter_map(entry).collect()
    }
}

impl Entrant {
    fn of(
        known: &Arc<Known>,
        before: Option<&Arc<Self>>,
        columns: &Columns,
        (live, wins): (Option<Coordinates>, usize),
    ) -> Arc<Self> {
        let recent_wins = u32::try_from(wins).unwrap_or(u32::MAX);
        match before.map(|before| (before, &before.contender)) {
            Some((before, was)) if was.live == live && was.record.recent_wins == recent_wins => {
                Arc::clone(before)
            }
            Some((before, was)) => {
                let record = Record { recent_wins, ..was.record };
                let contender = Contender { live, record, ..was.clone() };
                Arc::new(Self { known: Arc::clone(known), contender, face: before.face.clone() })
            }
            None => Arc::new(Self {
                known: Arc::clone(known),
                contender: columns.contender(&known.profile, known.carried, live, wins),
                face: Face::of(&known.profile),
            }),
        }
    }
}

impl Notices {
    fn of(book: &Book, columns: &Columns) -> Arc<Self> {
        let posting =
            |report: &OpenReport| Posting { report: report.id, job: columns.job_of_open(report) };
        let board = Board::build(book.open.values().map(posting).collect());
        Arc::new(Self { open: Arc::clone(&book.open), board })
    }
}

impl Face {
    fn of(profile: &Profile) -> Self {
        Self { name: profile.name.clone(), kind: profile.kind, rating: profile.rating }
    }
}
