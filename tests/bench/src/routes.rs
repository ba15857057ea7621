//! The collector's day: how long planning takes, how far from proved the plans are, and how the same search does on the
//! instances by which such searches are known.

mod days;
mod solomon;

use std::{
    io::{self, Write as _},
    path::PathBuf,
    time::Duration,
};

use clap::Args;
use matching::route::{Day, Tour, good_tour, plan};

use crate::{Fault, table};
use days::Kind;

/// So many different days of each kind.
const DAYS: u64 = 20;
const STOPS: usize = 50;
const REPEATS: u32 = 200;

/// What the measurement of plans needs.
#[derive(Args)]
pub(crate) struct Routes {
    /// A folder with Solomon's instances C101.txt and R101.txt, which are not part of this repository.
    #[arg(long, env = "JUMPA_MADU_SOLOMON")]
    solomon: Option<PathBuf>,
    /// The program built from `tests/oracles/vrp`, asked about the same instances.
    #[arg(long, env = "JUMPA_MADU_VRP_ORACLE")]
    oracle: Option<PathBuf>,
    /// Seconds that the oracle thinks about each instance.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
}

/// Prints both tables.
pub(crate) fn measure(routes: &Routes) -> Result<(), Fault> {
    table::title(&format!("Planning a day of {STOPS} stops, {DAYS} days of each kind"))?;
    let mut out = io::stdout();
    writeln!(
        out,
        "| day | plan, median | plan, longest | one more stop, median | gap to the bound, median | largest |"
    )?;
    writeln!(out, "|---|---:|---:|---:|---:|---:|")?;
    for kind in Kind::ALL {
        let days: Vec<Day> = (1..=DAYS).map(|seed| days::day(kind, STOPS, seed)).collect();
        let planned: Vec<(Duration, i64)> = days.iter().map(planned).collect();
        let times = sorted(planned.iter().map(|(time, _)| *time));
        let gaps = sorted(planned.iter().map(|(_, gap)| *gap));
        let inserts = sorted(days.iter().map(one_more));
        writeln!(
            out,
            "| {} | {:.1?} | {:.1?} | {:.1?} | {} | {} |",
            kind.name(),
            middle(&times),
            times.last().copied().unwrap_or_default(),
            middle(&inserts),
            percent(middle(&gaps)),
            percent(gaps.last().copied().unwrap_or_default()),
        )?;
    }
    let Some(folder) = &routes.solomon else {
        writeln!(
            out,
            "\nSolomon's instances: left out. Pass `--solomon FOLDER` with C101.txt and R101.txt in it."
        )?;
        return Ok(());
    };
    solomon::measure(folder, routes.oracle.as_deref(), routes.seconds)
}

/// The whole plan, from the doors to the bound.
fn planned(day: &Day) -> (Duration, i64) {
    let (time, plan) = timed(|| plan(day));
    (time, plan.gap())
}

/// The last stop is put into a plan of the others: the tables of the day with it, and its best place.
fn one_more(day: &Day) -> Duration {
    let last = day.visits.len().saturating_sub(1);
    let whole = good_tour(day, 100_000);
    let order: Vec<usize> = whole.order().iter().copied().filter(|visit| *visit != last).collect();
    let insert = || {
        let mut tour = Tour::of(day, order.clone(), usize::MAX);
        tour.insert(last);
        tour.cost()
    };
    // One is too short for the clock of the processor.
    let (time, _) = timed(|| (0..REPEATS).map(|_| insert()).sum::<i64>());
    time / REPEATS
}

/// Processor time of this thread: other programs on the machine do not count.
fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let before = processor_time();
    let done = std::hint::black_box(work());
    (processor_time().saturating_sub(before), done)
}

/// The first number is nanoseconds on a processor.
fn processor_time() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = told.split(' ').next().and_then(|number| number.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or(0))
}

fn sorted<T: Ord>(figures: impl Iterator<Item = T>) -> Vec<T> {
    let mut figures: Vec<T> = figures.collect();
    figures.sort_unstable();
    figures
}

fn middle<T: Copy + Default>(sorted: &[T]) -> T {
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// Ten-thousandths, as people read them.
fn percent(gap: i64) -> String {
    format!("{}.{:02} %", gap / 100, gap % 100)
}
