#![doc = include_str!("../README.md")]

mod cli;
mod clock;
mod commands;
mod demo;
mod document;
mod health;
mod house;
mod logging;
mod secret;
mod serve;
mod settings;
mod spans;
mod workers;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    accounts::install_crypto_provider();
    // Somebody else may have been first, with the same one.
    let _ours_or_theirs = rustls::crypto::ring::default_provider().install_default();
    let cli = cli::Cli::parse();
    match commands::run(cli) {
        Ok(code) => code,
        Err(error) => {
            logging::complain(error.as_ref());
            ExitCode::FAILURE
        }
    }
}
