//! One formula per part. Each only ever falls with distance, so that a bound on distance bounds the score.

use primitives::{Rupiah, Timestamp};

use super::{Job, Load, Record, Score, Sighting, Value, Window};

/// A drive of this long is worth half of being there already.
const HALF_WORTH_SECONDS: i64 = 900;
/// A wait of this long counts half of all there is.
const HALF_WAITED_SECONDS: i64 = 6 * 3_600;
/// Whoever has been lost from sight may be this much farther away than his base.
const LOST_SECONDS: u32 = 600;
/// So many recent jobs halve the value of fairness.
const HALF_FAIR_WINS: i64 = 5;
/// A newcomer stands as if he had been given this many jobs and kept nine of them.
const PRIOR_PROMISES: i64 = 10;
const PRIOR_KEPT: i64 = 9;
/// A newcomer stands as if five households had given four stars each.
const PRIOR_RATINGS: i64 = 5;
const PRIOR_STARS: i64 = 20;

/// Seconds on the road, rounded up; a vehicle that does not move never arrives.
pub(crate) fn eta_seconds(distance_meters: u32, crow_meters_per_hour: u32) -> i64 {
    let speed = i64::from(crow_meters_per_hour.max(1));
    (i64::from(distance_meters) * 3_600 + speed - 1) / speed
}

/// What is added to the way because nobody knows where he is.
pub(super) const fn delay_seconds(sighting: Sighting) -> u32 {
    match sighting {
        Sighting::Stale => LOST_SECONDS,
        Sighting::Fresh(_) | Sighting::Never => 0,
    }
}

pub(super) fn travel_time(eta_seconds: i64) -> Value {
    Value::share(HALF_WORTH_SECONDS, HALF_WORTH_SECONDS.saturating_add(eta_seconds))
}

/// What `travel_time` counts at so many percent is never above this; it is at most a ten-thousandth of a percent short.
pub(super) fn travel_time_at_most(eta_seconds: f64, percent: u32) -> Score {
    let best = f64::from(Value::BEST.weighing(percent).millionths());
    let half_worth = 900.0;
    Score::rounded_up(best * half_worth / (half_worth + eta_seconds))
}

/// Beyond the top of the reference prices nothing is gained: who promises the moon does not rise.
pub(super) fn payout(payout: Rupiah, top: Rupiah) -> Value {
    Value::share(payout.get(), top.get())
}

pub(super) fn reliability(record: &Record) -> Value {
    Value::share(i64::from(record.kept) + PRIOR_KEPT, i64::from(record.promised) + PRIOR_PROMISES)
}

/// One star is the worst there is, five the best.
pub(super) fn rating(record: &Record) -> Value {
    let ratings = i64::from(record.ratings) + PRIOR_RATINGS;
    Value::share(i64::from(record.stars) + PRIOR_STARS - ratings, 4 * ratings)
}

pub(crate) fn spare_capacity(capacity: Load, free: Load, load: Load) -> Value {
    let left = free.minus(load);
    let weight = Value::share(left.grams, capacity.grams);
    weight.min(Value::share(left.milliliters, capacity.milliliters))
}

/// The part of the best window that is left when he arrives. Coming early costs nothing: he sets out later.
pub(super) fn window_fit(windows: &[Window], arrival: Timestamp) -> Value {
    let left = |window: &Window| {
        let start = window.from.max(arrival);
        Value::share(window.until.seconds_since(start), window.until.seconds_since(window.from))
    };
    windows.iter().map(left).max().unwrap_or(Value::BEST)
}

pub(super) fn fairness(record: &Record) -> Value {
    Value::share(HALF_FAIR_WINS, HALF_FAIR_WINS + i64::from(record.recent_wins))
}

pub(super) fn ageing(job: &Job, now: Timestamp) -> Value {
    let waited = now.seconds_since(job.waiting_since).max(0);
    Value::share(waited, waited.saturating_add(HALF_WAITED_SECONDS))
}
