//! Regions, prices and boundaries from files.

use std::{fs, process::ExitCode};

use super::say;
use crate::{
    cli::Import,
    house::{House, HouseError},
};

pub(super) fn run(house: &House, what: Import) -> Result<ExitCode, HouseError> {
    match what {
        Import::Regions { file } => {
            let text = fs::read_to_string(file)?;
            let rows = house
                .database
                .write_blocking(move |conn| regions::import_regions_in(conn, &text))?;
            say(&format!("{rows} regions read"));
        }
        Import::Prices { file } => {
            let text = fs::read_to_string(file)?;
            let rows = house
                .database
                .write_blocking(move |conn| catalog::import_prices_in(conn, &text))?;
            say(&format!("{rows} prices read"));
        }
        Import::Boundaries { file, lat_lon } => {
            let text = fs::read_to_string(file)?;
            let imported = house
                .database
                .write_blocking(move |conn| regions::import_boundaries_in(conn, &text, lat_lon))?;
            say(&format!(
                "{} regions have boundaries now: {} polygons, {} points",
                imported.regions, imported.polygons, imported.points
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}
