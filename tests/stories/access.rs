//! Everyone who must be refused, is: every operation of the document is tried by everybody who may not call it.

use std::{collections::BTreeMap, sync::Arc};

use reqwest::Method;
use serde_json::{Value, json};
use stories::{Actor, HOME, Household, Officer, Reply, Server, Trader, engines};

/// Who may call what: the one list a reviewer has to read. Sorted by operation.
const TABLE: &str = include_str!("access.txt");

/// An operation as the document states it.
struct Operation {
    id: String,
    method: Method,
    path: String,
    access: String,
}

#[tokio::test(flavor = "multi_thread")]
async fn the_table_lists_every_operation() {
    let server = Arc::new(Server::start(database::Engine::Sqlite));
    let documented: BTreeMap<String, String> = operations(&server)
        .await
        .into_iter()
        .map(|operation| (operation.id, operation.access))
        .collect();
    let listed: BTreeMap<String, String> = TABLE
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(id, access)| (id.to_owned(), access.trim().to_owned()))
        .collect();
    assert_eq!(documented, listed);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_past_the_door_who_may_not() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let stranger = Actor::stranger(&server);
        let siti = Household::new(&server).await.0;
        let forged = Actor { token: siti.token.as_ref().map(|token| forge(token)), ..siti.clone() };
        let officer = Officer::of(&server, "081100000001", "officer", "12.07").await;
        let viewer = Officer::of(&server, "081100000002", "viewer", "12.07").await;
        for operation in operations(&server).await {
            let by = |actor: &Actor| call(actor.clone(), &operation);
            if operation.access == "public" {
                let answer = by(&stranger).await;
                assert!(![401, 403].contains(&answer.status) || about_the_code(&answer));
                continue;
            }
            by(&stranger).await.expect_problem(401, "unauthenticated");
            by(&forged).await.expect_problem(401, "unauthenticated");
            if operation.access.starts_with("staff:") {
                by(&siti).await.expect_problem(403, "staff_role_required");
            }
            if operation.access == "staff:officer" {
                by(&viewer.actor).await.expect_problem(403, "staff_role_required");
            }
            if operation.access == "staff:admin" || operation.access.starts_with("staff:finance") {
                by(&officer.actor).await.expect_problem(403, "staff_role_required");
            }
            if operation.access == "collector" {
                by(&siti).await.expect_problem(403, "collector_profile_required");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_yours_looks_like_what_does_not_exist() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let officer = Officer::of(&server, "081100000001", "officer", "12.07").await;
        let siti = Household::new(&server).await;
        let (budi, joko) =
            (Trader::ready(&officer, HOME).await, Trader::ready(&officer, HOME).await);
        let report = siti.reports("instant").await;
        let pickup = budi.accepts(&report).await.text_of("id");
        for (real, kind) in [(&report, "reports"), (&pickup, "pickups")] {
            let real = format!("/v1/{kind}/{real}");
            let absent = format!("/v1/{kind}/{}", sample_id(kind));
            for suffix in ["", "/receipt", "/candidates", "/offers"] {
                let (real, absent) = (format!("{real}{suffix}"), format!("{absent}{suffix}"));
                let (one, other) = (joko.actor.get(&real).await, joko.actor.get(&absent).await);
                assert_eq!(one.status, 404, "{real}: {}", one.text);
                assert_eq!(anonymous(&one), anonymous(&other), "{real}");
            }
            let cancel = format!("{real}/cancel");
            let reason = json!({ "reason": "iseng" });
            assert_eq!(joko.actor.post(&cancel, reason).await.status, 404, "{cancel}");
        }
    }
}

async fn operations(server: &Arc<Server>) -> Vec<Operation> {
    let document = Actor::stranger(server).get("/openapi.json").await.expect(200);
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let Some(id) = operation["operationId"].as_str() else { continue };
            found.push(Operation {
                id: id.to_owned(),
                method: method.to_uppercase().parse().expect("a method"),
                path: path.clone(),
                access: operation["x-access"].as_str().expect("x-access").to_owned(),
            });
        }
    }
    found
}

async fn call(actor: Actor, operation: &Operation) -> Reply {
    let kind = operation
        .path
        .split('/')
        .rev()
        .find(|part| !part.starts_with('{') && operation.path.contains(&format!("{part}/{{")));
    let path = match (operation.path.find('{'), operation.path.find('}')) {
        (Some(open), Some(close)) => format!(
            "{}{}{}",
            &operation.path[..open],
            sample_id(kind.unwrap_or_default()),
            &operation.path[close + 1..]
        ),
        _ => operation.path.clone(),
    };
    let headers = [("idempotency-key", "access"), ("if-match", "\"1\"")];
    let body = (operation.method != Method::GET).then(|| json!({}));
    actor.send(operation.method.clone(), &path, &headers, body).await
}

/// A well-formed id that nobody has.
fn sample_id(kind: &str) -> String {
    let prefix = match kind {
        "reports" => "rpt",
        "offers" => "ofr",
        "pickups" => "pkp",
        "payments" | "receipts" => "pay",
        "adjustments" => "adj",
        "collectors" => "col",
        "deliveries" => "dlv",
        "photos" => "pho",
        "reconciliations" => "rec",
        "sessions" => "ses",
        "wallets" => "acc",
        "withdrawals" => "wdr",
        "top-ups" => "top",
        _ => return "12.07".to_owned(),
    };
    format!("{prefix}_01h455vb4pex5vsknk084sn02q")
}

/// Public sign-in operations may say that a code or token is wrong; that is about the code, not the caller.
fn about_the_code(answer: &Reply) -> bool {
    answer.json()["code"] != "unauthenticated"
}

/// The last letter of the signature stands for another one.
fn forge(token: &str) -> String {
    let other = if token.ends_with('A') { 'Q' } else { 'A' };
    format!("{}{other}", &token[..token.len() - 1])
}

/// The answer without what names the single request.
fn anonymous(answer: &Reply) -> Value {
    let mut body = answer.json();
    for member in ["request_id", "instance"] {
        body[member] = Value::Null;
    }
    body
}
