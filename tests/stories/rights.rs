//! The server need not own its tables in PostgreSQL: rows are enough for it, and what guards them is out of its reach.

use std::sync::Arc;

use database::{DatabaseError, Engine};
use diesel::connection::SimpleConnection as _;
use serde_json::json;
use stories::{HOME, Household, Officer, Server, Trader, engines};

use crate::races::top_up;

/// A role belongs to all databases, and one that an earlier run left behind is as good.
const ROLE: &str = "DO $$ BEGIN CREATE ROLE jumpa_madu_test_rows;
    EXCEPTION WHEN duplicate_object THEN NULL; END $$";
/// The rights that the README names.
const RIGHTS: [&str; 2] = [
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO jumpa_madu_test_rows",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO jumpa_madu_test_rows",
];
const NO_ROLE: &str = "DROP OWNED BY jumpa_madu_test_rows; DROP ROLE jumpa_madu_test_rows";

/// How somebody with the server's own rights would change history, and why it fails.
const ATTACKS: [(&str, &str); 6] = [
    ("ALTER TABLE posting DISABLE TRIGGER ALL", "must be owner"),
    ("DROP TRIGGER event_is_history ON event", "must be owner"),
    ("TRUNCATE posting", "permission denied"),
    ("SET session_replication_role = replica", "permission denied"),
    ("CREATE TABLE mine (id INT)", "permission denied"),
    ("DELETE FROM posting", "ledger_is_append_only"),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_role_with_rows_alone_serves_and_cannot_change_history() {
    if !engines().contains(&Engine::Postgres) {
        return;
    }
    let mut server = Server::start(Engine::Postgres);
    server.alter(&[&[ROLE], &RIGHTS[..]].concat());
    server.launch_as("jumpa_madu_test_rows");

    let server = Arc::new(server);
    let officer = Officer::of(&server, "081100000001", "officer", "12.07").await;
    let (siti, budi) = (Household::new(&server).await, Trader::ready(&officer, HOME).await);
    top_up(&server, &budi.actor, 100_000);
    let pickup = budi.serves(&siti).await;
    budi.does(&pickup, "payment", json!({ "method": "wallet" })).await.expect(201);
    for (attack, reason) in ATTACKS {
        let refused = refusal_of(&server, attack);
        assert!(refused.contains(reason), "{attack}: {refused}");
    }
    assert!(server.tool(&["verify"]).success);
    server.kill();
    server.alter(&[NO_ROLE]);
}

fn refusal_of(server: &Server, attack: &str) -> String {
    let script = format!("SET LOCAL ROLE jumpa_madu_test_rows; {attack}");
    let attacked = server
        .database()
        .write_blocking(move |conn| Ok::<_, DatabaseError>(conn.batch_execute(&script)?));
    let refused = attacked.expect_err(attack);
    format!("{refused:?}")
}
