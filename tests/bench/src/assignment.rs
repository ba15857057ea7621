//! Matching reports to collectors together: against a library on the full matrix, and against taking turns.

use std::{
    io::{self, Write as _},
    time::{Duration, Instant},
};

use lapjv::{Matrix, lapjv};
use matching::assignment::{Choice, assign};

use crate::{Fault, table};

/// So many reports, and as many collectors with room for one each.
const SIZE: usize = 1_000;
const TURNS: usize = 5;
/// The country is a square of so many meters, with so many villages in it.
const COUNTRY_METERS: u64 = 40_000;
const VILLAGES: usize = 12;
const VILLAGE_METERS: u64 = 2_000;

/// Chance with a seed (SplitMix64).
struct Dice(u64);

/// What each pair costs, row by row.
struct World {
    name: &'static str,
    costs: Vec<u32>,
}

/// Measures everything and prints two tables.
pub(crate) fn measure() -> Result<(), Fault> {
    let worlds = [World::random(), World::plane(), World::clustered()];
    table::title("Assignment: 1,000 reports × 1,000 collectors")?;
    let mut out = io::stdout();
    writeln!(
        out,
        "| Costs | lapjv, median | ours, median | ratio | same total |\n|---|---:|---:|---:|---|"
    )?;
    for world in &worlds {
        let (theirs, ours, same) = world.race()?;
        let ratio = theirs.as_secs_f64() / ours.as_secs_f64();
        let (theirs, ours) = (theirs.as_secs_f64() * 1e3, ours.as_secs_f64() * 1e3);
        writeln!(out, "| {} | {theirs:.1} ms | {ours:.1} ms | {ratio:.1} | {same} |", world.name)?;
    }
    writeln!(
        out,
        "\n| Worlds | first come, nearest | greedy | ours | fewer than first come |\n|---|---:|---:|---:|---:|"
    )?;
    for world in &worlds {
        let (turns, greedy, ours) = (world.in_turn(), world.greedy(), world.assigned());
        let saved = 100 - ours * 100 / turns.max(1);
        let kilometres = |meters: u64| meters / 1_000;
        let (turns, greedy, ours) = (kilometres(turns), kilometres(greedy), kilometres(ours));
        writeln!(out, "| {} | {turns} km | {greedy} km | {ours} km | {saved} % |", world.name)?;
    }
    Ok(())
}

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }

    fn anywhere(&mut self) -> (u64, u64) {
        (self.below(COUNTRY_METERS), self.below(COUNTRY_METERS))
    }

    /// Near the middle of one of the villages.
    fn in_one_of(&mut self, villages: &[(u64, u64)]) -> (u64, u64) {
        let number = self.below(villages.len().try_into().unwrap_or(1));
        let village = usize::try_from(number).unwrap_or(0);
        let (x, y) = villages.get(village).copied().unwrap_or_default();
        let mut about = || self.below(VILLAGE_METERS) + self.below(VILLAGE_METERS);
        (x + about(), y + about())
    }
}

impl World {
    fn random() -> Self {
        let mut dice = Dice(1);
        let cost = |_| u32::try_from(dice.below(50_000)).unwrap_or(0);
        Self { name: "random", costs: (0..SIZE * SIZE).map(cost).collect() }
    }

    fn plane() -> Self {
        let mut dice = Dice(2);
        let mut crowd = || (0..SIZE).map(|_| dice.anywhere()).collect::<Vec<_>>();
        let (reports, collectors) = (crowd(), crowd());
        Self::between("spread evenly", &reports, &collectors)
    }

    fn clustered() -> Self {
        let mut dice = Dice(3);
        let villages: Vec<_> = (0..VILLAGES).map(|_| dice.anywhere()).collect();
        let mut crowd = || (0..SIZE).map(|_| dice.in_one_of(&villages)).collect::<Vec<_>>();
        let (reports, collectors) = (crowd(), crowd());
        Self::between("clustered", &reports, &collectors)
    }

    fn between(name: &'static str, reports: &[(u64, u64)], collectors: &[(u64, u64)]) -> Self {
        let meters = |(a, b): (&(u64, u64), &(u64, u64))| {
            let (x, y) = (a.0.abs_diff(b.0), a.1.abs_diff(b.1));
            u32::try_from((x * x + y * y).isqrt()).unwrap_or(u32::MAX)
        };
        let pairs = reports.iter().flat_map(|a| collectors.iter().map(move |b| (a, b)));
        Self { name, costs: pairs.map(meters).collect() }
    }

    /// Medians of both, in turns, and whether they come to the same.
    fn race(&self) -> Result<(Duration, Duration, bool), Fault> {
        let full = self.costs.iter().copied().map(f64::from).collect();
        let full = Matrix::from_shape_vec((SIZE, SIZE), full)?;
        let (mut theirs, mut ours, mut same) = (Vec::new(), Vec::new(), true);
        for _ in 0..TURNS {
            let begun = Instant::now();
            let (rows, _) = lapjv(&full).map_err(|error| error.to_string())?;
            theirs.push(begun.elapsed());
            let begun = Instant::now();
            let total = self.assigned();
            ours.push(begun.elapsed());
            let costs = self.costs.chunks(SIZE).zip(rows);
            let expected: u64 =
                costs.filter_map(|(row, place)| row.get(place).copied().map(u64::from)).sum();
            same &= total == expected;
        }
        theirs.sort_unstable();
        ours.sort_unstable();
        let median = |times: Vec<Duration>| times.get(TURNS / 2).copied().unwrap_or_default();
        Ok((median(theirs), median(ours), same))
    }

    /// Ours, from the plain costs on.
    fn assigned(&self) -> u64 {
        let choices = |row: &[u32]| {
            (0..).zip(row).map(|(collector, &cost)| Choice { cost, collector }).collect()
        };
        assign(self.costs.chunks(SIZE).map(choices).collect(), &vec![1; SIZE]).cost
    }

    /// Each report in its turn takes the nearest who is left.
    fn in_turn(&self) -> u64 {
        let pairs = self.costs.chunks(SIZE).enumerate().flat_map(|(report, row)| {
            let mut nearest: Vec<(u32, usize)> = row.iter().copied().zip(0..).collect();
            nearest.sort_unstable();
            nearest.into_iter().map(move |(cost, collector)| (cost, report, collector))
        });
        taken(pairs)
    }

    /// Always the cheapest pair that is left.
    fn greedy(&self) -> u64 {
        let rows = self.costs.chunks(SIZE).enumerate();
        let pairs = rows.flat_map(|(report, row)| {
            row.iter().enumerate().map(move |(collector, &cost)| (cost, report, collector))
        });
        let mut pairs: Vec<(u32, usize, usize)> = pairs.collect();
        pairs.sort_unstable();
        taken(pairs.into_iter())
    }
}

/// The cost of all pairs that can be had when they are taken in this order.
fn taken(pairs: impl Iterator<Item = (u32, usize, usize)>) -> u64 {
    let (mut reports, mut collectors) = (vec![true; SIZE], vec![true; SIZE]);
    let mut total = 0;
    for (cost, report, collector) in pairs {
        let sides = (reports.get_mut(report), collectors.get_mut(collector));
        if let (Some(waits @ true), Some(free @ true)) = sides {
            (*waits, *free) = (false, false);
            total += u64::from(cost);
        }
    }
    total
}
