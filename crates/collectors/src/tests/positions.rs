use std::time::Duration;

use live_state::{Channel, LiveState};
use primitives::{CollectorId, Coordinates, Timestamp};

use crate::position::{Fix, live_position, problems_of, take};

const SECOND: Duration = Duration::from_secs(1);

fn now() -> Timestamp {
    Timestamp::parse("2026-03-02T01:00:00Z").unwrap()
}

fn collector() -> CollectorId {
    CollectorId::from_parts(now(), [7; 10])
}

/// So many meters north of a crossroads, so many seconds ago.
fn fix(meters: f64, seconds_ago: u32) -> Fix {
    Fix {
        coordinates: Coordinates::parse(3.55 + meters / 111_195.0, 98.87).unwrap(),
        accuracy_meters: Some(5),
        recorded_at: now().minus(SECOND * seconds_ago),
    }
}

fn problems(batch: &[Fix]) -> Vec<(String, &'static str)> {
    problems_of(batch, now()).into_iter().map(|it| (it.pointer, it.code)).collect()
}

#[test]
fn batches_have_bounds_in_length_and_time() {
    assert_eq!(problems(&[]), [("/positions".into(), "positions_empty")]);
    let too_many: Vec<Fix> = (0..101).rev().map(|seconds| fix(0.0, seconds)).collect();
    assert_eq!(problems(&too_many), [("/positions".into(), "positions_too_many")]);
    assert_eq!(problems(&[fix(0.0, 0); 10]), []);
    assert_eq!(problems(&[fix(0.0, 0); 11]), [("/positions".into(), "positions_too_dense")]);
    assert_eq!(problems(&[fix(0.0, 86_400), fix(0.0, 0)]), []);
    let old = [fix(0.0, 86_401), fix(0.0, 0)];
    assert_eq!(problems(&old), [("/positions/0/recorded_at".into(), "position_too_old")]);
    let early = Fix { recorded_at: now().plus(SECOND * 301), ..fix(0.0, 0) };
    let early = [fix(0.0, 0), early];
    assert_eq!(problems(&early), [("/positions/1/recorded_at".into(), "position_in_future")]);
    let swapped = [fix(0.0, 10), fix(0.0, 20)];
    assert_eq!(problems(&swapped), [("/positions/1/recorded_at".into(), "positions_out_of_order")]);
}

#[tokio::test]
async fn the_newest_position_is_live_and_told() {
    let live_state = LiveState::in_memory();
    let mut heard = live_state.subscribe(Channel::Positions);
    take(&live_state, collector(), &[fix(0.0, 20), fix(100.0, 10)], now()).await;
    let live = live_position(&live_state, collector()).await.unwrap();
    assert_eq!(live.coordinates, fix(100.0, 10).coordinates);
    assert_eq!((live.recorded_at, live.suspicious), (fix(100.0, 10).recorded_at, false));
    let message: serde_json::Value = serde_json::from_slice(&heard.recv().await.unwrap()).unwrap();
    assert_eq!(message["collector"], collector().to_string());
    assert_eq!(message["recorded_at"], "2026-03-02T00:59:50Z");
    assert_eq!(message["lat"], fix(100.0, 10).coordinates.lat());

    // A late batch never moves him back.
    take(&live_state, collector(), &[fix(0.0, 30)], now()).await;
    let still = live_position(&live_state, collector()).await.unwrap();
    assert_eq!(still, live);
    assert!(heard.try_recv().is_err());
}

#[tokio::test]
async fn a_position_of_an_hour_ago_is_not_live() {
    let live_state = LiveState::in_memory();
    take(&live_state, collector(), &[fix(0.0, 3_600)], now()).await;
    assert_eq!(live_position(&live_state, collector()).await, None);
}

#[tokio::test]
async fn nobody_flies() {
    // 150 km/h are 41.7 m/s; both readings may be wrong by 5 m.
    for (meters, suspicious) in [(420.0, false), (435.0, true)] {
        let live_state = LiveState::in_memory();
        take(&live_state, collector(), &[fix(0.0, 10), fix(meters, 0)], now()).await;
        let within = live_position(&live_state, collector()).await.unwrap();
        assert_eq!(within.suspicious, suspicious, "{meters} m within a batch");

        let live_state = LiveState::in_memory();
        take(&live_state, collector(), &[fix(0.0, 10)], now()).await;
        take(&live_state, collector(), &[fix(meters, 0)], now()).await;
        let between = live_position(&live_state, collector()).await.unwrap();
        assert_eq!(between.suspicious, suspicious, "{meters} m between batches");
    }
}

#[tokio::test]
async fn ten_thousand_positions_in_a_second_leave_one_place() {
    let live_state = LiveState::in_memory();
    for step in 0..1_000 {
        let batch = [fix(f64::from(step % 40), 0); 10];
        assert_eq!(problems(&batch), []);
        take(&live_state, collector(), &batch, now()).await;
    }
    let live = live_position(&live_state, collector()).await.unwrap();
    assert_eq!((live.coordinates, live.suspicious), (fix(39.0, 0).coordinates, false));
    assert_eq!(problems(&[fix(0.0, 0); 10_000]).len(), 2);
}

#[tokio::test]
async fn who_flew_is_told_as_suspicious() {
    let live_state = LiveState::in_memory();
    let mut heard = live_state.subscribe(Channel::Positions);
    take(&live_state, collector(), &[fix(0.0, 10), fix(9_000.0, 0)], now()).await;
    let message: serde_json::Value = serde_json::from_slice(&heard.recv().await.unwrap()).unwrap();
    assert_eq!(message["suspicious"], true);
}

#[tokio::test]
async fn a_reading_twice_in_a_second_is_no_flight() {
    let live_state = LiveState::in_memory();
    take(&live_state, collector(), &[fix(0.0, 0), fix(40.0, 0)], now()).await;
    assert!(!live_position(&live_state, collector()).await.unwrap().suspicious);
}
