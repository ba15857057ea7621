//! Our withdrawals beside the gateway's own book: every day, at the office's desk, and after a restore.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    time::Duration,
};

use database::Engine;
use gateway_simulator::{Running, Settings};
use primitives::{Clock as _, SystemClock};
use serde_json::{Value, json};
use stories::{Actor, Household, Officer, Server, engines};

use crate::withdrawals::{PATH, arrival, saver, server_beside, wish};

pub(crate) const RECONCILIATIONS: &str = "/v1/staff/reconciliations";

/// The gateway's clock shows what the server's does.
pub(crate) fn synchronize(server: &Server, simulator: &Running) {
    let seconds = u64::try_from(SystemClock.now().micros() / 1_000_000).expect("after 1970");
    simulator.with_book(|book| book.epoch = seconds + server.skipped() - book.now);
}

/// Asks for a comparison, as soon as no other one is under way, and waits for its end.
async fn compared(checker: &Actor) -> Value {
    compared_with(checker, "xendit").await
}

/// The same with any gateway.
pub(crate) async fn compared_with(checker: &Actor, gateway: &str) -> Value {
    let ends = async {
        loop {
            let asked = checker.post(RECONCILIATIONS, json!({ "gateway": gateway })).await;
            if asked.status == 202 {
                return ended(checker, &asked.text_of("id")).await;
            }
            asked.expect_problem(409, "reconciliation_under_way");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(120), ends).await.expect("it ends in time")
}

async fn ended(checker: &Actor, id: &str) -> Value {
    loop {
        let found = checker.get(&format!("{RECONCILIATIONS}/{id}")).await.expect(200);
        if found["state"] != "open" {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

async fn gateway(checker: &Actor) -> Value {
    checker.get("/v1/staff/gateways").await.expect(200)["data"][0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_office_compares_the_books_and_explains_what_it_finds() {
    for engine in engines() {
        let simulator = Running::start(Settings::default()).expect("a simulator");
        let server = server_beside(&simulator, engine);
        let siti = saver(&server).await;
        synchronize(&server, &simulator);
        let asked = siti.0.post(PATH, wish()).await;
        asked.expect(202);
        let siti = arrival(&siti, &simulator, &asked.text_of("id")).await;
        let reference = simulator.with_book(|book| book.plant("xendit", "by hand", 70_000));
        let checker = Officer::of(&server, "081100000002", "finance_checker", "12.07").await.actor;

        let found = compared(&checker).await;
        let expected =
            json!({ "matched": 1, "ours_only": 0, "theirs_only": 1, "different_amount": 0 });
        assert_eq!(found["payouts"], expected, "{found}");
        let id = found["id"].as_str().expect("an id");
        let items = format!("{RECONCILIATIONS}/{id}/items");
        siti.get(&items).await.expect_problem(403, "staff_role_required");
        let alone = checker.get(&format!("{items}?outcome=theirs_only")).await.expect(200);
        let [item] = &alone["data"].as_array().expect("a list")[..] else { panic!("{alone}") };
        assert_eq!((&item["subject"], &item["open"]), (&json!(reference), &json!(true)));
        let first = checker.get(&format!("{items}?limit=1")).await.expect(200);
        let cursor = first["next_cursor"].as_str().expect("a second page");
        let second = checker.get(&format!("{items}?limit=1&cursor={cursor}")).await.expect(200);
        assert_ne!(first["data"][0]["subject"], second["data"][0]["subject"]);
        assert_eq!(gateway(&checker).await["open_differences"], 1);
        assert!(!server.tool(&["reconcile", "--json"]).success, "for scripts, that is a failure");

        let explain = format!("{RECONCILIATIONS}/{id}/explain");
        let said = json!({ "subject": reference, "cause": "by_hand", "reason": "lewat dasbor" });
        let explained = checker.post(&explain, said.clone()).await.expect(200);
        assert_eq!(explained["explanation"]["explained_by"], json!(checker.account));
        checker.post(&explain, said).await.expect(200);
        let other = json!({ "subject": reference, "cause": "other", "reason": "entahlah" });
        checker.post(&explain, other).await.expect_problem(409, "already_explained");
        assert_eq!(gateway(&checker).await["open_differences"], 0);

        let told = server.tool(&["reconcile", "--gateway", "xendit"]);
        assert!(told.success && told.output.contains("1 matched"), "{}", told.output);
        let healthy = server.tool(&["doctor"]);
        assert!(healthy.success && healthy.output.contains("it holds Rp"), "{}", healthy.output);
        let verified = server.tool(&["verify", "--json"]);
        assert!(verified.success, "{}", verified.output);
    }
}

/// As the README says: stop, put the file in its place, remove the two beside it, start.
fn restore(server: &Server, copy: &Path) {
    server.kill();
    let file = server.database_file();
    fs::rename(copy, &file).expect("the backup takes its place");
    for beside in ["-wal", "-shm"] {
        let beside = format!("{}{beside}", file.display());
        if Path::new(&beside).exists() {
            fs::remove_file(beside).expect("what belonged to the old one goes");
        }
    }
    server.launch();
}

/// Where PostgreSQL's own programs lie: the search path first, else Debian's newest.
fn postgres_program(name: &str) -> PathBuf {
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<PathBuf> = debian.map(|entry| entry.path().join("bin")).collect();
    versions.sort_by_key(|it| it.components().nth(4).map(|version| version.as_os_str().len()));
    let search = std::env::var_os("PATH").unwrap_or_default();
    let places = std::env::split_paths(&search).chain(versions.into_iter().rev());
    places.map(|place| place.join(name)).find(|it| it.exists()).expect("PostgreSQL's programs")
}

fn run(program: &str, arguments: &[&str]) {
    let ended = Command::new(postgres_program(program)).args(arguments).output().expect(program);
    assert!(ended.status.success(), "{program}: {}", String::from_utf8_lossy(&ended.stderr));
}

/// A backup of either engine, made as the README says.
fn back_up(server: &Server, copy: &Path) {
    let to = copy.display().to_string();
    if let Some(url) = server.postgres_url() {
        return run("pg_dump", &["--format=custom", "--file", &to, url]);
    }
    let made = server.tool(&["backup", "--to", &to]);
    assert!(made.success, "{}", made.output);
}

/// And put back: the tables of PostgreSQL are made anew.
fn put_back(server: &Server, copy: &Path) {
    let Some(url) = server.postgres_url() else { return restore(server, copy) };
    server.kill();
    let from = copy.display().to_string();
    run("pg_restore", &["--clean", "--if-exists", "--single-transaction", "--dbname", url, &from]);
    server.launch();
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_restore_nothing_is_sent_until_the_gap_is_accounted_for() {
    for engine in engines() {
        restored_on(engine).await;
    }
}

async fn restored_on(engine: Engine) {
    let simulator = Running::start(Settings::default()).expect("a simulator");
    let server: Arc<Server> = server_beside(&simulator, engine);
    let checker = Officer::of(&server, "081100000002", "finance_checker", "12.07").await.actor;
    let siti = saver(&server).await;
    synchronize(&server, &simulator);
    let copy = server.home().join("backup.sqlite3");
    back_up(&server, &copy);
    let paid = siti.0.post(PATH, wish()).await;
    paid.expect(202);
    arrival(&siti, &simulator, &paid.text_of("id")).await;

    put_back(&server, &copy);
    let siti = Household(siti.0.refreshed().await);
    assert_eq!(siti.0.get("/v1/wallet").await.expect(200)["balance_rupiah"], 100_000);
    let again = siti.0.post(PATH, wish()).await;
    again.expect(202);
    let checker = checker.refreshed().await;
    let found = compared(&checker).await;
    assert_eq!(found["payouts"]["theirs_only"], 1, "{found}");
    let standing = gateway(&checker).await;
    assert_eq!(standing["problem"], "payouts_quarantined", "{standing}");
    let ill = server.tool(&["doctor"]);
    assert!(!ill.success && ill.output.contains("nothing is sent"), "{}", ill.output);
    let waiting = siti.0.get(&format!("{PATH}/{}", again.text_of("id"))).await.expect(200);
    assert_eq!(waiting["state"], "created");

    let id = found["id"].as_str().expect("an id");
    let items = format!("{RECONCILIATIONS}/{id}/items?outcome=theirs_only");
    let subject = checker.get(&items).await.expect(200)["data"][0]["subject"].clone();
    let said = json!({ "subject": subject, "cause": "lost_withdrawal", "reason": "sudah dibayar" });
    checker.post(&format!("{RECONCILIATIONS}/{id}/explain"), said).await.expect(200);
    let siti = arrival(&siti, &simulator, &again.text_of("id")).await;
    let transfers = simulator.with_book(|book| book.transfers());
    assert_eq!(transfers.into_values().collect::<Vec<_>>(), [1, 1]);
    assert_eq!(
        siti.get("/v1/wallet").await.expect(200)["balance_rupiah"],
        100_000 - 50_000 - 2_500
    );
    let verified = server.tool(&["verify", "--json"]);
    assert!(verified.success, "{}", verified.output);
}
