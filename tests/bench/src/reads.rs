//! Reading a report, and ranking its candidates, beside a server that only says hello or one body of the same size.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use database::Engine;
use stories::{Actor, HOME, Household, Officer, Server, Trader};
use tokio::task::JoinSet;

use crate::{
    Bench, Fault,
    hello::Hello,
    measure::{Figures, Script, closed_loop},
    table,
    wire::Wire,
};

const CLIENTS: [usize; 2] = [16, 64];
const COLLECTORS: u32 = 500;
/// So many collectors are made ready at once.
const SIDE_BY_SIDE: usize = 50;
const PAGE: usize = 20;
/// As in an installation: no clock of its own, and no line in the log for each request.
const PLAIN: [(&str, &str); 2] = [("log_filter", "warn"), ("development.clock_file", "")];

/// Prints the tables of this measurement.
pub(crate) async fn measure(bench: &Bench) -> Result<(), Fault> {
    let server = Arc::new(Server::start_with(Engine::Sqlite, &PLAIN));
    collectors_around_home(&server).await?;
    let household = Household::new(&server).await;
    let report = format!("/v1/reports/{}", household.reports("instant").await);
    let candidates = format!("{report}/candidates?limit={PAGE}");
    until_ranked(&household.0, &candidates).await?;

    let (address, token) = (server.api(), household.0.token.clone());
    let length = length_of(&address, &candidates, token.clone()).await?;
    let (hello, same_size) = (Hello::start()?, Hello::of_size(length)?);
    for clients in CLIENTS {
        let bare = read(&hello.address, ("/", None), clients, bench).await?;
        let body = read(&same_size.address, ("/", None), clients, bench).await?;
        let one = read(&address, (&report, token.clone()), clients, bench).await?;
        let ranked = read(&address, (&candidates, token.clone()), clients, bench).await?;
        table::title(&format!("Reads, {clients} clients, {COLLECTORS} collectors online, SQLite"))?;
        table::head(&["what", "actix", "Jumpa Madu"])?;
        table::row("`GET /v1/reports/{id}` against hello", &bare, &one)?;
        table::row("`GET …/candidates?limit=20` against hello", &bare, &ranked)?;
        table::row(&format!("the same against {length} bytes as they are"), &body, &ranked)?;
    }
    Ok(())
}

/// All of them verified, with prices and online, some at a time: each waits a little until his token knows him.
async fn collectors_around_home(server: &Arc<Server>) -> Result<(), Fault> {
    let officer = Arc::new(Officer::of(server, "081300000001", "officer", "12.07").await);
    let mut underway = JoinSet::new();
    for number in 0..COLLECTORS {
        if underway.len() == SIDE_BY_SIDE {
            underway.join_next().await.transpose()?;
        }
        let officer = Arc::clone(&officer);
        underway.spawn(async move { Trader::ready(&officer, around_home(number)).await });
    }
    while let Some(ready) = underway.join_next().await {
        ready?;
    }
    Ok(())
}

/// Some four kilometres to each side, each number elsewhere.
fn around_home(number: u32) -> (f64, f64) {
    let (row, column) = (f64::from(number % 23) - 11.0, f64::from(number / 23 % 23) - 11.0);
    (HOME.0 + row * 0.003, HOME.1 + column * 0.003)
}

async fn read(
    address: &str,
    (path, token): (&str, Option<String>),
    clients: usize,
    bench: &Bench,
) -> Result<Figures, Fault> {
    let script = Script::Get { path: path.to_owned(), token };
    closed_loop(address, vec![script; clients], bench.time()).await
}

/// How many bytes an answer has.
async fn length_of(address: &str, path: &str, token: Option<String>) -> Result<usize, Fault> {
    let request = Script::Get { path: path.to_owned(), token }.written(0, 0);
    Ok(Wire::open(address).await?.send(&request).await?.body.len())
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
