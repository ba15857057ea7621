//! Positions that come in while rankings go on.

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use ::matching::{
    index::Fleet,
    positions::{Positions, Seen},
    ranking::{Contender, Job, Judge},
};
use primitives::{CollectorId, Coordinates};

use super::{chance::Chance, stopwatch::Laps, world::NOON};
use crate::Fault;

/// Everybody in no order, with the place where he is and the one to which he moves.
type Messages = Vec<(CollectorId, [Coordinates; 2])>;

/// What one writer and one reader did, alone and together.
pub(crate) struct Traffic {
    pub(crate) alone_per_second: f64,
    pub(crate) together_per_second: f64,
    pub(crate) quiet: Laps,
    pub(crate) beside_a_writer: Laps,
}

/// Moves everybody about for as long as it takes, with and without a reader, and reads with and without a writer.
pub(crate) fn measure(
    crowd: &[Contender],
    fleet: &Fleet,
    jobs: &[Job],
    judge: &Judge<'_>,
    time: Duration,
) -> Result<Traffic, Fault> {
    let positions = Positions::default();
    positions.meet(crowd.iter().map(|contender| &contender.collector), NOON);
    let messages = messages(crowd)?;
    let alone_per_second = write(&positions, &messages, time);
    let mut quiet = Laps::default();
    read(fleet, jobs, judge, time, &mut quiet);
    let (running, written) = (AtomicBool::new(true), AtomicU64::new(0));
    let mut beside_a_writer = Laps::default();
    thread::scope(|scope| {
        scope.spawn(|| {
            for turn in 0.. {
                if !running.load(Ordering::Relaxed) {
                    return;
                }
                written.fetch_add(round(&positions, &messages, turn), Ordering::Relaxed);
            }
        });
        read(fleet, jobs, judge, time, &mut beside_a_writer);
        running.store(false, Ordering::Relaxed);
    });
    let together_per_second = per_second(written.load(Ordering::Relaxed), time);
    Ok(Traffic { alone_per_second, together_per_second, quiet, beside_a_writer })
}

/// As they would come in: side by side in memory, each with whatever the position needs.
fn messages(crowd: &[Contender]) -> Result<Messages, Fault> {
    let mut chance = Chance::of(1);
    let message =
        |contender: &Contender| (contender.collector, [contender.whereabouts(), contender.base]);
    let mut messages: Messages = crowd.iter().map(message).collect();
    for last in (1..messages.len()).rev() {
        let other = chance.below(u32::try_from(last + 1)?);
        messages.swap(last, usize::try_from(other)?);
    }
    Ok(messages)
}

fn write(positions: &Positions, messages: &Messages, time: Duration) -> f64 {
    let (begun, mut written) = (Instant::now(), 0);
    for turn in 0.. {
        if begun.elapsed() >= time {
            break;
        }
        written += round(positions, messages, turn);
    }
    per_second(written, begun.elapsed())
}

/// Everybody moves, a second after he moved last.
fn round(positions: &Positions, messages: &Messages, turn: u32) -> u64 {
    let recorded_at = NOON.plus(Duration::from_secs(turn.into()));
    let moved = messages.iter().map(|(collector, [here, there])| {
        let coordinates = if turn.is_multiple_of(2) { *there } else { *here };
        positions.place(*collector, Seen { coordinates, recorded_at, suspicious: false });
        1
    });
    moved.sum()
}

fn read(fleet: &Fleet, jobs: &[Job], judge: &Judge<'_>, time: Duration, laps: &mut Laps) {
    let end = Instant::now() + time;
    for job in jobs.iter().cycle() {
        if Instant::now() >= end {
            return;
        }
        laps.time(|| fleet.rank(job, judge, 20));
    }
}

#[expect(clippy::cast_precision_loss, reason = "a count of positions, shown with three digits")]
fn per_second(written: u64, time: Duration) -> f64 {
    written as f64 / time.as_secs_f64()
}
