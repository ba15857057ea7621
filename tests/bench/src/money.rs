//! What the ledger costs: settlements beside bare rows, the proof of a million journals, and the balance of long accounts.

mod book;
mod clients;
mod copy;
mod settlements;

use std::{
    fs,
    io::{self, Write as _},
    time::{Duration, Instant},
};

use clap::Args;
use database::{Database, Engine, Options};
use ledger::AccountName;

use crate::{Bench, Fault, table};
use book::{bank, fill, wallet};
use clients::closed_loop;

/// What this measurement needs besides the rest.
#[derive(Args)]
pub(crate) struct Money {
    #[command(flatten)]
    bench: Bench,
    /// Journals to prove.
    #[arg(long, default_value_t = 1_000_000)]
    journals: u32,
}

/// Prints the tables of this measurement.
pub(crate) fn measure(money: &Money) -> Result<(), Fault> {
    let room = tempfile::tempdir()?;
    let sqlite = open(format!("sqlite://{}", room.path().join("money.sqlite3").display()))?;
    let postgres = open(money.bench.postgres.clone())?;
    settlements::measure(&sqlite, money.bench.time())?;
    settlements::measure(&postgres, money.bench.time())?;

    let filled = open(format!("sqlite://{}", room.path().join("book.sqlite3").display()))?;
    fill(&filled, money.journals)?;
    // The same rows on the other engine: posting them a second time would take an hour.
    copy::replace(&filled, &postgres)?;
    table::title("`verify` over a whole ledger, one thread")?;
    table::columns(&[
        "engine",
        "journals",
        "postings",
        "time",
        "of it on a core",
        "journals/s and core",
    ])?;
    prove("SQLite", &filled)?;
    prove("PostgreSQL", &postgres)?;
    look_up("SQLite", &filled, money)?;
    look_up("PostgreSQL", &postgres, money)
}

fn open(url: String) -> Result<Database, Fault> {
    let database = Database::open(&Options { connections: 64, ..Options::new(url) })?;
    database.migrate(ledger::MIGRATIONS)?;
    Ok(database)
}

fn prove(engine: &str, database: &Database) -> Result<(), Fault> {
    let mut connection = database.own_connection()?;
    if database.engine() == Engine::Postgres {
        connection.run_script("SET statement_timeout = 0; SET lock_timeout = 0")?;
    }
    let (started, worked) = (Instant::now(), worked()?);
    let report = ledger::verify_in(&mut connection, &mut |_| ())?;
    let (took, worked) = (started.elapsed(), self::worked()?.saturating_sub(worked));
    let rate = Duration::from_secs(1).as_nanos() * u128::from(report.journals);
    let rate = rate / worked.as_nanos().max(1);
    let (journals, postings) = (report.journals, report.postings);
    let words = format!("{journals} | {postings} | {took:.1?} | {worked:.1?} | {rate}");
    Ok(writeln!(io::stdout(), "| {engine} | {words} |")?)
}

/// How long this thread had a core for itself, by the kernel's account: waiting for one is not verify's fault.
fn worked() -> Result<Duration, Fault> {
    let figures = fs::read_to_string("/proc/thread-self/schedstat")?;
    Ok(Duration::from_nanos(figures.split(' ').next().unwrap_or_default().parse()?))
}

/// One client asks for the balance of a short, a long and a very long account.
fn look_up(engine: &str, database: &Database, money: &Money) -> Result<(), Fault> {
    let figures = |account: AccountName| {
        closed_loop(1, money.bench.time(), move |_, _| {
            database.read_blocking(|conn| ledger::balance_in(conn, &account))?;
            Ok(())
        })
    };
    let short = figures(wallet(10))?;
    table::title(&format!("Balance look-up on {engine}"))?;
    table::head(&["links", "an account with 10", "this account"])?;
    table::row("10,000", &short, &figures(wallet(10_000))?)?;
    table::row(&money.journals.to_string(), &short, &figures(bank()?)?)
}
