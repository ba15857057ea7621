//! Starting: the index from the rows of a database, by the function that the server calls at its start.

use std::fmt::Write as _;

use ::matching::{
    Matcher, MatchingError,
    ranking::{Contender, Duty, Price},
};
use catalog::{Catalog, MaterialCode};
use collectors::{Collectors, PriceItem, Prices};
use database::{Connection, Database, DatabaseError, Migration, Options};
use pickups::Pickups;
use primitives::Ambient;
use regions::Regions;
use reports::Reports;

use super::stopwatch::Laps;
use crate::{Fault, table};

/// Rows in one unit of work.
const UNIT: usize = 1_000;
const TURNS: usize = 5;
const MIGRATIONS: [&[Migration]; 9] = [
    event_log::MIGRATIONS,
    http_kit::MIGRATIONS,
    regions::MIGRATIONS,
    catalog::MIGRATIONS,
    accounts::MIGRATIONS,
    reports::MIGRATIONS,
    collectors::MIGRATIONS,
    pickups::MIGRATIONS,
    ::matching::MIGRATIONS,
];

/// Prints how long it takes with the collectors of this crowd, on SQLite.
pub(crate) fn measure(crowd: &[Contender]) -> Result<(), Fault> {
    let room = tempfile::tempdir()?;
    let url = format!("sqlite://{}", room.path().join("start.sqlite3").display());
    let database = Database::open(&Options::new(url))?;
    database.migrate(&MIGRATIONS.concat())?;
    let mut conn = database.own_connection()?;
    regions::load_reference_data_in(&mut conn)?;
    catalog::load_reference_data_in(&mut conn)?;
    let (regions, catalog) = (Regions::load(&mut conn)?, Catalog::load(&mut conn)?);
    let prices = fill(&database, crowd, &catalog)?;
    let ambient = Ambient::of_this_machine();
    let reports = Reports::new(ambient.clone(), regions.clone(), catalog.clone());
    let collectors = Collectors::new(ambient.clone(), regions, catalog.clone());
    let pickups = Pickups::new(ambient.clone(), reports.clone(), catalog.clone());
    let mut laps = Laps::default();
    for _ in 0..TURNS {
        let (reports, collectors, pickups) = (reports.clone(), collectors.clone(), pickups.clone());
        // A start knows nobody yet, and forgets nobody.
        let new = Matcher::new(ambient.clone(), catalog.clone(), reports, collectors, pickups);
        let matcher = new.clone();
        laps.time(|| {
            database.read_blocking(move |conn| {
                matcher.rebuild_in(conn)?;
                Ok::<_, MatchingError>(())
            })
        })?;
    }
    table::title("The index from the database, SQLite")?;
    table::columns(&["collectors", "prices", "median", "longest"])?;
    let seconds = |percent| format!("{:.2} s", laps.percentile(percent).as_secs_f64());
    let figures = [50, 99].map(seconds);
    table::line(&[[crowd.len().to_string(), prices.to_string()], figures].concat())
}

/// Writes everybody's rows as his commands would have; says how many prices there are.
fn fill(database: &Database, crowd: &[Contender], catalog: &Catalog) -> Result<usize, Fault> {
    let codes: Vec<MaterialCode> =
        catalog.materials().iter().map(|material| material.code.clone()).collect();
    for (unit, contenders) in crowd.chunks(UNIT).enumerate() {
        let script = script_of(unit * UNIT, contenders, &codes)?;
        database.write_blocking(move |conn: &mut Connection| {
            conn.run_script(&script).map_err(DatabaseError::from)
        })?;
    }
    Ok(crowd.iter().map(|contender| contender.prices.len()).sum())
}

fn script_of(
    first: usize,
    contenders: &[Contender],
    codes: &[MaterialCode],
) -> Result<String, Fault> {
    let mut script = String::new();
    for (number, contender) in (first..).zip(contenders) {
        let Contender { collector: id, account, base, radius_meters, .. } = contender;
        let (lat, lon, online) = (base.lat(), base.lon(), contender.duty == Duty::Working);
        writeln!(
            script,
            "INSERT INTO account (id, phone, language, collector_id, version, created_at)
             VALUES ('{account}', '+62811{number:07}', 'id', '{id}', 1, 1);
             INSERT INTO collector VALUES ('{id}', '{account}', 'pengepul', 'Botot {number}', {lat:?}, {lon:?}, NULL,
                 '12.07.28.2001', {radius_meters}, 'BETOR', 'verified', 1, '{account}', NULL, {online}, 0, 0, 0, 0, 0,
                 1, 1, NULL, NULL);"
        )?;
        let list = list_of(contender, codes)?;
        writeln!(script, "INSERT INTO collector_price_list VALUES ('{id}', 1, 1, 1, '{list}');")?;
    }
    Ok(script)
}

/// His prices as the database keeps them.
fn list_of(contender: &Contender, codes: &[MaterialCode]) -> Result<String, Fault> {
    let item = |line: &Price| {
        let material = codes.get(usize::from(line.material.0)).ok_or("a material too many")?;
        Ok::<_, Fault>(PriceItem { material: material.clone(), price: line.price })
    };
    let items = contender.prices.iter().map(item).collect::<Result<Vec<_>, _>>()?;
    Ok(Prices::of(&items).as_str().to_owned())
}
