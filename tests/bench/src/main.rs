#![doc = include_str!("../README.md")]

mod assignment;
mod bare;
mod hello;
mod matching;
mod measure;
mod money;
mod reads;
mod reports;
mod routes;
mod table;
mod wire;

use std::{path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand};

/// Anything that goes wrong ends the run: a figure beside an error is worth nothing.
type Fault = Box<dyn std::error::Error + Send + Sync>;

/// Measures Jumpa Madu against simpler things, both in one run.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Durable reports: group commit against one transaction per request, PostgreSQL against bare inserts.
    Reports(Bench),
    /// Reading a report and its candidates, against a server that only says hello.
    Reads(Bench),
    /// Planning a collector's day, and Solomon's instances.
    Routes(routes::Routes),
    /// The ledger: settlements against bare rows, the proof of a million journals, balances of long accounts.
    Money(money::Money),
    /// Matching reports to collectors together, against a library and against taking turns.
    Assignment,
    /// Ranking collectors in memory, against PostGIS and Redis.
    Matching(matching::Matching),
    /// The server that only says hello (started by `reads`).
    Hello {
        /// How long its answers are.
        #[arg(long)]
        bytes: Option<usize>,
    },
}

/// What every measurement needs.
#[derive(Args)]
struct Bench {
    /// Seconds per figure.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// A PostgreSQL with fsync on.
    #[arg(long, env = "JUMPA_MADU_TEST_POSTGRES")]
    postgres: String,
    /// The path of its pgbench.
    #[arg(long, default_value = "pgbench")]
    pgbench: PathBuf,
}

impl Bench {
    fn time(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }
}

#[tokio::main]
async fn main() -> Result<(), Fault> {
    match Cli::parse().what {
        What::Reports(bench) => reports::measure(&bench).await,
        What::Reads(bench) => reads::measure(&bench).await,
        What::Routes(what) => tokio::task::spawn_blocking(move || routes::measure(&what)).await?,
        What::Money(money) => tokio::task::spawn_blocking(move || money::measure(&money)).await?,
        What::Assignment => assignment::measure(),
        What::Matching(bench) => tokio::task::block_in_place(|| matching::measure(&bench)),
        What::Hello { bytes } => tokio::task::spawn_blocking(move || hello::serve(bytes)).await?,
    }
}
