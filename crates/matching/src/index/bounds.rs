use primitives::Rupiah;

use super::{
    merits::{Prospect, Standards, Yardstick},
    plane::whole_meters,
};
use crate::ranking::{Contender, Job, Judge, Load, Score, Standing, Value};

/// What nobody in the fleet surpasses.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bounds {
    /// The farthest from anyone's whereabouts to the far side of his circle.
    reach_meters: u32,
    fastest_crow: u32,
}

impl Bounds {
    /// Takes one more in.
    pub(super) fn widen(&mut self, contender: &Contender, standing: &Standing) {
        let from_base = whole_meters(contender.base, standing.whereabouts);
        // Two distances are rounded to meters on the way here, and the one they bound is too.
        let reach = contender.radius_meters.saturating_add(from_base).saturating_add(2);
        self.reach_meters = self.reach_meters.max(reach);
        self.fastest_crow = self.fastest_crow.max(standing.crow_meters_per_hour);
    }

    /// Nobody farther from the job than this can be eligible.
    pub(super) const fn reach_for(&self, job: &Job) -> u32 {
        self.reach_meters.saturating_add(job.tolerance_meters)
    }

    /// The most that the parts come to which the merits leave out, for anyone at least so far away.
    pub(super) fn rest(&self, job: &Job, judge: &Judge<'_>, nearest_meters: u32) -> Score {
        let nobody = Standing {
            whereabouts: job.place,
            crow_meters_per_hour: self.fastest_crow,
            delay_seconds: 0,
            capacity: Load::default(),
            free: Load::default(),
            reliability: Value::WORST,
            rating: Value::WORST,
            fairness: Value::WORST,
        };
        judge.ceiling(job, &nobody, Rupiah::ZERO, nearest_meters)
    }
}

/// How much of the score for this job each merit can be, when the best of all markets would pay `best_payout`.
pub(super) fn yardstick_of(job: &Job, judge: &Judge<'_>, best_payout: Option<Rupiah>) -> Yardstick {
    let percent = &judge.weights.percent;
    let percent = Standards {
        reliability: percent.reliability,
        rating: percent.rating,
        spare_capacity: percent.spare_capacity,
        fairness: percent.fairness,
        generosity: percent.payout,
    };
    let prospect = best_payout.and_then(|best| prospect_of(job, percent.generosity, best));
    Yardstick::of(percent, prospect)
}

/// What a payout can count, by generosity.
///
/// Who pays at most the share `g` of the best prices pays at most `g·(best + n) + n` for `n` items: every item's value
/// is rounded once, by half a rupiah, his own and the best one.
fn prospect_of(job: &Job, percent: u32, best: Rupiah) -> Option<Prospect> {
    let top = i128::from(job.top_payout.get());
    if top <= 0 {
        return Some(Prospect { half_percents: 0, granted: 0 });
    }
    let (percent, items) = (i128::from(percent), i128::try_from(job.items.len()).ok()?);
    let rounded_up = |part: i128| u32::try_from((part + top - 1) / top).ok();
    Some(Prospect {
        half_percents: rounded_up(percent * 2 * (i128::from(best.get()) + items))?,
        granted: rounded_up(percent * 10_000 * items)?,
    })
}
