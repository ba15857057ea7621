use std::cmp::Reverse;

use primitives::{CollectorId, Rupiah};

use super::{
    bitmap::{Bitmap, Word, raised_in_all},
    bounds::yardstick_of,
    fleet::Fleet,
    grid::Ring,
    plane::{Flat, whole},
};
use crate::ranking::{Appraisal, Job, Judge, Score, Top};

/// The best so far: by score, then by id.
type Best = Top<(Reverse<Score>, CollectorId), Appraisal>;
/// The nearest so far: by distance, then by id; their slots, and what they pay.
type Nearest = Top<(u32, CollectorId), (usize, Rupiah)>;

/// One question to the fleet, and what is worked out once for it.
struct Question<'a> {
    fleet: &'a Fleet,
    job: &'a Job,
    judge: &'a Judge<'a>,
    buyers: Vec<&'a Bitmap>,
    /// Where the job is, seen from the corner of the grid.
    from: Flat,
    /// No distance on the flat map is off by more.
    slack_meters: f64,
}

impl Fleet {
    /// The exact best of all eligible collectors, best first; ties in the order of their ids.
    ///
    /// Rings are walked from the inside out until nobody farther away can be eligible, or good enough; within a ring,
    /// cells and then collectors are passed over whose merits cannot be enough.
    pub fn rank(&self, job: &Job, judge: &Judge<'_>, most: usize) -> Vec<Appraisal> {
        let mut best = Best::of(most);
        let Some(question) = self.question(job, judge) else { return Vec::new() };
        let yardstick = yardstick_of(job, judge, self.best_payout_for(job));
        for ring in question.rings() {
            let rest = self.bounds.rest(job, judge, ring.nearest_meters());
            let least = |best: &Best| best.last().map_or(0, |key| yardstick.least(key.0.0, rest));
            if !self.merits.come_to(&yardstick, least(&best)) {
                break;
            }
            for (cell, span) in ring.cells() {
                let least = least(&best);
                if self.merits.cell_comes_to(cell, &yardstick, least) {
                    for word in raised_in_all(&question.buyers, span) {
                        let word = self.merits.coming_to(word, &yardstick, least);
                        question.weigh(word, &mut best);
                    }
                }
            }
        }
        best.into_ranked().collect()
    }

    /// The exact nearest of all eligible collectors, nearest first; ties in the order of their ids.
    pub fn nearest(&self, job: &Job, judge: &Judge<'_>, most: usize) -> Vec<Appraisal> {
        self.nearest_within(job, judge, u32::MAX, most)
    }

    /// All eligible collectors within the radius, nearest first; ties in the order of their ids.
    pub fn within(&self, job: &Job, judge: &Judge<'_>, radius_meters: u32) -> Vec<Appraisal> {
        self.nearest_within(job, judge, radius_meters, usize::MAX)
    }

    fn nearest_within(
        &self,
        job: &Job,
        judge: &Judge<'_>,
        radius_meters: u32,
        most: usize,
    ) -> Vec<Appraisal> {
        let mut nearest = Nearest::of(most);
        let Some(question) = self.question(job, judge) else { return Vec::new() };
        for ring in question.rings() {
            let farthest = nearest.last().map_or(radius_meters, |&(meters, _)| meters);
            if ring.nearest_meters() > farthest {
                break;
            }
            for word in ring.spans().flat_map(|span| raised_in_all(&question.buyers, span)) {
                question.measure(word, radius_meters, &mut nearest);
            }
        }
        let appraise = |(slot, payout)| self.appraise(slot, payout, job, judge);
        nearest.into_ranked().filter_map(appraise).collect()
    }

    fn question<'a>(&'a self, job: &'a Job, judge: &'a Judge<'a>) -> Option<Question<'a>> {
        let (place, corner) = (Flat::of(job.place), self.grid.corner());
        Some(Question {
            fleet: self,
            job,
            judge,
            buyers: self.buyers_of(&job.items)?,
            from: Flat { x: place.x - corner.x, y: place.y - corner.y },
            slack_meters: self.grid.rounding_meters(),
        })
    }
}

impl Question<'_> {
    /// The rings in which somebody may be eligible.
    fn rings(&self) -> impl Iterator<Item = Ring<'_>> {
        let reach = self.fleet.bounds.reach_for(self.job);
        let rings = self.fleet.grid.rings(Flat::of(self.job.place));
        rings.take_while(move |ring| ring.nearest_meters() <= reach)
    }

    /// Takes those of the word in who are among the best.
    fn weigh(&self, word: Word, best: &mut Best) {
        for slot in word.slots() {
            if let Some(appraisal) = self.contend(slot, best) {
                best.offer(appraisal.rank_key(), appraisal);
            }
        }
    }

    /// What the collector is worth, unless that is too little or he may not.
    fn contend(&self, slot: usize, best: &Best) -> Option<Appraisal> {
        let Self { fleet, job, judge, .. } = self;
        let payout = fleet.payout_of(slot, job)?;
        if let Some(&(Reverse(worst), _)) = best.last() {
            let standing = fleet.standing(slot)?;
            if judge.ceiling(job, standing, payout, self.at_least_meters(slot)?) < worst {
                return None;
            }
        }
        fleet.admits(slot, job).then(|| fleet.appraise(slot, payout, job, judge))?
    }

    /// Takes those of the word in who are among the nearest.
    fn measure(&self, word: Word, radius_meters: u32, nearest: &mut Nearest) {
        for slot in word.slots() {
            let farthest = nearest.last().map_or(radius_meters, |&(meters, _)| meters);
            if self.at_least_meters(slot).is_some_and(|meters| meters <= farthest)
                && let Some(found) = self.find(slot)
                && found.0.0 <= radius_meters
            {
                nearest.offer(found.0, found.1);
            }
        }
    }

    /// How far the collector is and what he pays, if he may take the job.
    fn find(&self, slot: usize) -> Option<((u32, CollectorId), (usize, Rupiah))> {
        let Self { fleet, job, .. } = self;
        if !fleet.admits(slot, job) {
            return None;
        }
        let payout = fleet.payout_of(slot, job)?;
        let meters = super::whole_meters(fleet.standing(slot)?.whereabouts, job.place);
        Some(((meters, fleet.id(slot)?), (slot, payout)))
    }

    /// The collector is not nearer than this on the ground.
    fn at_least_meters(&self, slot: usize) -> Option<u32> {
        let flat = self.fleet.spots.get(slot)?.meters_from(self.from);
        u32::try_from(whole((flat - self.slack_meters).max(0.0))).ok()
    }
}
