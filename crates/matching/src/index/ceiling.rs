use std::cmp::Ordering;

use primitives::Rupiah;

use super::{
    fleet::Fleet,
    merits::{Prospect, Standards, Yardstick},
    vehicles::Roads,
};
use crate::ranking::{Deal, Job, Judge, Score};

/// What nobody's score for one job surpasses, from what little the index knows of him.
pub(super) struct Ceiling<'a> {
    fleet: &'a Fleet,
    job: &'a Job,
    judge: &'a Judge<'a>,
    roads: Roads<'a>,
    merits: Yardstick,
    /// The merits that count when a payout is known.
    merits_beside_payout: Yardstick,
}

/// Somebody who may be worth enough.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Hopeful {
    /// The most that he may be worth.
    pub(super) ceiling: Score,
    /// Who he is.
    pub(super) slot: usize,
    /// What he takes.
    pub(super) deal: Deal,
}

/// The most hopeful is the greatest.
impl Ord for Hopeful {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.ceiling, self.slot).cmp(&(other.ceiling, other.slot))
    }
}

impl PartialOrd for Hopeful {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
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
        let best = fleet.best_payout_for(job);
        let prospect = best.and_then(|best| prospect_of(job, percent.payout, best));
        Self {
            fleet,
            job,
            judge,
            roads: Roads::of(&fleet.vehicles, job, judge),
            merits: Yardstick::of(standards, prospect),
            merits_beside_payout: Yardstick::of(standards, Some(Prospect::NOTHING)),
        }
    }

    /// What the windows and the waiting count at most for whoever is not nearer.
    pub(super) fn standstill(&self, meters: u32) -> Score {
        self.roads.standstill(self.job, meters)
    }

    /// Whether anybody who is not nearer may be worth so much.
    pub(super) fn allows(&self, wanted: Score, standstill: Score, meters: u32) -> bool {
        let least = self.least(wanted, standstill, meters);
        self.fleet.merits.come_to(&self.merits, least)
    }

    /// What the merits have to come to, at least, for somebody who is not nearer to be worth so much.
    pub(super) fn least(&self, wanted: Score, standstill: Score, meters: u32) -> u16 {
        self.merits.least(wanted, standstill.plus(self.roads.way(meters)))
    }

    /// By what merits are weighed.
    pub(super) const fn merits(&self) -> &Yardstick {
        &self.merits
    }

    /// The collector, unless he cannot be worth so much: judged first by his generosity, then by what he does pay.
    pub(super) fn hopeful(
        &self,
        slot: usize,
        meters: u32,
        standstill: Score,
        wanted: Score,
    ) -> Option<Hopeful> {
        let Self { fleet, job, .. } = self;
        let merits = fleet.merits.of_slot(slot)?;
        let (way, taken) = self.roads.way_and_taken(slot, meters);
        let at_most = |rest: Score| standstill.plus(way).plus(rest).less(taken);
        if at_most(self.merits.most(merits)) < wanted {
            return None;
        }
        let deal = fleet.deal_of(slot, job)?;
        let beside = self.merits_beside_payout.most(merits);
        let ceiling = at_most(beside.plus(self.judge.payout(job, deal.payout)));
        (ceiling >= wanted).then_some(Hopeful { ceiling, slot, deal })
    }
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
