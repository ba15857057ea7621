//! One function per command.

mod admin;
mod backup;
mod doctor;
mod explain;
mod import;
mod openapi;
mod reconcile;
mod verify;

use std::process::ExitCode;

use crate::{
    cli::{Cli, Command, Config},
    demo, house,
    house::{House, HouseError},
    logging,
    serve::{self, Addresses},
    settings::Settings,
};

/// Runs the command; the exit code is for scripts.
pub(crate) fn run(cli: Cli) -> Result<ExitCode, HouseError> {
    let settings = Settings::read(&cli.flags)?;
    logging::start(&settings)?;
    let system = actix_web::rt::System::new();
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => system.block_on(serve_house(House::open(&system, settings)?)),
        Command::Demo(choices) => demo::run(&system, &settings, &choices),
        Command::Migrate => migrate(&settings),
        Command::Admin { task } => admin::run(&House::open(&system, settings)?, task),
        Command::Import { what } => import::run(&House::open(&system, settings)?, what),
        Command::Openapi(choices) => openapi::run(&choices),
        Command::Explain(question) => explain::run(&House::open(&system, settings)?, &question),
        Command::Verify { receipt: None, json } => {
            verify::run(&House::open(&system, settings)?, json)
        }
        Command::Verify { receipt: Some(file), json } => {
            verify::run_receipt(&House::open(&system, settings)?, &file, json)
        }
        Command::Reconcile { gateway, json } => {
            let house = House::open(&system, settings)?;
            system.block_on(reconcile::run(house, gateway, json))
        }
        Command::Backup { to } => backup::run(&settings, &to),
        Command::Doctor { json } => system.block_on(doctor::run(settings, json)),
        Command::Config { what: Config::Show } => show(&settings),
    }
}

async fn serve_house(house: House) -> Result<ExitCode, HouseError> {
    serve::serve(house, announce).await?;
    Ok(ExitCode::SUCCESS)
}

fn announce(addresses: Addresses) {
    say(&format!("listening api=http://{} metrics=http://{}", addresses.api, addresses.metrics));
}

fn migrate(settings: &Settings) -> Result<ExitCode, HouseError> {
    std::fs::create_dir_all(&settings.data_dir)?;
    let steps = house::prepare(&house::open_database(settings, true)?)?;
    say(&format!("{steps} schema steps applied"));
    Ok(ExitCode::SUCCESS)
}

fn show(settings: &Settings) -> Result<ExitCode, HouseError> {
    say(&settings.shown()?);
    Ok(ExitCode::SUCCESS)
}

/// An answer for whoever (or whatever) called the program.
#[expect(clippy::print_stdout, reason = "a command's answer belongs on standard output")]
pub(crate) fn say(line: &str) {
    println!("{line}");
}
