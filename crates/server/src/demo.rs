//! Some weeks of a plausible kabupaten, played through the real services with a seeded clock and seeded chance.
//!
//! The same seed makes the same database: every id, time and decision comes from the seed.

mod agenda;
mod cast;
mod day;
mod delivering;
mod names;
mod script;
mod steps;

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use actix_web::rt::SystemRunner;
use database::Connection;
use day::Stopped;
use indicatif::{ProgressBar, ProgressStyle};
use live_state::LiveState;
use primitives::{Ambient, ManualClock, SeededEntropy, Timestamp};

use crate::{
    cli::Demo,
    commands::say,
    house::{House, HouseError},
    secret, serve,
    settings::Settings,
};

/// Midnight in Deli Serdang after the demo's last day: fixed, since the same seed must make the same database.
const LAST_MIDNIGHT: &str = "2026-11-21T17:00:00Z";
/// One day.
const DAY: Duration = Duration::from_secs(86_400);

/// Fills the demo's database unless it is there, then serves it.
pub(crate) fn run(
    system: &SystemRunner,
    settings: &Settings,
    choices: &Demo,
) -> Result<ExitCode, HouseError> {
    let home = settings.data_dir.join("demo");
    let settings = Settings { database_url: None, photos_dir: None, ..settings.within(&home) };
    let finished = finished_mark(&home);
    if choices.fresh || !finished.exists() {
        clear(&home)?;
        play(settings.clone(), choices)?;
        fs::write(finished, format!("seed {} days {}\n", choices.seed, choices.days))?;
    }
    if !choices.no_serve {
        let house = House::open(system, settings)?;
        let money = script::Money::of(&house);
        let invite = move |addresses| say(&script::invitation(&addresses, &home, money));
        system.block_on(serve::serve(house, invite))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn finished_mark(home: &Path) -> PathBuf {
    home.join("demo-finished")
}

fn clear(home: &Path) -> Result<(), HouseError> {
    if home.exists() {
        fs::remove_dir_all(home)?;
    }
    fs::create_dir_all(home)?;
    Ok(())
}

fn play(settings: Settings, choices: &Demo) -> Result<(), HouseError> {
    secret::write(&settings.secret_path(), &secret::demo(choices.seed))?;
    let begin = Timestamp::parse(LAST_MIDNIGHT)?.minus(DAY * choices.days);
    let clock = Arc::new(ManualClock::starting_at(begin));
    let entropy = Arc::new(SeededEntropy::from_seed(choices.seed));
    let ambient = Ambient::new(Arc::clone(&clock) as Arc<_>, entropy);
    // The content can be made again, so nobody waits for the disk between the days.
    let house = House::furnish(settings, ambient, LiveState::in_memory(), false)?;
    let stage = day::Stage { house, clock };
    let bar = progress_bar(u64::from(choices.days))?;
    bar.set_message("people move in");
    let stage_of_cast = stage.clone();
    let database = stage.house.database.clone();
    let settle = move |conn: &mut Connection| cast::move_in(&stage_of_cast, conn).map_err(Stopped);
    let cast = database.write_blocking(settle)?;
    let cast = Arc::new(cast);
    for number in 0..choices.days {
        let (stage, cast) = (stage.clone(), Arc::clone(&cast));
        let midnight = begin.plus(DAY * number);
        let played =
            move |conn: &mut Connection| stage.play_day(conn, &cast, midnight).map_err(Stopped);
        let paid = database.write_blocking(played)?;
        bar.set_message(format!("day {}: {paid} pickups", number + 1));
        bar.inc(1);
    }
    bar.finish_with_message("played");
    Ok(())
}

fn progress_bar(days: u64) -> Result<ProgressBar, HouseError> {
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} days  {msg}")?;
    Ok(ProgressBar::new(days).with_style(style))
}
