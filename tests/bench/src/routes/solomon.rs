//! Solomon's instances: many vehicles from one depot, hard windows, the shortest way. The same search plans them as one
//! long tour in which another vehicle may set out at any time.

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
    process::Command,
};

use matching::{
    ranking::Load,
    route::{Base, Day, Opening, Rates, Task, Terms, Timetable, Travel, Visit, good_tour},
};

use super::timed;
use crate::{Fault, table};

/// The least distance that anybody has found, by instance.
const INSTANCES: [(&str, f64); 2] = [("C101", 828.94), ("R101", 1642.88)];
/// So many steps from door to door are thought through.
const PATIENCES: [usize; 3] = [1_000_000, 10_000_000, 100_000_000];
/// Whole numbers stand for so small parts of Solomon's unit of length and time.
const SCALE: i32 = 10_000;

/// An instance, and when the depot closes.
struct Instance {
    day: Day,
    closing: i64,
}

/// Prints one table.
pub(super) fn measure(folder: &Path, oracle: Option<&Path>, seconds: u64) -> Result<(), Fault> {
    table::title("Solomon's instances of 100 customers, by distance")?;
    let mut out = io::stdout();
    writeln!(out, "| instance | search | vehicles | distance | above the best known | time |")?;
    writeln!(out, "|---|---|---:|---:|---:|---:|")?;
    for (name, best) in INSTANCES {
        let path = folder.join(format!("{name}.txt"));
        let text = fs::read_to_string(&path);
        let text = text.map_err(|error| format!("{}: {error}", path.display()))?;
        let instance = read(&text)?;
        for patience in PATIENCES {
            writeln!(out, "| {name} | {}", ours(&instance, patience, best)?)?;
        }
        for aim in [&[][..], &["--distance"][..]] {
            let Some(oracle) = oracle else { continue };
            let mut asked = Command::new(oracle);
            asked.arg(&path).arg(seconds.to_string()).args(aim);
            let aim = if aim.is_empty() { "vehicles first" } else { "distance alone" };
            writeln!(out, "| {name} | vrp-core, {aim} | {}", theirs(asked, best)?)?;
        }
    }
    Ok(())
}

/// The rest of a row: processor time of the one thread that searches.
fn ours(instance: &Instance, patience: usize, best: f64) -> Result<String, Fault> {
    let (time, tour) = timed(|| good_tour(&instance.day, patience));
    let table = Timetable::of(&tour);
    let unloads = table.stops.iter().filter(|stop| stop.task == Task::Unload);
    if table.late() > 0 || unloads.clone().any(|stop| stop.arrival > instance.closing) {
        return Err("a plan comes too late somewhere and is worth no figure".into());
    }
    let way = f64::from(u32::try_from(table.road)?) / f64::from(SCALE);
    let (vehicles, steps) = (unloads.count(), patience / 1_000_000);
    let above = above(way, best);
    Ok(format!(
        "ours, {steps} million steps | {vehicles} | {way:.2} | {above:.2} % | {time:.2?} of one core |"
    ))
}

/// The same of the oracle, which uses all cores.
fn theirs(mut asked: Command, best: f64) -> Result<String, Fault> {
    let said = String::from_utf8(asked.output()?.stdout)?;
    let last = said.lines().last().unwrap_or_default();
    let words: Vec<&str> = last.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let [vehicles, "vehicles", "distance", way, time, ..] = words.as_slice() else {
        return Err(format!("the oracle said: {said}").into());
    };
    let above = above(way.parse()?, best);
    Ok(format!("{vehicles} | {way} | {above:.2} % | {time} s by the clock |"))
}

/// In hundredths; rounding the best known down to two digits must not look like beating it.
fn above(way: f64, best: f64) -> f64 {
    ((way / best - 1.0) * 100.0).max(0.0)
}

/// Reads the usual format: a line with the number and capacity of the vehicles, and one for the depot and each customer.
fn read(text: &str) -> Result<Instance, Fault> {
    let numbers = |line: &str| -> Option<Vec<i64>> {
        let numbers: Result<Vec<i64>, _> = line.split_whitespace().map(str::parse).collect();
        numbers.ok().filter(|numbers| !numbers.is_empty())
    };
    let mut lines = text.lines().filter_map(numbers);
    let Some(&[_, capacity]) = lines.next().as_deref() else { return Err("no vehicles".into()) };
    let mut places = Vec::new();
    let (mut visits, mut closing) = (Vec::new(), 0);
    for line in lines {
        let &[number, x, y, demand, ready, due, service] = line.as_slice() else {
            return Err("a customer has seven numbers".into());
        };
        let place = (i32::try_from(x)?, i32::try_from(y)?);
        let scale = i64::from(SCALE);
        places.push(place);
        if number == 0 {
            places.push(place);
            closing = due * scale;
            continue;
        }
        let open = Opening { from: ready * scale, until: due * scale };
        let load = Load { grams: demand, milliliters: 0 };
        visits.push(Visit::new(vec![open], service * scale, load));
    }
    let travel = Travel::of(visits.len(), |from, to| apart(places.get(from), places.get(to)));
    let terms = Terms {
        capacity: Load { grams: capacity, milliliters: 0 },
        on_board: Load::default(),
        base: Base::SendsNext,
        rates: Rates::WAY,
        underway: 0,
    };
    Ok(Instance { day: Day { visits, travel, terms }, closing })
}

/// As the crow flies, rounded up to a ten-thousandth.
fn apart(here: Option<&(i32, i32)>, there: Option<&(i32, i32)>) -> i64 {
    let (Some((a, b)), Some((c, d))) = (here, there) else { return 0 };
    let squared = (i64::from(a - c).pow(2) + i64::from(b - d).pow(2)) * i64::from(SCALE).pow(2);
    let root = squared.isqrt();
    if root * root < squared { root + 1 } else { root }
}
