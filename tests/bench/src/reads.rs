//! Reading a report, and ranking its candidates, beside a server that only says hello.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use database::Engine;
use stories::{Actor, HOME, Household, Officer, Server, Trader};

use crate::{
    Bench, Fault,
    hello::Hello,
    measure::{Figures, Script, closed_loop},
    table,
};

const CLIENTS: usize = 16;
const COLLECTORS: u32 = 500;
const PAGE: usize = 20;

/// Prints the table of this measurement.
pub(crate) async fn measure(bench: &Bench) -> Result<(), Fault> {
    let server = Arc::new(Server::start_with(Engine::Sqlite, &[("log_filter", "warn")]));
    let officer = Officer::of(&server, "081300000001", "officer", "12.07").await;
    for number in 0..COLLECTORS {
        Trader::ready(&officer, around_home(number)).await;
    }
    let household = Household::new(&server).await;
    let report = format!("/v1/reports/{}", household.reports("instant").await);
    let candidates = format!("{report}/candidates?limit={PAGE}");
    until_ranked(&household.0, &candidates).await?;

    let address = server.api();
    let hello = Hello::start()?;
    let bare = read(&hello.address, "/", None, bench).await?;
    let one = read(&address, &report, household.0.token.clone(), bench).await?;
    let ranked = read(&address, &candidates, household.0.token.clone(), bench).await?;
    table::title(&format!("Reads, {CLIENTS} clients, {COLLECTORS} collectors online, SQLite"))?;
    table::head(&["what", "actix hello", "Jumpa Madu"])?;
    table::row("`GET /v1/reports/{id}`", &bare, &one)?;
    table::row("`GET /v1/reports/{id}/candidates?limit=20`", &bare, &ranked)
}

/// Some four kilometres to each side, each number elsewhere.
fn around_home(number: u32) -> (f64, f64) {
    let (row, column) = (f64::from(number % 23) - 11.0, f64::from(number / 23 % 23) - 11.0);
    (HOME.0 + row * 0.003, HOME.1 + column * 0.003)
}

async fn read(
    address: &str,
    path: &str,
    token: Option<String>,
    bench: &Bench,
) -> Result<Figures, Fault> {
    let script = Script::Get { path: path.to_owned(), token };
    closed_loop(address, vec![script; CLIENTS], bench.time()).await
}

/// The matcher's index follows the log: waits until a full page is ranked.
async fn until_ranked(actor: &Actor, path: &str) -> Result<(), Fault> {
    let end = Instant::now() + Duration::from_secs(30);
    while Instant::now() < end {
        let page = actor.get(path).await.expect(200);
        if page.get("data").and_then(|data| data.as_array()).is_some_and(|data| data.len() == PAGE)
        {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err("no full page of candidates within 30 s".into())
}
