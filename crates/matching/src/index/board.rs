use std::cmp::Reverse;

use primitives::ReportId;

use super::{grid::Grid, plane::Flat};
use crate::ranking::{Appraisal, Contender, Job, Judge, Score, Standing, eligible};

/// An open report as collectors may know it: its area instead of its home.
#[derive(Debug, Clone, PartialEq)]
pub struct Posting {
    /// Which report.
    pub report: ReportId,
    /// What it asks; its place is the middle of the area, its tolerance the area's reach.
    pub job: Job,
}

impl Posting {
    /// Best first; equals in the order of their ids.
    pub fn rank_key(&self, appraisal: &Appraisal) -> (Reverse<Score>, ReportId) {
        (Reverse(appraisal.score), self.report)
    }
}

/// All open reports, sorted by the grid cell of their areas: the index read the other way.
#[derive(Debug, Clone, Default)]
pub struct Board {
    grid: Grid,
    postings: Vec<Posting>,
    widest_tolerance_meters: u32,
}

impl Board {
    /// Builds the columns.
    pub fn build(postings: Vec<Posting>) -> Self {
        let places: Vec<Flat> =
            postings.iter().map(|posting| Flat::of(posting.job.place)).collect();
        let (grid, order) = Grid::around(&places);
        let widest = postings.iter().map(|posting| posting.job.tolerance_meters).max();
        let postings = order.into_iter().filter_map(|place| postings.get(place).cloned()).collect();
        Self { grid, postings, widest_tolerance_meters: widest.unwrap_or(0) }
    }

    /// Every open report that this collector may take, best first.
    pub fn feed(&self, contender: &Contender, judge: &Judge<'_>) -> Vec<(&Posting, Appraisal)> {
        let standing = Standing::of(contender);
        let mut found: Vec<(&Posting, Appraisal)> = self
            .around(contender)
            .filter(|posting| eligible(contender, &posting.job).is_ok())
            .filter_map(|posting| {
                let deal = posting.job.deal_at(&contender.prices)?;
                Some((posting, judge.appraise(&posting.job, contender.collector, &standing, deal)))
            })
            .collect();
        found.sort_unstable_by_key(|(posting, appraisal)| posting.rank_key(appraisal));
        found
    }

    /// Everything within the collector's circle, and a little around it.
    fn around(&self, contender: &Contender) -> impl Iterator<Item = &Posting> {
        let reach = contender.radius_meters.saturating_add(self.widest_tolerance_meters);
        self.grid
            .rings(Flat::of(contender.base))
            .take_while(move |ring| ring.nearest_meters() <= reach)
            .flat_map(|ring| ring.spans().collect::<Vec<_>>())
            .flatten()
            .filter_map(|slot| self.postings.get(slot))
    }
}
