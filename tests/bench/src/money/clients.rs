//! Clients inside this process, each on a thread of its own.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::{
    Fault,
    measure::{Figures, figures},
};

/// Each client acts again as soon as its last act is done; a second of warming up is not counted.
pub(crate) fn closed_loop(
    clients: u32,
    time: Duration,
    act: impl Fn(u32, u64) -> Result<(), Fault> + Sync,
) -> Result<Figures, Fault> {
    let act = &act;
    let warm = Instant::now() + Duration::from_secs(1);
    let end = warm + time;
    thread::scope(|scope| {
        let threads: Vec<_> =
            (0..clients).map(|client| scope.spawn(move || one(client, warm, end, act))).collect();
        let mut waits = Vec::new();
        for thread in threads {
            waits.extend(thread.join().map_err(|_panic| "a client panicked")??);
        }
        Ok(figures(waits, time))
    })
}

fn one(
    client: u32,
    warm: Instant,
    end: Instant,
    act: &impl Fn(u32, u64) -> Result<(), Fault>,
) -> Result<Vec<Duration>, Fault> {
    let mut waits = Vec::new();
    for turn in 0_u64.. {
        let begun = Instant::now();
        if begun >= end {
            break;
        }
        act(client, turn)?;
        let done = Instant::now();
        if begun >= warm && done <= end {
            waits.push(done - begun);
        }
    }
    Ok(waits)
}
