use std::{cmp::Reverse, collections::BinaryHeap};

use primitives::CollectorId;

use super::{
    bitmap::Word,
    ceiling::{Ceiling, Hopeful},
    fleet::Fleet,
    grid::Ring,
    search::Question,
};
use crate::ranking::{Appraisal, Job, Judge, Score, Top};

/// The best so far: by score, then by id.
type Best = Top<(Reverse<Score>, CollectorId), Appraisal>;

impl Fleet {
    /// The exact best of all eligible collectors, best first; ties in the order of their ids.
    ///
    /// Rings are walked from the inside out until nobody farther away can be eligible, or good enough. Within a ring,
    /// cells and then collectors are passed over who cannot be good enough; the others are asked in the order of what
    /// they may be worth at most, until nobody is left who may be worth enough.
    pub fn rank(&self, job: &Job, judge: &Judge<'_>, most: usize) -> Vec<Appraisal> {
        let mut best = Best::of(most);
        let Some(question) = Question::of(self, job, judge) else { return Vec::new() };
        let ceiling = Ceiling::of(self, job, judge);
        let mut hopefuls = BinaryHeap::new();
        for ring in question.rings() {
            let (wanted, meters) = (worst_of(&best), ring.nearest_meters());
            let standstill = ceiling.standstill(meters);
            if !ceiling.allows(wanted, standstill, meters) {
                break;
            }
            question.gather(&ring, &ceiling, (standstill, wanted), &mut hopefuls);
            question.ask(&mut hopefuls, &mut best);
        }
        best.into_ranked().collect()
    }
}

/// The score that is wanted to be among the best.
fn worst_of(best: &Best) -> Score {
    best.last().map_or(Score::NOTHING, |key| key.0.0)
}

impl Question<'_> {
    /// Everybody of the ring who may be worth what is wanted.
    fn gather(
        &self,
        ring: &Ring<'_>,
        ceiling: &Ceiling<'_>,
        (standstill, wanted): (Score, Score),
        hopefuls: &mut BinaryHeap<Hopeful>,
    ) {
        let merits = &self.fleet.merits;
        for cell in ring.cells() {
            let least = ceiling.least(wanted, standstill, cell.nearest_meters);
            if merits.cell_comes_to(cell.number, ceiling.merits(), least) {
                let words = self.buyers_in(cell.slots);
                let left = words.map(|word| merits.coming_to(word, ceiling.merits(), least));
                hopefuls.extend(left.flat_map(Word::slots).filter_map(|slot| {
                    ceiling.hopeful(slot, self.at_least_meters(slot)?, standstill, wanted)
                }));
            }
        }
    }

    /// Asks the most hopeful first, until those who are left hope in vain.
    fn ask(&self, hopefuls: &mut BinaryHeap<Hopeful>, best: &mut Best) {
        let Self { fleet, job, judge, .. } = self;
        while let Some(Hopeful { ceiling, slot, deal }) = hopefuls.pop() {
            if ceiling < worst_of(best) {
                hopefuls.clear();
            } else if fleet.has_room(slot, &deal)
                && fleet.admits(slot, job)
                && let Some(appraisal) = fleet.appraise(slot, deal, job, judge)
            {
                best.offer(appraisal.rank_key(), appraisal);
            }
        }
    }
}
