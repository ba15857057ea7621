use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
};

use primitives::CollectorId;

use super::{ceiling::Ceiling, fleet::Fleet, plane::Flat, pyramid::Square, search::Question};
use crate::ranking::{Appraisal, Job, Judge, Score, Top};

/// The best so far: by score, then by id.
type Best = Top<(Reverse<Score>, CollectorId), Appraisal>;

/// Who comes within so much of what is hoped of a cell is weighed first. Few cells come to their second band.
const FIRST_BAND: Score = Score::from_millionths(40_000);

/// What nobody there is worth more than. The most hopeful is the greatest.
struct Hope {
    ceiling: Score,
    of: Whom,
}

enum Whom {
    /// Everybody in a square of cells.
    Square(Square),
    /// Those in a cell who, by its distance, come to less than the ceiling; the band above them was so wide.
    Rest(Square, Score),
    /// One collector, by his generosity.
    Slot(usize),
    /// One collector, by his payout.
    Priced(usize),
}

/// Those of a cell who, by its distance, may be worth less than `above` and no less than `floor`.
struct Band {
    cell: Square,
    above: Score,
    floor: Score,
    width: Score,
}

impl Band {
    /// The best by their own prices, which is what the ceiling of a cell goes by: by their generosity some are above it.
    const fn first(cell: Square, ceiling: Score) -> Self {
        Self { cell, above: Score::MOST, floor: ceiling.less(FIRST_BAND), width: FIRST_BAND }
    }

    /// The next ones, twice as wide: where few are found at all, everybody is soon reached.
    const fn below(cell: Square, above: Score, width: Score) -> Self {
        let width = width.plus(width);
        Self { cell, above, floor: above.less(width), width }
    }
}

impl Ord for Hope {
    fn cmp(&self, other: &Self) -> Ordering {
        self.ceiling.cmp(&other.ceiling)
    }
}

impl PartialOrd for Hope {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Hope {
    fn eq(&self, other: &Self) -> bool {
        self.ceiling == other.ceiling
    }
}

impl Eq for Hope {}

/// A search for the best: what may hold one of them, and who they are so far.
struct Search<'a> {
    question: Question<'a>,
    ceiling: Ceiling<'a>,
    place: Flat,
    hopes: BinaryHeap<Hope>,
    best: Best,
}

impl Fleet {
    /// The exact best of all eligible collectors, best first; ties in the order of their ids.
    ///
    /// Where somebody may be worth most is looked first: a square of cells comes apart into smaller ones, a cell into its
    /// collectors, and a collector is asked. So nobody is asked who, as far as the index can tell, is worth less than the
    /// worst of the best; and when the most that is left to hope for is less than that, the search is over.
    pub fn rank(&self, job: &Job, judge: &Judge<'_>, most: usize) -> Vec<Appraisal> {
        let Some(question) = Question::of(self, job, judge) else { return Vec::new() };
        let mut search = Search {
            question,
            ceiling: Ceiling::of(self, job, judge),
            place: Flat::of(job.place),
            hopes: BinaryHeap::with_capacity(512),
            best: Best::of(most),
        };
        search.run();
        search.best.into_ranked().collect()
    }
}

impl Search<'_> {
    fn run(&mut self) {
        let top = self.question.fleet.peaks.top().map(Whom::Square);
        self.hopes.extend(top.map(|of| Hope { ceiling: Score::MOST, of }));
        while let Some(Hope { ceiling, of }) = self.hopes.pop()
            && ceiling >= self.wanted()
        {
            match of {
                Whom::Square(cell) if cell.is_cell() => self.look_into(&Band::first(cell, ceiling)),
                Whom::Square(square) => self.take_apart(square),
                Whom::Rest(cell, width) => self.look_into(&Band::below(cell, ceiling, width)),
                Whom::Slot(slot) => self.price(slot),
                Whom::Priced(slot) => self.ask(slot),
            }
        }
    }

    /// The score that is wanted to be among the best.
    fn wanted(&self) -> Score {
        self.best.last().map_or(Score::NOTHING, |key| key.0.0)
    }

    /// What may be hoped of the parts of a square that are not too far away.
    fn take_apart(&mut self, square: Square) {
        let Question { fleet, job, .. } = self.question;
        let meters = fleet.grid.nearest_meters_of_parts(square, self.place);
        let Some(ceilings) = self.ceiling.of_parts(square, &meters) else { return };
        let (wanted, reach) = (self.wanted().max(Score::LEAST), fleet.reach_for(job));
        for ((part, meters), ceiling) in square.parts().zip(meters).zip(ceilings) {
            if meters <= reach && ceiling >= wanted {
                self.hopes.push(Hope { ceiling, of: Whom::Square(part) });
            }
        }
    }

    /// Weighs those of the band who buy what there is.
    fn look_into(&mut self, band: &Band) {
        let wanted = self.wanted();
        let Self { question, ceiling, place, hopes, .. } = self;
        let Fleet { grid, merits, .. } = question.fleet;
        let meters = grid.nearest_meters(band.cell, *place);
        let least = wanted.max(band.floor);
        let sum = ceiling.least(least, meters);
        for word in question.buyers_in(grid.slots_of(band.cell)) {
            let (left, sums) = merits.coming_to(word, ceiling.merits(), sum);
            // By the cell's distance first, which says who belongs to the band.
            let by_cell = |slot: &usize| ceiling.of_slot(*slot, meters, &sums);
            let belongs = |slot: &usize| (least..band.above).contains(&by_cell(slot));
            for slot in left.slots().filter(belongs) {
                let ceiling = ceiling.of_slot(slot, question.at_least_meters(slot), &sums);
                hopes.extend((ceiling >= wanted).then_some(Hope { ceiling, of: Whom::Slot(slot) }));
            }
        }
        if band.floor > wanted {
            hopes.push(Hope { ceiling: band.floor, of: Whom::Rest(band.cell, band.width) });
        }
    }

    /// Finds out what somebody pays.
    fn price(&mut self, slot: usize) {
        let meters = self.question.at_least_meters(slot);
        let ceiling = self.ceiling.of_priced(slot, meters);
        if let Some(ceiling) = ceiling.filter(|ceiling| *ceiling >= self.wanted()) {
            self.hopes.push(Hope { ceiling, of: Whom::Priced(slot) });
        }
    }

    /// Finds out whether somebody may come, and what he is worth.
    fn ask(&mut self, slot: usize) {
        let Question { fleet, job, judge, .. } = self.question;
        let deal = fleet.deal_of(slot, job).filter(|deal| fleet.has_room(slot, deal));
        let deal = deal.filter(|_| fleet.admits(slot, job));
        if let Some(appraisal) = deal.and_then(|deal| fleet.appraise(slot, deal, job, judge)) {
            self.best.offer(appraisal.rank_key(), appraisal);
        }
    }
}
