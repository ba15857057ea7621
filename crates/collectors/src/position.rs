use std::time::Duration;

use http_kit::FieldProblem;
use live_state::{Channel, LiveState};
use primitives::{CollectorId, Coordinates, Timestamp};
use serde::{Deserialize, Serialize};

/// The most positions one batch may bring.
const MOST_POSITIONS: usize = 100;
/// The most readings of one second: a receiver gives one.
const MOST_PER_SECOND: usize = 10;
/// Positions older than this help nobody.
const OLDEST: Duration = Duration::from_secs(24 * 60 * 60);
/// How far a phone's clock may be ahead.
const TOLERATED_FUTURE: Duration = Duration::from_secs(5 * 60);
/// How long a position is worth showing.
const TIME_TO_LIVE: Duration = Duration::from_secs(60 * 60);
/// Nothing on our roads is faster: 150 km/h.
const FASTEST_METERS_PER_SECOND: f64 = 150_000.0 / 3_600.0;
/// What a phone that does not say how sure it is may be wrong by.
const ASSUMED_ACCURACY_METERS: i32 = 50;

/// One reading of a phone's receiver.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Fix {
    /// Where.
    pub(crate) coordinates: Coordinates,
    /// How sure the phone is.
    pub(crate) accuracy_meters: Option<i32>,
    /// When, by the phone's clock.
    pub(crate) recorded_at: Timestamp,
}

/// The last known position of a collector, as it stands in live state.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LivePosition {
    /// Where.
    #[serde(flatten)]
    pub coordinates: Coordinates,
    /// How sure the phone is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy_meters: Option<i32>,
    /// When, by the phone's clock.
    pub recorded_at: Timestamp,
    /// Whether he would have had to fly to get there.
    pub suspicious: bool,
}

/// What other parts of the house hear when a collector moves.
#[derive(Serialize)]
struct Moved {
    collector: CollectorId,
    #[serde(flatten)]
    coordinates: Coordinates,
    recorded_at: Timestamp,
    suspicious: bool,
}

/// Says what is wrong with a batch, oldest position first; nothing when it may be taken.
pub(crate) fn problems_of(batch: &[Fix], now: Timestamp) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    if let Some(code) = problem_of_length(batch.len()) {
        problems.push(FieldProblem { pointer: "/positions".to_owned(), code });
    }
    if is_too_dense(batch) {
        let code = "positions_too_dense";
        problems.push(FieldProblem { pointer: "/positions".to_owned(), code });
    }
    let earlier = std::iter::once(None).chain(batch.iter().map(Some));
    for (index, (fix, before)) in batch.iter().zip(earlier).enumerate() {
        if let Some(code) = problem_of_time(fix, before, now) {
            let pointer = format!("/positions/{index}/recorded_at");
            problems.push(FieldProblem { pointer, code });
        }
    }
    problems
}

fn problem_of_length(positions: usize) -> Option<&'static str> {
    match positions {
        0 => Some("positions_empty"),
        1..=MOST_POSITIONS => None,
        _ => Some("positions_too_many"),
    }
}

fn is_too_dense(batch: &[Fix]) -> bool {
    let later = batch.iter().skip(MOST_PER_SECOND);
    batch.iter().zip(later).any(|(one, other)| {
        other.recorded_at.micros().saturating_sub(one.recorded_at.micros()) < 1_000_000
    })
}

fn problem_of_time(fix: &Fix, before: Option<&Fix>, now: Timestamp) -> Option<&'static str> {
    if fix.recorded_at < now.minus(OLDEST) {
        Some("position_too_old")
    } else if fix.recorded_at > now.plus(TOLERATED_FUTURE) {
        Some("position_in_future")
    } else if before.is_some_and(|before| before.recorded_at > fix.recorded_at) {
        Some("positions_out_of_order")
    } else {
        None
    }
}

/// The last position of the collector, while it is worth showing.
pub async fn live_position(live_state: &LiveState, collector: CollectorId) -> Option<LivePosition> {
    let stored = live_state.get(&key_of(collector)).await?;
    serde_json::from_slice(&stored).ok()
}

/// Takes a batch: the newest position becomes the live one, unless a newer one is known or it is no longer worth
/// showing. Nothing is kept on disk.
pub(crate) async fn take(
    live_state: &LiveState,
    collector: CollectorId,
    batch: &[Fix],
    now: Timestamp,
) {
    let Some(last) = batch.last() else { return };
    let known = live_position(live_state, collector).await;
    let suspicious = is_suspicious(known.as_ref(), batch);
    if suspicious {
        metrics::counter!("collector_positions_suspicious_total").increment(1);
    }
    let left = time_left(last.recorded_at, now);
    if left.is_zero() || known.is_some_and(|known| known.recorded_at > last.recorded_at) {
        return;
    }
    let Fix { coordinates, accuracy_meters, recorded_at } = *last;
    let position = LivePosition { coordinates, accuracy_meters, recorded_at, suspicious };
    live_state.put(&key_of(collector), json(&position), left).await;
    let moved = Moved { collector, coordinates, recorded_at, suspicious };
    live_state.publish(Channel::Positions, json(&moved)).await;
}

fn key_of(collector: CollectorId) -> String {
    format!("position:{collector}")
}

/// A plain struct of numbers and texts always has a JSON form.
fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

/// Counted from when the position was true, not from when a slow network brought it.
fn time_left(recorded_at: Timestamp, now: Timestamp) -> Duration {
    let age = u64::try_from(now.seconds_since(recorded_at)).unwrap_or(0);
    TIME_TO_LIVE.saturating_sub(Duration::from_secs(age))
}

fn is_suspicious(known: Option<&LivePosition>, batch: &[Fix]) -> bool {
    let known = known.map(|known| Fix {
        coordinates: known.coordinates,
        accuracy_meters: known.accuracy_meters,
        recorded_at: known.recorded_at,
    });
    let first = batch.first().copied();
    let joined = known.zip(first).filter(|(known, first)| known.recorded_at <= first.recorded_at);
    joined.is_some_and(|(known, first)| is_impossible(&known, &first))
        || batch.iter().zip(batch.iter().skip(1)).any(|(a, b)| is_impossible(a, b))
}

/// Faster than anything on our roads, even if both readings are as wrong as they admit.
fn is_impossible(earlier: &Fix, later: &Fix) -> bool {
    let apart = earlier.coordinates.distance_meters(later.coordinates);
    let at_least = apart - doubt(earlier) - doubt(later);
    let micros = later.recorded_at.micros().saturating_sub(earlier.recorded_at.micros());
    let seconds = Duration::from_micros(u64::try_from(micros).unwrap_or(0)).as_secs_f64();
    at_least > FASTEST_METERS_PER_SECOND * seconds.max(1.0)
}

fn doubt(fix: &Fix) -> f64 {
    f64::from(fix.accuracy_meters.unwrap_or(ASSUMED_ACCURACY_METERS))
}
