use std::{cmp::Reverse, time::Duration};

use primitives::{CollectorId, Rupiah, Timestamp};

use super::{Deal, Job, Load, Part, PerPart, Score, Standing, Value, Weights, values};
use crate::index::whole_meters;

/// What one collector is worth to one household, with reasons.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Appraisal {
    /// Who.
    pub collector: CollectorId,
    /// The sum of the contributions of all parts.
    pub score: Score,
    /// How good he is, part by part.
    pub values: PerPart<Value>,
    /// How far he is from there, as the crow flies.
    pub distance_meters: u32,
    /// How long he would be on the road.
    pub eta_seconds: i64,
    /// What he takes, and what he pays for it.
    pub deal: Deal,
}

impl Appraisal {
    /// Best first; equals in the order of their ids.
    pub fn rank_key(&self) -> (Reverse<Score>, CollectorId) {
        (Reverse(self.score), self.collector)
    }

    /// The parts that add up to the score under these weights.
    pub fn parts(&self, weights: &Weights) -> [Part; 8] {
        weights.parts(&self.values)
    }
}

/// Weighs collectors at one moment by one set of weights.
#[derive(Debug, Clone, Copy)]
pub struct Judge<'a> {
    /// What counts how much.
    pub weights: &'a Weights,
    /// The moment of the question.
    pub now: Timestamp,
}

impl Judge<'_> {
    /// Weighs one collector who is eligible, by what he would take.
    pub fn appraise(
        &self,
        job: &Job,
        collector: CollectorId,
        standing: &Standing,
        deal: Deal,
    ) -> Appraisal {
        let distance_meters = whole_meters(standing.whereabouts, job.place);
        let values = self.values(job, standing, &deal, distance_meters);
        let eta_seconds = eta_seconds(standing, distance_meters);
        let score = self.weights.score(&values);
        Appraisal { collector, score, values, distance_meters, eta_seconds, deal }
    }

    /// What the way counts at most for whoever is on it at least so long.
    pub(crate) fn way_at_most(&self, eta_seconds: f64) -> Score {
        values::travel_time_at_most(eta_seconds, self.weights.percent.travel_time)
    }

    /// What the windows and the waiting count for whoever arrives after so long.
    pub(crate) fn standstill(&self, job: &Job, eta_seconds: i64) -> Score {
        let percent = &self.weights.percent;
        let fit = values::window_fit(&job.windows, self.arrival(eta_seconds));
        fit.weighing(percent.window_fit)
            .plus(values::ageing(job, self.now).weighing(percent.ageing))
    }

    /// What a payout counts.
    pub(crate) fn payout(&self, job: &Job, payout: Rupiah) -> Score {
        values::payout(payout, job.top_payout).weighing(self.weights.percent.payout)
    }

    /// What the load takes off the room of a vehicle at the least, for whoever it fits.
    pub(crate) fn room_taken(&self, job: &Job, capacity: Load) -> Score {
        let least = job.least_load();
        let weight = Value::share(least.grams, capacity.grams);
        let part = weight.min(Value::share(least.milliliters, capacity.milliliters));
        part.weighing(self.weights.percent.spare_capacity)
    }

    fn arrival(&self, eta_seconds: i64) -> Timestamp {
        self.now.plus(Duration::from_secs(eta_seconds.unsigned_abs()))
    }

    pub(super) fn score(
        &self,
        job: &Job,
        standing: &Standing,
        deal: &Deal,
        distance_meters: u32,
    ) -> Score {
        self.weights.score(&self.values(job, standing, deal, distance_meters))
    }

    fn values(
        &self,
        job: &Job,
        standing: &Standing,
        deal: &Deal,
        distance_meters: u32,
    ) -> PerPart<Value> {
        let eta_seconds = eta_seconds(standing, distance_meters);
        let arrival = self.arrival(eta_seconds);
        PerPart {
            travel_time: values::travel_time(eta_seconds),
            payout: values::payout(deal.payout, job.top_payout),
            reliability: standing.reliability,
            rating: standing.rating,
            spare_capacity: values::spare_capacity(standing.capacity, standing.free, deal.load),
            window_fit: values::window_fit(&job.windows, arrival),
            fairness: standing.fairness,
            ageing: values::ageing(job, self.now),
        }
    }
}

/// Until he is at the door.
fn eta_seconds(standing: &Standing, distance_meters: u32) -> i64 {
    let on_the_road = values::eta_seconds(distance_meters, standing.crow_meters_per_hour);
    on_the_road.saturating_add(i64::from(standing.delay_seconds))
}
