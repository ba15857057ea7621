//! The spatial index beside PostGIS and Redis, and beside itself: by score and by distance, large and small.

mod chance;
mod postgis;
mod rebuild;
mod redis;
mod stopwatch;
mod updates;
mod world;

use std::{
    hint::black_box,
    io::{self, Write as _},
    path::PathBuf,
    time::Duration,
};

use ::matching::{
    index::Fleet,
    ranking::{Appraisal, Contender, Job, Judge, Standing, Weights, eligible},
};
use clap::Args;
use postgis::PostGis;
use redis::Redis;
use stopwatch::{Laps, micros, millis, times};
use world::{Land, NOON};

use crate::{Fault, table};

const MOST: usize = 20;
const QUESTIONS: u32 = 500;
/// Rounds of all questions by each way in turn.
const ROUNDS: usize = 10;
const POSTGIS_PER_ROUND: u32 = 50;
/// Redis is asked so much less often, since it is so much slower.
const EVERY_FIFTH: usize = 5;

/// What the measurement of matching needs.
#[derive(Args)]
pub(crate) struct Matching {
    /// Seconds for each figure of positions.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// How many collectors there are in each world.
    #[arg(long, value_delimiter = ',', default_values_t = [10_000, 100_000, 1_000_000])]
    collectors: Vec<u32>,
    /// A PostgreSQL with PostGIS; without it and Redis the index is measured beside itself only.
    #[arg(long, env = "JUMPA_MADU_TEST_POSTGRES")]
    postgres: Option<String>,
    /// A Redis that may be emptied.
    #[arg(long, env = "JUMPA_MADU_TEST_REDIS")]
    redis: Option<String>,
    /// The path of pgbench; psql lies beside it.
    #[arg(long, default_value = "/usr/bin/pgbench")]
    pgbench: PathBuf,
}

/// One world, and how long its index takes to answer.
struct Side {
    crowd: Vec<Contender>,
    jobs: Vec<Job>,
    fleet: Fleet,
    building: Laps,
    moving: Laps,
    by_distance: Laps,
    by_score: Laps,
}

const JUDGE: Judge<'static> = Judge { weights: &Weights::CANDIDATES, now: NOON };

/// Prints the tables of this measurement.
pub(crate) fn measure(bench: &Matching) -> Result<(), Fault> {
    let land = Land::deli_serdang()?;
    let mut sides = Vec::new();
    for &count in &bench.collectors {
        sides.push(Side::of(&land, count)?);
    }
    for _ in 0..ROUNDS {
        sides.iter_mut().for_each(Side::ask);
    }
    growth(&mut sides)?;
    let middle = sides.len() / 2;
    let middle = sides.get_mut(middle).ok_or("no world to measure")?;
    if let (Some(postgres), Some(redis)) = (&bench.postgres, &bench.redis) {
        let postgis = PostGis::of(postgres, &bench.pgbench, &middle.crowd, &middle.jobs)?;
        beside_others(&postgis, Redis::of(redis, &middle.crowd)?, middle)?;
    }
    rebuild::measure(&middle.crowd)?;
    traffic(middle, Duration::from_secs(bench.seconds))
}

impl Side {
    fn of(land: &Land, count: u32) -> Result<Self, Fault> {
        let (crowd, jobs) = (land.collectors(count, 7)?, land.jobs(QUESTIONS, 11)?);
        let (mut building, mut moving) = (Laps::default(), Laps::default());
        let mut fleet = Fleet::default();
        for _ in 0..3 {
            fleet = building.time(|| Fleet::build(&crowd));
            fleet = moving.time(|| fleet.moved(&crowd));
        }
        let (by_distance, by_score) = (Laps::default(), Laps::default());
        let side = Self { crowd, jobs, fleet, building, moving, by_distance, by_score };
        side.prove()?;
        Ok(side)
    }

    /// Every tenth question against asking everybody: recall 1.0, and the order too, or the run ends.
    fn prove(&self) -> Result<(), Fault> {
        for job in self.jobs.iter().step_by(10) {
            let mut all: Vec<Appraisal> =
                self.crowd.iter().filter_map(|contender| appraise(contender, job)).collect();
            all.sort_by_key(|appraisal| (appraisal.distance_meters, appraisal.collector));
            let nearest: Vec<_> = all.iter().take(MOST).copied().collect();
            all.sort_by_key(Appraisal::rank_key);
            all.truncate(MOST);
            let same = self.fleet.nearest(job, &JUDGE, MOST) == nearest
                && self.fleet.rank(job, &JUDGE, MOST) == all;
            same.then_some(()).ok_or("the index and asking everybody differ")?;
        }
        Ok(())
    }

    /// All questions, by distance and by score in turn.
    fn ask(&mut self) {
        for job in &self.jobs {
            self.by_distance.time(|| black_box(self.fleet.nearest(job, &JUDGE, MOST)));
            self.by_score.time(|| black_box(self.fleet.rank(job, &JUDGE, MOST)));
        }
    }
}

