//! Durable reports: what does group commit bring, and what do we cost on PostgreSQL?

use std::sync::Arc;

use database::Engine;
use stories::{Household, Server};

use crate::{
    Bench, Fault, bare,
    measure::{Figures, Script, closed_loop},
    table,
};

const CLIENTS: [u32; 3] = [1, 8, 64];

/// Prints the tables of this measurement.
pub(crate) async fn measure(bench: &Bench) -> Result<(), Fault> {
    let alone = run(bench, Engine::Sqlite, "false").await?;
    let grouped = run(bench, Engine::Sqlite, "true").await?;
    table::title("Durable `POST /v1/reports`, SQLite with synchronous=FULL")?;
    table::head(&["clients", "one transaction per request", "group commit"])?;
    for ((clients, alone), grouped) in CLIENTS.iter().zip(&alone).zip(&grouped) {
        table::row(&clients.to_string(), alone, grouped)?;
    }
    let ours = run(bench, Engine::Postgres, "true").await?;
    table::title("Durable `POST /v1/reports`, PostgreSQL with fsync=on")?;
    table::head(&["clients", "three bare inserts (pgbench)", "POST /v1/reports"])?;
    for (clients, ours) in CLIENTS.iter().zip(&ours) {
        let bare = bare::three_inserts(bench, *clients)?;
        table::row(&clients.to_string(), &bare, ours)?;
    }
    Ok(())
}

/// One server, measured with few and with many clients.
async fn run(bench: &Bench, engine: Engine, group_commit: &str) -> Result<Vec<Figures>, Fault> {
    let settings = [("database.group_commit", group_commit), ("log_filter", "warn")];
    let server = Arc::new(Server::start_with(engine, &settings));
    let mut all = Vec::new();
    for clients in CLIENTS {
        let mut scripts = Vec::new();
        for _ in 0..clients {
            let token = Household::new(&server).await.0.token.ok_or("no token")?;
            let body = Household::report("instant").to_string();
            scripts.push(Script::Post { path: "/v1/reports", token, body });
        }
        all.push(closed_loop(&server.api(), scripts, bench.time()).await?);
    }
    Ok(all)
}
