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

use super::{chance::Chance, stopwatch::Laps, world::NOON};

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
) -> Traffic {
    let positions = Positions::default();
    positions.meet(crowd.iter().map(|contender| &contender.collector), NOON);
    let alone_per_second = write(&positions, crowd, time);
    let mut quiet = Laps::default();
    read(fleet, jobs, judge, time, &mut quiet);
    let (running, written) = (AtomicBool::new(true), AtomicU64::new(0));
    let mut beside_a_writer = Laps::default();
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut chance = Chance::of(1);
            while running.load(Ordering::Relaxed) {
                written.fetch_add(round(&positions, crowd, &mut chance), Ordering::Relaxed);
            }
        });
        read(fleet, jobs, judge, time, &mut beside_a_writer);
        running.store(false, Ordering::Relaxed);
    });
    let together_per_second = per_second(written.load(Ordering::Relaxed), time);
    Traffic { alone_per_second, together_per_second, quiet, beside_a_writer }
}

fn write(positions: &Positions, crowd: &[Contender], time: Duration) -> f64 {
    let (begun, mut chance, mut written) = (Instant::now(), Chance::of(1), 0);
    while begun.elapsed() < time {
        written += round(positions, crowd, &mut chance);
    }
    per_second(written, begun.elapsed())
}

/// A thousand positions of anybody, as if freshly read from messages.
fn round(positions: &Positions, crowd: &[Contender], chance: &mut Chance) -> u64 {
    let anybody = (0..1_000).filter_map(|_| chance.one_of(crowd).ok());
    let moved = anybody.map(|contender| {
        let seen = Seen { coordinates: contender.base, recorded_at: NOON, suspicious: false };
        positions.place(contender.collector, seen);
    });
    moved.map(|()| 1).sum()
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