fn appraise(contender: &Contender, job: &Job) -> Option<Appraisal> {
    eligible(contender, job).ok()?;
    let deal = job.deal_at(&contender.prices)?;
    Some(JUDGE.appraise(job, contender.collector, &Standing::of(contender), deal))
}

/// The same questions in worlds of three sizes.
fn growth(sides: &mut [Side]) -> Result<(), Fault> {
    table::title(&format!(
        "Top {MOST} of so many collectors, {QUESTIONS} questions in {ROUNDS} rounds"
    ))?;
    table::columns(&[
        "collectors",
        "working",
        "by distance",
        "p99",
        "by score",
        "p99",
        "score / distance",
        "index bytes each",
        "attribute bytes each",
        "built in",
        "after moves in",
    ])?;
    for side in sides {
        let (by_distance, by_score) = (side.by_distance.median(), side.by_score.median());
        table::line(&[
            side.crowd.len().to_string(),
            side.fleet.len().to_string(),
            micros(by_distance),
            micros(side.by_distance.percentile(99)),
            micros(by_score),
            micros(side.by_score.percentile(99)),
            format!("{:.2}", times(by_score, by_distance)),
            (side.fleet.index_bytes() / side.fleet.len()).to_string(),
            (side.fleet.attribute_bytes() / side.fleet.len()).to_string(),
            millis(side.building.median()),
            millis(side.moving.median()),
        ])?;
    }
    Ok(())
}

/// By distance against PostGIS and Redis, all three in every round.
fn beside_others(postgis: &PostGis, mut redis: Redis<'_>, side: &Side) -> Result<(), Fault> {
    agree(side, postgis, &mut redis)?;
    postgis.laps(side.jobs.len(), POSTGIS_PER_ROUND)?;
    let (mut ours, mut in_redis, mut in_postgis) =
        (Laps::default(), Laps::default(), Laps::default());
    for round in 0..ROUNDS {
        in_postgis.append(postgis.laps(side.jobs.len(), POSTGIS_PER_ROUND)?);
        for job in side.jobs.iter().skip(round).step_by(EVERY_FIFTH) {
            in_redis.time(|| redis.nearest(job, MOST))?;
        }
        for job in &side.jobs {
            ours.time(|| black_box(side.fleet.nearest(job, &JUDGE, MOST)));
        }
    }
    table::title(&format!("Top {MOST} by distance with filters, {} collectors", side.crowd.len()))?;
    table::columns(&["who", "p50", "p99", "times ours"])?;
    let base = ours.median();
    for (who, mut laps) in [("Jumpa Madu", ours), ("Redis", in_redis), ("PostGIS", in_postgis)] {
        let (median, p99) = (laps.median(), laps.percentile(99));
        let ratio = format!("{:.0}", times(median, base));
        table::line(&[who.to_owned(), micros(median), micros(p99), ratio])?;
    }
    Ok(())
}

/// The three find the same people, but for pairs whose distances differ by less than they agree on the earth's shape.
fn agree(side: &Side, postgis: &PostGis, redis: &mut Redis<'_>) -> Result<(), Fault> {
    let (mut all, mut by_postgis, mut by_redis) = (0, 0, 0);
    for (number, job) in side.jobs.iter().enumerate().step_by(20) {
        let ours = side.fleet.nearest(job, &JUDGE, MOST);
        let (theirs, others) = (postgis.answer(number)?, redis.nearest(job, MOST)?);
        let among = |found: &[u32], one: &Appraisal| {
            found.iter().any(|&number| world::collector(number) == one.collector)
        };
        all += ours.len();
        by_postgis += ours.iter().filter(|one| among(&theirs, one)).count();
        by_redis += ours.iter().filter(|one| among(&others, one)).count();
    }
    writeln!(io::stdout(), "\nOf {all} found, PostGIS finds {by_postgis} and Redis {by_redis}.")?;
    (by_postgis * 100 >= all * 97 && by_redis * 100 >= all * 97)
        .then_some(())
        .ok_or_else(|| "the others answer another question".into())
}

fn traffic(side: &Side, time: Duration) -> Result<(), Fault> {
    let mut traffic = updates::measure(&side.crowd, &side.fleet, &side.jobs, &JUDGE, time)?;
    table::title("Positions by one writer, rankings by one reader")?;
    table::columns(&["", "alone", "together", "ratio"])?;
    let (alone, together) = (traffic.alone_per_second, traffic.together_per_second);
    let millions = |rate: f64| format!("{:.1} M/s", rate / 1e6);
    let row =
        ["positions", &millions(alone), &millions(together), &format!("{:.2}", together / alone)];
    table::line(&row.map(str::to_owned))?;
    for (what, percent) in [("ranking, p50", 50), ("ranking, p99", 99)] {
        let (quiet, busy) =
            (traffic.quiet.percentile(percent), traffic.beside_a_writer.percentile(percent));
        let ratio = format!("{:.2}", times(busy, quiet));
        table::line(&[what.to_owned(), micros(quiet), micros(busy), ratio])?;
    }
    Ok(())
}
