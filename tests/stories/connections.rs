//! The way to PostgreSQL breaks: nothing is done twice, nothing is lost, and who comes later notices nothing.
//!
//! The embedded database has no such way: it lives in the process, whose death `crashes` is about.

use std::{
    sync::{
        Arc, Barrier,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use database::{Connection, Database, DatabaseError, Engine, Options};
use diesel::{IntoSql as _, RunQueryDsl as _, sql_types::Integer};
use serde_json::{Value, json};
use stories::{Actor, Break, Cable, HOME, Household, Officer, Reply, Server, Trader, engines};
use test_kit::TestDatabase;
use tokio::time::{sleep, timeout};

use crate::races::{all_at_once, top_up};

/// How long PostgreSQL may take to notice that it has lost a session.
const DEADLINE: Duration = Duration::from_secs(60);
/// Ends all sessions but its own, and waits until they have ended.
const CUT: &str = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()";

fn with_postgres() -> bool {
    engines().contains(&Engine::Postgres)
}

/// As long as the lost session holds the key, the answer is to try again: PostgreSQL may not have noticed yet.
async fn once_nobody_is_at_it(actor: &Actor, path: &str, key: &str, body: &Value) -> Reply {
    loop {
        let answer = actor.post_with_key(path, key, body.clone()).await;
        if answer.status != 409 || answer.json()["code"] != "request_in_progress" {
            return answer;
        }
        sleep(Duration::from_millis(50)).await;
    }
}

/// The same command under the same key, with the cable broken and then mended: how it ended at last.
async fn said_twice(cable: &Cable, place: Break, actor: &Actor, path: &str, body: Value) -> Reply {
    cable.break_at(place);
    let key = stories::fresh_key();
    let lost = actor.post_with_key(path, &key, body.clone()).await;
    lost.expect_problem(503, "unavailable");
    assert!(cable.mend() > 0, "{place:?}");
    let found = timeout(DEADLINE, once_nobody_is_at_it(actor, path, &key, &body));
    let found = found.await.expect("the lost session ends in time");
    let again = actor.post_with_key(path, &key, body).await;
    assert_eq!((found.status, &found.text), (again.status, &again.text));
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_whose_commit_was_cut_off_is_made_once() {
    if !with_postgres() {
        return;
    }
    for place in [Break::BeforeCommit, Break::AfterCommit] {
        let (server, cable) = Server::at_the_end_of_a_cable();
        let server = Arc::new(server);
        let siti = Household::new(&server).await;
        let report = Household::report("instant");
        let made = said_twice(&cable, place, &siti.0, "/v1/reports", report).await;
        made.expect(201);
        assert_eq!(server.count("report"), 1, "{place:?}");
        assert_eq!(siti.state_of(&made.text_of("id")).await, "open");
        assert!(server.tool(&["verify"]).success);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_whose_commit_was_cut_off_is_made_once() {
    if !with_postgres() {
        return;
    }
    for place in [Break::BeforeCommit, Break::AfterCommit] {
        let (server, cable) = Server::at_the_end_of_a_cable();
        let server = Arc::new(server);
        let officer = Officer::of(&server, "081100000001", "officer", "12.07").await;
        let (siti, budi) = (Household::new(&server).await, Trader::ready(&officer, HOME).await);
        top_up(&server, &budi.actor, 100_000);
        let pickup = budi.serves(&siti).await;
        let (path, wallet) =
            (format!("/v1/pickups/{pickup}/payment"), json!({ "method": "wallet" }));
        said_twice(&cable, place, &budi.actor, &path, wallet).await.expect(201);
        let earned = siti.0.get("/v1/wallet").await.expect(200)["balance_rupiah"].clone();
        assert_eq!(earned, 15_250, "{place:?}");
        let left = budi.actor.get("/v1/wallet").await.expect(200)["balance_rupiah"].clone();
        assert_eq!(left, 100_000 - 15_250, "{place:?}");
        assert!(server.tool(&["verify"]).success);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_connections_were_all_cut_answers_as_if_nothing_had_been() {
    if !with_postgres() {
        return;
    }
    let server = Arc::new(Server::start(Engine::Postgres));
    let siti = Household::new(&server).await;
    let devices: Vec<_> = (0..8).map(|number| (number, siti.0.clone())).collect();
    let asks = |(number, device): (i32, Actor)| async move {
        match number % 2 {
            0 => device.get("/v1/reports").await,
            _ => device.post("/v1/reports", Household::report("instant")).await,
        }
    };
    for round in 1..=5 {
        for answer in all_at_once(&devices, asks).await {
            assert!(matches!(answer.status, 200 | 201), "{round}: {}", answer.text);
        }
        assert_eq!(server.count("report"), round * 4);
        // As many connections as there are devices are idle by now.
        server.alter(&[CUT]);
    }
}

#[test]
fn a_unit_of_work_is_not_run_again_once_its_commit_was_said() {
    if !with_postgres() {
        return;
    }
    let home = TestDatabase::new(Engine::Postgres, &[]);
    let (cable, url) = Cable::lay(home.url());
    let database = Database::open(&Options::new(url)).expect("a database");
    for place in [Break::BeforeCommit, Break::AfterCommit] {
        let runs = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&runs);
        cable.break_at(place);
        let outcome = database.write_blocking(move |conn| {
            counted.fetch_add(1, Ordering::SeqCst);
            Ok::<_, DatabaseError>(conn.run_script("CREATE TABLE IF NOT EXISTS mark (place INT)")?)
        });
        assert!(matches!(outcome, Err(DatabaseError::Unavailable(_))), "{place:?}");
        assert_eq!((runs.load(Ordering::SeqCst), cable.mend()), (1, 1), "{place:?}");
    }
}

/// As many connections as there may be, all idle and dead.
fn with_dead_connections(home: &TestDatabase) -> Database {
    let options = Options::new(home.url());
    let database = Database::open(&options).expect("a database");
    let everybody = Barrier::new(options.connections.try_into().expect("a few"));
    thread::scope(|scope| {
        for _ in 0..options.connections {
            let meet = |_: &mut Connection| {
                everybody.wait();
                Ok::<_, DatabaseError>(())
            };
            let database = &database;
            scope.spawn(move || database.read_blocking(meet).expect("a connection"));
        }
    });
    test_kit::raw_connection(&home.database()).run_script(CUT).expect("all sessions end");
    database
}

#[test]
fn who_comes_first_finds_a_living_connection_though_all_are_dead() {
    if !with_postgres() {
        return;
    }
    let home = TestDatabase::new(Engine::Postgres, &[]);
    // A query that has to be prepared first: of those diesel does not notice that nobody hears them.
    let asks = |conn: &mut Connection| {
        let one = diesel::select(1.into_sql::<Integer>());
        Ok::<_, DatabaseError>(one.get_result::<i32>(conn)?)
    };
    assert_eq!(with_dead_connections(&home).read_blocking(asks).expect("an answer"), 1);
    assert_eq!(with_dead_connections(&home).write_blocking(asks).expect("an answer"), 1);
}
