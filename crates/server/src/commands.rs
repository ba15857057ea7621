//! One function per command.

mod admin;
mod backup;
mod doctor;
mod import;
mod openapi;
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
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => block_on(async { serve_house(House::open(settings).await?).await }),
        Command::Demo(choices) => block_on(demo::run(settings, choices)),
        Command::Migrate => migrate(&settings),
        Command::Admin { task } => block_on(admin::run(settings, task)),
        Command::Import { what } => block_on(import::run(settings, what)),
        Command::Openapi(choices) => openapi::run(&choices),
        Command::Verify { json } => block_on(verify::run(settings, json)),
        Command::Backup { to } => backup::run(&settings, &to),
        Command::Doctor { json } => block_on(doctor::run(settings, json)),
        Command::Config { what: Config::Show } => show(&settings),
    }
}

fn block_on(
    work: impl Future<Output = Result<ExitCode, HouseError>>,
) -> Result<ExitCode, HouseError> {
    actix_web::rt::System::new().block_on(work)
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
