//! What whoever runs an installation relies on: `verify` finds faults, a backup is everything, a seed is a demo.

use std::{fs, path::Path, sync::Arc};

use database::Engine;
use stories::{HOME, Household, Officer, Server, Tool, Trader, engines};

use crate::races::top_up;

/// Behind the product's back, on both engines: what makes history unchangeable, and a change of it.
const FAULTS: [(&str, [&str; 2], &str); 2] = [
    (
        "event log",
        ["event_is_history", "event"],
        "UPDATE event SET body = '{}' WHERE seq = (SELECT MAX(seq) - 2 FROM event)",
    ),
    (
        "ledger",
        ["posting_keep", "posting"],
        "UPDATE posting SET balance_after = balance_after + 1 WHERE version = 1 AND delta > 0",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn verify_names_a_planted_fault_in_either_book() {
    for engine in engines() {
        for (book, [trigger, table], fault) in FAULTS {
            let server = Arc::new(Server::start(engine));
            let officer = Officer::of(&server, "081100000001", "officer", "12.07").await;
            let (siti, budi) = (Household::new(&server).await, Trader::ready(&officer, HOME).await);
            top_up(&server, &budi.actor, 50_000);
            siti.reports("instant").await;
            assert!(server.tool(&["verify"]).success);

            let drop = match engine {
                Engine::Sqlite => format!("DROP TRIGGER {trigger}"),
                Engine::Postgres => format!("DROP TRIGGER {trigger} ON {table}"),
            };
            server.alter(&[&drop, fault]);
            let found = server.tool(&["verify"]);
            assert!(!found.success, "{engine:?} {book}: the fault was not found");
            assert!(found.output.contains(&format!("{book}: WRONG")), "{}", found.output);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_the_whole_installation() {
    let server = Arc::new(Server::start(Engine::Sqlite));
    let siti = Household::new(&server).await;
    let before = siti.reports("instant").await;
    let copy = server.home().join("backup.sqlite3");
    let made = server.tool(&["backup", "--to", &copy.display().to_string()]);
    assert!(made.success, "{}", made.output);
    let after = siti.reports("instant").await;

    // As the README says: stop, put the file in its place, remove the two beside it, start, verify.
    server.kill();
    let file = server.database_file();
    fs::rename(&copy, &file).expect("the backup takes its place");
    for beside in ["-wal", "-shm"] {
        let _absent = fs::remove_file(format!("{}{beside}", file.display()));
    }
    server.launch();
    assert!(server.tool(&["verify"]).success);
    assert_eq!(siti.state_of(&before).await, "open");
    siti.0.get(&format!("/v1/reports/{after}")).await.expect_problem(404, "not_found");
    siti.reports("instant").await;
}

#[test]
fn the_same_seed_plays_the_same_demo() {
    let home = tempfile::tempdir().expect("a directory");
    let [one, same, other] = [("one", "7"), ("same", "7"), ("other", "8")]
        .map(|(name, seed)| demo(&home.path().join(name), seed));
    assert!(one == same, "the same seed made another database");
    assert!(one != other, "another seed made the same database");
}

/// The bytes of a one-day demo's database, packed.
fn demo(home: &Path, seed: &str) -> Vec<u8> {
    let copy = home.join("copy.sqlite3");
    let played = Tool::run(home, &["demo", "--no-serve", "--days", "1", "--seed", seed]);
    assert!(played.success, "{}", played.output);
    let to = copy.display().to_string();
    let copied = Tool::run(&home.join("demo"), &["backup", "--to", &to]);
    assert!(copied.success, "{}", copied.output);
    fs::read(copy).expect("the copy")
}
