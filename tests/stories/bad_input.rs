//! Whatever is wrong with a request, the answer names it, and nothing has happened.

use std::sync::Arc;

use reqwest::Method;
use serde_json::{Value, json};
use stories::{Actor, HOME, Household, Officer, Reply, Server, Trader, engines, in_kabupaten};

/// What somebody did; reports are announced without anybody's doing.
const BY_HAND: &str = "event WHERE kind <> 'report_announced'";

/// A request that would be readable, for each way of being wrong.
struct Sample {
    actor: Actor,
    method: Method,
    path: String,
    body: Value,
}

#[tokio::test(flavor = "multi_thread")]
async fn every_member_of_every_command_is_looked_at() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let samples = samples(&server).await;
        let before = server.count(BY_HAND);
        let mut tried = 0;
        for sample in &samples {
            let unknown = changed(&sample.body, "/surprise", Some(json!(1)));
            sample.send(unknown).await.expect_field("/surprise");
            for (pointer, value) in places(&sample.body) {
                for wrong in wrong_values(&pointer, &value) {
                    let answer = sample.send(changed(&sample.body, &pointer, Some(wrong))).await;
                    sample.assert_refused(&answer, &pointer);
                    tried += 1;
                }
            }
        }
        assert!(tried > 200, "{tried} wrong values were tried");
        assert_eq!(server.count(BY_HAND), before, "{engine:?}: something happened");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_required_is_missed_by_name() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let samples = samples(&server).await;
        let before = server.count(BY_HAND);
        for sample in &samples {
            let optional = ["/device_name", "/detail", "/note", "/address"];
            for (pointer, _) in places(&sample.body) {
                let whole = pointer.matches('/').count() == 1;
                if !whole || optional.contains(&pointer.as_str()) || sample.method == Method::PATCH
                {
                    continue;
                }
                let answer = sample.send(changed(&sample.body, &pointer, None)).await;
                sample.assert_refused(&answer, &pointer);
            }
        }
        assert_eq!(server.count(BY_HAND), before, "{engine:?}: something happened");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn queries_are_read_as_strictly_as_bodies() {
    const QUERIES: [(&str, &str); 14] = [
        ("/v1/materials?limit=0", "?limit"),
        ("/v1/materials?limit=101", "?limit"),
        ("/v1/materials?limit=banyak", "?limit"),
        ("/v1/materials?limit=-1", "?limit"),
        ("/v1/materials?cursor=tidak", "?cursor"),
        ("/v1/materials?sort=name", "?sort"),
        ("/v1/regions?parent=12.7", "?parent"),
        ("/v1/regions/locate?lat=NaN&lon=98.8", "?lat"),
        ("/v1/regions/locate?lat=3.5&lon=Infinity", "?lon"),
        ("/v1/regions/locate?lat=91&lon=98.8", "?lat"),
        ("/v1/regions/locate?lat=48.85&lon=2.35", "?lat"),
        ("/v1/regions/locate?lat=3.5", "?lon"),
        ("/v1/statistics/summary?region=12.07&from=kemarin&to=2026-11-01", "?from"),
        ("/v1/statistics/summary?region=12.07&from=2026-11-01", "?to"),
    ];
    let server = Arc::new(Server::start(database::Engine::Sqlite));
    let viewer = Officer::of(&server, "081100000002", "viewer", "12.07").await;
    for (path, pointer) in QUERIES {
        let answer = viewer.actor.get(path).await;
        answer.expect_field(pointer);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_ends_with_its_ten_minutes_and_bears_no_touching() {
    let server = Arc::new(Server::start(database::Engine::Sqlite));
    let siti = Household::new(&server).await.0;
    let token = siti.token.clone().expect("a token");
    let parts: Vec<&str> = token.split('.').collect();
    let none = "eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0";
    let crafted = [
        String::new(),
        "x".repeat(10_000),
        format!("{none}.{}.", parts[1]),
        format!("{none}.{}.{}", parts[1], parts[2]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}.{}", parts[0], parts[1], "A".repeat(parts[2].len())),
    ];
    for token in crafted {
        let forger = Actor { token: Some(token), ..siti.clone() };
        forger.get("/v1/me").await.expect_problem(401, "unauthenticated");
    }
    siti.get("/v1/me").await.expect(200);
    server.skip(601);
    siti.get("/v1/me").await.expect_problem(401, "unauthenticated");
}

impl Sample {
    fn of(actor: &Actor, method: Method, path: &str, body: Value) -> Self {
        Self { actor: actor.clone(), method, path: path.to_owned(), body }
    }

    async fn send(&self, body: Value) -> Reply {
        let headers = [("idempotency-key", stories::fresh_key()), ("if-match", "\"1\"".to_owned())];
        let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
        self.actor.send(self.method.clone(), &self.path, &headers, Some(body)).await
    }

    fn assert_refused(&self, answer: &Reply, pointer: &str) {
        let place = format!("{} {} {pointer}", self.method, self.path);
        assert!((400..500).contains(&answer.status), "{place}: {} {}", answer.status, answer.text);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{place}");
        if answer.status == 413 {
            return;
        }
        let body = answer.json();
        assert_eq!(answer.status, 422, "{place}: {body}");
        let named = body["errors"].as_array().expect("errors").iter().any(|error| {
            let named = error["pointer"].as_str().expect("a pointer");
            named.starts_with(pointer) || (pointer.starts_with(named) && !named.is_empty())
        });
        assert!(named, "{place} is not named in {body}");
    }
}

async fn samples(server: &Arc<Server>) -> Vec<Sample> {
    let officer = Officer::of(server, "081100000001", "officer", "12.07").await;
    let (siti, budi) = (Household::new(server).await, Trader::ready(&officer, HOME).await);
    let report = siti.reports("instant").await;
    let pickup = budi.accepts(&report).await.text_of("id");
    let code = siti.handover_code(&pickup).await;
    budi.does(&pickup, "depart", json!({})).await.expect(200);
    budi.does(&pickup, "arrive", json!({ "location": in_kabupaten(HOME) })).await.expect(200);
    let choose = siti.reports("choose").await;
    let mut samples = of_a_household(&siti.0, &pickup);
    samples.extend(of_a_collector(&budi.actor, &pickup, &code, &choose));
    samples
}

fn of_a_household(siti: &Actor, pickup: &str) -> Vec<Sample> {
    let stranger = Actor::stranger(&siti.server);
    let post = |actor: &Actor, path: &str, body: Value| Sample::of(actor, Method::POST, path, body);
    let challenge = "otp_01h455vb4pex5vsknk084sn02q";
    let session = json!({ "challenge_id": challenge, "code": "123456", "device_name": "HP" });
    let dispute = json!({ "reason": "wrong_weight", "detail": "x" });
    let profile = json!({
        "kind": "pengepul", "name": "Botot Pak Joko", "base": in_kabupaten(HOME),
        "service_radius_meters": 15000, "vehicle": "MOTOR_RODA_TIGA_150",
    });
    let name = json!({ "full_name": "Siti", "language": "id" });
    vec![
        post(&stranger, "/v1/auth/otp-challenges", json!({ "phone": "081234567890" })),
        post(&stranger, "/v1/auth/sessions", session),
        Sample::of(siti, Method::PATCH, "/v1/me", name),
        post(siti, "/v1/reports", Household::report("instant")),
        post(siti, &format!("/v1/pickups/{pickup}/dispute"), dispute),
        post(siti, &format!("/v1/pickups/{pickup}/rating"), json!({ "stars": 5 })),
        post(siti, "/v1/collectors", profile),
    ]
}

fn of_a_collector(budi: &Actor, pickup: &str, code: &str, choose: &str) -> Vec<Sample> {
    let server = &budi.server;
    let post = |path: &str, body: Value| Sample::of(budi, Method::POST, path, body);
    let put = |path: &str, body: Value| Sample::of(budi, Method::PUT, path, body);
    let job = |verb: &str, body: Value| post(&format!("/v1/pickups/{pickup}/{verb}"), body);
    let seen = json!({ "lat": HOME.0, "lon": HOME.1, "recorded_at": server.moment_at(0) });
    let prices = json!([{ "material": "KRT-KARDUS-A", "price_rupiah": 1500 }]);
    let offer = json!({ "prices": prices, "pickup_at": server.moment_at(7200) });
    let lines = json!([{ "material": "KRT-KARDUS-A", "grams": 5500 }]);
    let delivery = json!({ "facility_id": "col_01h455vb4pex5vsknk084sn02q", "lines": lines });
    vec![
        put("/v1/collectors/me/prices", json!({ "items": prices })),
        put("/v1/collectors/me/availability", json!({ "online": true })),
        post("/v1/collectors/me/positions", json!({ "positions": [seen] })),
        post(&format!("/v1/reports/{choose}/offers"), offer),
        job("arrive", json!({ "location": in_kabupaten(HOME) })),
        job("weigh-in", json!({ "handover_code": code, "lines": lines })),
        job("payment", json!({ "method": "cash" })),
        post("/v1/deliveries", delivery),
    ]
}

/// Every member and entry of a body, with its JSON pointer.
fn places(body: &Value) -> Vec<(String, Value)> {
    let below = |name: &str, value: &Value| {
        let inner = places(value).into_iter();
        let inner = inner.map(|(pointer, value)| (format!("/{name}{pointer}"), value));
        [(format!("/{name}"), value.clone())].into_iter().chain(inner).collect::<Vec<_>>()
    };
    match body {
        Value::Object(members) => {
            members.iter().flat_map(|(name, value)| below(name, value)).collect()
        }
        Value::Array(entries) => entries
            .iter()
            .zip(0..)
            .flat_map(|(value, index)| below(&index.to_string(), value))
            .collect(),
        _ => Vec::new(),
    }
}

/// Values that are never acceptable in the place of this one.
fn wrong_values(pointer: &str, value: &Value) -> Vec<Value> {
    let huge = json!(9_223_372_036_854_775_807_i64);
    match value {
        // Places are the only fractions, and may be anywhere in Indonesia.
        Value::Number(_) if pointer.ends_with("/lat") || pointer.ends_with("/lon") => {
            vec![json!("3.5"), json!(true), json!(-200), json!(1e300), huge]
        }
        Value::Number(_) => {
            vec![json!("12"), json!(true), json!(1.5), json!(-1), json!(1e300), huge]
        }
        Value::String(_) => vec![json!(7), json!(true), json!({}), json!("x".repeat(5_000))],
        Value::Bool(_) => vec![json!(1), json!("ya"), json!([])],
        Value::Array(entries) => {
            let first = entries.first().cloned().unwrap_or_default();
            vec![json!(7), json!("x"), json!({}), json!([]), vec![first; 400].into()]
        }
        _ => vec![json!(7), json!("x"), json!([])],
    }
}

/// The body with another value in one place, or without it.
fn changed(body: &Value, pointer: &str, value: Option<Value>) -> Value {
    let mut body = body.clone();
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    let parent = body.pointer_mut(parent).expect("the parent");
    match (parent, value) {
        (Value::Object(members), Some(value)) => {
            members.insert(name.to_owned(), value);
        }
        (Value::Object(members), None) => {
            members.remove(name);
        }
        (Value::Array(entries), value) => {
            entries[name.parse::<usize>().expect("an index")] = value.unwrap_or_default();
        }
        (parent, _) => panic!("{parent} has no {name}"),
    }
    body
}
