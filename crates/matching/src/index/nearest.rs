use primitives::CollectorId;

use super::{bitmap::Word, fleet::Fleet, plane::whole_meters, search::Question};
use crate::ranking::{Appraisal, Deal, Job, Judge, Top};

/// The nearest so far: by distance, then by id; their slots, and what they take.
type Nearest = Top<(u32, CollectorId), (usize, Deal)>;

impl Fleet {
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
        let Some(question) = Question::of(self, job, judge) else { return Vec::new() };
        for ring in question.rings() {
            let farthest = nearest.last().map_or(radius_meters, |&(meters, _)| meters);
            if ring.nearest_meters() > farthest {
                break;
            }
            for word in ring.spans().flat_map(|span| question.buyers_in(span)) {
                question.measure(word, radius_meters, &mut nearest);
            }
        }
        let appraise = |(slot, deal)| self.appraise(slot, deal, job, judge);
        nearest.into_ranked().filter_map(appraise).collect()
    }
}

impl Question<'_> {
    /// Takes those of the word in who are among the nearest.
    fn measure(&self, word: Word, radius_meters: u32, nearest: &mut Nearest) {
        for slot in word.slots() {
            let farthest = nearest.last().map_or(radius_meters, |&(meters, _)| meters);
            if self.at_least_meters(slot) <= farthest
                && let Some(found) = self.find(slot)
                && found.0.0 <= radius_meters
            {
                nearest.offer(found.0, found.1);
            }
        }
    }

    /// How far the collector is and what he takes, if he may take the job.
    fn find(&self, slot: usize) -> Option<((u32, CollectorId), (usize, Deal))> {
        let Self { fleet, job, .. } = self;
        if !fleet.admits(slot, job) {
            return None;
        }
        let deal = fleet.deal_of(slot, job).filter(|deal| fleet.has_room(slot, deal))?;
        let meters = whole_meters(fleet.standing(slot)?.whereabouts, job.place);
        Some(((meters, fleet.id(slot)?), (slot, deal)))
    }
}
