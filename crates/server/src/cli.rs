//! The command line: what can be asked of the program.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use payments::GatewayName;
use serde::Serialize;

/// Jemput Sampah Terima Duit: the server of a kabupaten's doorstep recyclables market.
#[derive(Debug, Parser)]
#[command(name = "jumpa-madu", version, propagate_version = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) flags: Flags,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// Flags that every command understands.
#[derive(Debug, Clone, Default, Args, Serialize)]
pub(crate) struct Flags {
    /// A TOML file with settings.
    #[arg(long, global = true)]
    #[serde(skip)]
    pub(crate) config: Option<PathBuf>,
    /// Where the embedded database and the secret live.
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) data_dir: Option<PathBuf>,
    /// sqlite://path or postgres://user@host/name.
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) database_url: Option<String>,
    /// redis://host:port, to share counters, caches and positions.
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) redis_url: Option<String>,
    /// Address of the API.
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) listen: Option<String>,
    /// Address of the metrics.
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) metrics_listen: Option<String>,
}

/// What to do; without a command the program serves.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the API (the default).
    Serve,
    /// Fill an embedded database with some weeks of a plausible kabupaten, then serve it.
    Demo(Demo),
    /// Bring the schema and the reference data up to date, then stop.
    Migrate,
    /// What only somebody on the host may do.
    Admin {
        #[command(subcommand)]
        task: Admin,
    },
    /// Read regions, prices or boundaries from a file.
    Import {
        #[command(subcommand)]
        what: Import,
    },
    /// Print the API document.
    Openapi(Openapi),
    /// Walk the event log and the ledger and name the first thing that is wrong.
    Verify {
        /// Compare this receipt (JSON as the API gives it) with the books instead of walking them.
        #[arg(long, value_name = "FILE")]
        receipt: Option<PathBuf>,
        /// Answer in JSON.
        #[arg(long)]
        json: bool,
    },
    /// Say why a collector is asked for a report, or is not.
    Explain(Explain),
    /// Compare our withdrawals with the gateways' own books, now.
    Reconcile {
        /// Only this one.
        #[arg(long)]
        gateway: Option<GatewayChoice>,
        /// Answer in JSON, one line per gateway.
        #[arg(long)]
        json: bool,
    },
    /// Copy the embedded database while it is in use.
    Backup {
        /// The file to make; must not exist.
        #[arg(long)]
        to: PathBuf,
    },
    /// Check configuration, database, schema, Redis and gateways.
    Doctor {
        /// Answer in JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show the configuration.
    Config {
        #[command(subcommand)]
        what: Config,
    },
}

/// The demo's choices.
#[derive(Debug, Clone, Args)]
pub(crate) struct Demo {
    /// The same seed makes the same database.
    #[arg(long, default_value_t = 20)]
    pub(crate) seed: u64,
    /// Days to play.
    #[arg(long, default_value_t = 60)]
    pub(crate) days: u32,
    /// Play again even if the demo's database is there.
    #[arg(long)]
    pub(crate) fresh: bool,
    /// Stop after filling the database.
    #[arg(long)]
    pub(crate) no_serve: bool,
}

/// Tasks on the host.
#[derive(Debug, Subcommand)]
pub(crate) enum Admin {
    /// Invite a member of staff; prints the invitation once.
    Invite {
        /// Where the role holds, e.g. 12.07.
        #[arg(long)]
        region: String,
        /// viewer, officer, finance_maker, finance_checker or admin.
        #[arg(long)]
        role: String,
        /// Only this phone may accept.
        #[arg(long)]
        phone: Option<String>,
        /// Answer in JSON.
        #[arg(long)]
        json: bool,
    },
    /// Withdraw a role.
    Withdraw {
        /// The account, acc_….
        #[arg(long)]
        account: String,
        /// Where the role holds.
        #[arg(long)]
        region: String,
        /// The role.
        #[arg(long)]
        role: String,
    },
    /// Suspend an account and end its sessions.
    Suspend {
        /// The account, acc_….
        #[arg(long)]
        account: String,
    },
    /// Put money that arrived by hand into a wallet.
    TopUp {
        /// Whose wallet, acc_….
        #[arg(long)]
        account: String,
        /// Whole rupiah.
        #[arg(long)]
        amount_rupiah: i64,
        /// Who records it.
        #[arg(long)]
        maker: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Say whether collectors' money is set aside when they accept a job that is paid by wallet.
    Deposits {
        /// Where, e.g. 12.07.
        #[arg(long)]
        region: String,
        /// required or none.
        #[arg(long)]
        rule: DepositRule,
    },
    /// Send nothing through any gateway until its book is accounted for: after a restore that went unnoticed.
    Quarantine {
        /// Up to when the restored database remembers, as 2026-11-20T03:00:00Z.
        #[arg(long)]
        since: String,
    },
    /// Fold all figures from the event log again.
    RebuildStatistics,
}

/// Whether money is set aside at acceptance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DepositRule {
    /// It is; without it there is no job.
    Required,
    /// It is not.
    None,
}

/// The gateways that can be configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GatewayChoice {
    /// Xendit Payouts.
    Xendit,
    /// Midtrans Payouts.
    Midtrans,
}

impl From<GatewayChoice> for GatewayName {
    fn from(choice: GatewayChoice) -> Self {
        match choice {
            GatewayChoice::Xendit => Self::Xendit,
            GatewayChoice::Midtrans => Self::Midtrans,
        }
    }
}

/// What can be read from files.
#[derive(Debug, Subcommand)]
pub(crate) enum Import {
    /// Regions as CSV.
    Regions {
        /// The file.
        file: PathBuf,
    },
    /// Reference prices as CSV.
    Prices {
        /// The file.
        file: PathBuf,
    },
    /// Boundaries as GeoJSON.
    Boundaries {
        /// The file.
        file: PathBuf,
        /// The file has [lat, lon] instead of GeoJSON's [lon, lat].
        #[arg(long)]
        lat_lon: bool,
    },
}

/// How to print the API document.
#[derive(Debug, Clone, Args)]
pub(crate) struct Openapi {
    /// Compare with the committed files and fail on a difference.
    #[arg(long)]
    pub(crate) check: bool,
    /// Write the committed files.
    #[arg(long, conflicts_with = "check")]
    pub(crate) write: bool,
    /// The directory of the committed files.
    #[arg(long, default_value = "api-spec")]
    pub(crate) directory: PathBuf,
}

/// What to explain.
#[derive(Debug, Clone, Args)]
pub(crate) struct Explain {
    /// The report, rpt_….
    pub(crate) report: String,
    /// Only this collector, col_….
    pub(crate) collector: Option<String>,
    /// Answer in JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// What to show of the configuration.
#[derive(Debug, Subcommand)]
pub(crate) enum Config {
    /// The settings in force, without passwords.
    Show,
}
