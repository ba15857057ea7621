use primitives::Rupiah;

use super::{
    bitmap::WORD_BITS,
    fleet::Fleet,
    merits::{Prospect, Standards, Yardstick},
    pyramid::{Mixture, PARTS, Square, WHOLE},
    vehicles::Roads,
};
use crate::ranking::{Job, Judge, Score};

/// What nobody's score for one job surpasses, from what little the index knows of him.
pub(super) struct Ceiling<'a> {
    fleet: &'a Fleet,
    job: &'a Job,
    judge: &'a Judge<'a>,
    roads: Roads<'a>,
    /// What the windows and the waiting count at most for whoever is at the door already.
    standstill: Score,
    merits: Yardstick,
    /// The merits that count when a payout is known.
    merits_beside_payout: Yardstick,
    /// How much each material counts of the best payout.
    mixture: Mixture,
}

impl<'a> Ceiling<'a> {
    /// Works out what holds for everybody.
    pub(super) fn of(fleet: &'a Fleet, job: &'a Job, judge: &'a Judge<'a>) -> Self {
        let percent = &judge.weights.percent;
        let standards = Standards {
            reliability: percent.reliability,
            rating: percent.rating,
            spare_capacity: percent.spare_capacity,
            fairness: percent.fairness,
            generosity: percent.payout,
        };
        let best = fleet.best_payouts_for(job).unwrap_or_default();
        let sum = Rupiah::sum(best.iter().map(|(_, value)| *value)).ok();
        let prospect =
            sum.filter(|_| !best.is_empty()).and_then(|sum| prospect_of(job, percent.payout, sum));
        let roads = Roads::of(&fleet.vehicles, job, judge);
        Self {
            fleet,
            job,
            judge,
            standstill: roads.standstill(job),
            roads,
            merits: Yardstick::of(standards, prospect),
            merits_beside_payout: Yardstick::of(standards, Some(Prospect::NOTHING)),
            mixture: mixture_of(fleet, job, &best),
        }
    }

    /// What anybody may be worth in each part of a square that is not nearer; nothing where nobody buys it all.
    pub(super) fn of_parts(&self, square: Square, meters: &[u32; PARTS]) -> Option<[Score; PARTS]> {
        let (peaks, heights) = self.fleet.peaks.parts(square, &self.mixture)?;
        let mut ceilings = self.merits.most_below(peaks, &heights);
        for ((ceiling, way), height) in
            ceilings.iter_mut().zip(self.roads.ways(meters)).zip(heights)
        {
            let all = self.standstill.plus(way).plus(*ceiling);
            *ceiling = if height > 0 { all } else { Score::NOTHING };
        }
        Some(ceilings)
    }

    /// What the merits have to come to, at least, for somebody who is not nearer to be worth so much.
    pub(super) fn least(&self, wanted: Score, meters: u32) -> u16 {
        self.merits.least(wanted, self.standstill.plus(self.roads.way(meters)))
    }

    /// By what merits are weighed.
    pub(super) const fn merits(&self) -> &Yardstick {
        &self.merits
    }

    /// What the collector may be worth by his generosity.
    pub(super) fn of_slot(&self, slot: usize, meters: u32, sums: &[u16; WORD_BITS]) -> Score {
        let (way, taken) = self.roads.way_and_taken(slot, meters);
        self.standstill.plus(way).plus(self.merits.most_of_sum(sums, slot)).less(taken)
    }

    /// The same by what he does pay.
    pub(super) fn of_priced(&self, slot: usize, meters: u32) -> Option<Score> {
        let Self { fleet, job, .. } = self;
        let merits = self.merits_beside_payout.most(fleet.merits.of_slot(slot)?);
        let (way, taken) = self.roads.way_and_taken(slot, meters);
        let payout = self.judge.payout(job, fleet.deal_of(slot, job)?.payout);
        Some(self.standstill.plus(way).plus(merits).plus(payout).less(taken))
    }
}

/// How much each material counts of the best payout, rounded up.
///
/// Who buys everything and pays the share `g` of the best price of each material has merits `m` that come, with the mean
/// of these shares, to the mean of `m + g` over the materials: to no more than the mean of the heights. Where something
/// may be left behind, only the height of everybody is sure.
fn mixture_of(fleet: &Fleet, job: &Job, best: &[(usize, Rupiah)]) -> Mixture {
    let sum: i128 = best.iter().map(|(_, value)| i128::from(value.get())).sum();
    if !job.minimum_share.is_all() || sum <= 0 {
        return vec![(fleet.peaks.anything(), WHOLE)];
    }
    let count = |value: &Rupiah| {
        let scaled = i128::from(value.get()) * i128::from(WHOLE);
        u32::try_from((scaled + sum - 1) / sum).unwrap_or(WHOLE)
    };
    best.iter().map(|(material, value)| (*material, count(value))).collect()
}

/// What a payout can count, by generosity.
///
/// Who pays at most the share `g` of the best prices pays at most `g·(best + n) + n` for `n` items: every item's value
/// is rounded once, by half a rupiah, his own and the best one.
fn prospect_of(job: &Job, percent: u32, best: Rupiah) -> Option<Prospect> {
    let top = i128::from(job.top_payout.get());
    if top <= 0 {
        return Some(Prospect::NOTHING);
    }
    let (percent, items) = (i128::from(percent), i128::try_from(job.items.len()).ok()?);
    let rounded_up = |part: i128| u32::try_from((part + top - 1) / top).ok();
    Some(Prospect {
        half_percents: rounded_up(percent * 2 * (i128::from(best.get()) + items))?,
        granted: rounded_up(percent * 10_000 * items)?,
    })
}
