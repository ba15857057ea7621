//! A copy of the embedded database while it is in use.

use std::{path::Path, process::ExitCode};

use database::Engine;
use diesel::{RunQueryDsl, sql_query, sql_types::Text};

use super::say;
use crate::{
    house::{self, HouseError},
    settings::Settings,
};

pub(super) fn run(settings: &Settings, to: &Path) -> Result<ExitCode, HouseError> {
    let database = house::open_database(settings, true)?;
    if database.engine() == Engine::Postgres {
        return Err(
            "back PostgreSQL up with its own tools: pg_dump, or continuous archiving".into()
        );
    }
    if to.exists() {
        return Err(format!("{} exists already", to.display()).into());
    }
    let mut connection = database.own_connection()?;
    let target = to.display().to_string();
    // Under its name there is only ever a whole copy that says of itself that it is one.
    let unmarked = format!("{target}.half");
    let half = Path::new(&unmarked);
    if half.exists() {
        std::fs::remove_file(half)?;
    }
    sql_query("VACUUM INTO $1").bind::<Text, _>(&unmarked).execute(&mut connection)?;
    payments::mark_copy(&mut connection, &unmarked)?;
    std::fs::File::open(half)?.sync_all()?;
    std::fs::rename(half, to)?;
    say(&format!(
        "{target} written; keep it with {}, without which nobody can sign in again, and with a copy of {}, where the \
         photographs are",
        settings.secret_path().display(),
        settings.photos_path().display()
    ));
    Ok(ExitCode::SUCCESS)
}
