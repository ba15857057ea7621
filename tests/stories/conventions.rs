//! What holds for every operation: problems, languages, ETags, pages, idempotency, limits.

use std::sync::Arc;

use reqwest::Method;
use serde_json::json;
use stories::{Actor, Household, Server, engines};

#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_is_a_problem_in_the_callers_language() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let stranger = Actor::stranger(&server);
        stranger.get("/v1/nothing").await.expect_problem(404, "not_found");
        let wrong = stranger.send(Method::DELETE, "/v1/materials", &[], None).await;
        wrong.expect_problem(405, "method_not_allowed");
        assert!(wrong.header("allow").expect("Allow").contains("GET"));
        stranger.get("/v1/me").await.expect_problem(401, "unauthenticated");

        let titles = ["id", "en"].map(|language| {
            let stranger = stranger.clone();
            async move {
                let headers = [("accept-language", language)];
                let answer = stranger.send(Method::GET, "/v1/me", &headers, None).await;
                assert_eq!(answer.header("content-language"), Some(language));
                answer.text_of("title")
            }
        });
        let [indonesian, english] = titles;
        assert_ne!(indonesian.await, english.await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_are_refused_for_what_they_are() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let siti = Household::new(&server).await;
        let send = |content_type: &'static str, body: String| {
            let request = server.http.post(format!("{}/v1/reports", server.api()));
            let request = request.bearer_auth(siti.0.token.clone().expect("a token"));
            let request = request.header("idempotency-key", "bodies");
            request.header("content-type", content_type).body(body).send()
        };
        let statuses = [
            (send("application/json", "{".to_owned()).await, 400),
            (send("text/plain", "{}".to_owned()).await, 415),
            (send("application/json", format!("\"{}\"", "x".repeat(70_000))).await, 413),
            (send("application/json", r#"{"note":"a","note":"b"}"#.to_owned()).await, 400),
            (send("application/json", "[".repeat(30_000)).await, 400),
        ];
        for (answer, status) in statuses {
            let answer = answer.expect("an answer");
            assert_eq!(answer.status().as_u16(), status);
            assert_eq!(answer.headers()["content-type"], "application/problem+json");
        }
        assert_eq!(siti.0.get("/v1/reports").await.expect(200)["data"], json!([]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_gives_the_same_answer_also_after_a_restart() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let siti = Household::new(&server).await;
        let body = Household::report("instant");
        let first = siti.0.post_with_key("/v1/reports", "key-1", body.clone()).await;
        first.expect(201);
        assert_eq!(first.header("idempotency-replayed"), None);
        server.kill();
        server.launch();
        let again = siti.0.post_with_key("/v1/reports", "key-1", body.clone()).await;
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        assert_eq!((again.status, &again.text), (201, &first.text));

        let mut other = body.clone();
        other["note"] = json!("lain");
        let reused = siti.0.post_with_key("/v1/reports", "key-1", other).await;
        reused.expect_problem(422, "idempotency_key_reused");
        let unkeyed = siti.0.send(Method::POST, "/v1/reports", &[], Some(body.clone())).await;
        unkeyed.expect_problem(400, "idempotency_key_missing");
        // Somebody else's key is somebody else's.
        let rina = Household::new(&server).await;
        let hers = rina.0.post_with_key("/v1/reports", "key-1", body).await;
        hers.expect(201);
        assert_ne!(hers.text_of("id"), first.text_of("id"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn etags_guard_reads_and_changes() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let siti = Household::new(&server).await;
        let path = format!("/v1/reports/{}", siti.reports("instant").await);
        let etag = siti.0.get(&path).await.etag();
        let known = siti.0.send(Method::GET, &path, &[("if-none-match", &etag)], None).await;
        assert_eq!((known.status, known.text.as_str()), (304, ""));

        let change = json!({ "note": "pagar biru" });
        let blind = siti.0.send(Method::PATCH, &path, &[], Some(change.clone())).await;
        blind.expect_problem(428, "precondition_required");
        let changed = siti.0.change(Method::PATCH, &path, &etag, change.clone()).await;
        assert_eq!(changed.expect(200)["note"], "pagar biru");
        assert_ne!(changed.etag(), etag);
        let stale = siti.0.change(Method::PATCH, &path, &etag, json!({ "note": "x" })).await;
        stale.expect_problem(412, "version_conflict");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_complete_and_cursors_are_nobody_elses() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let siti = Household::new(&server).await;
        let mut made = Vec::new();
        for _ in 0..5 {
            made.push(siti.reports("instant").await);
        }
        let (mut seen, mut path) = (Vec::new(), "/v1/reports?limit=2".to_owned());
        loop {
            let page = siti.0.get(&path).await.expect(200);
            let ids = page["data"].as_array().expect("a list").iter();
            seen.extend(ids.map(|report| report["id"].as_str().expect("an id").to_owned()));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("/v1/reports?limit=2&cursor={cursor}");
        }
        made.sort();
        seen.sort();
        assert_eq!(made, seen);
        let rina = Household::new(&server).await;
        assert_eq!(rina.0.get(&path).await.status, 422);
        assert_eq!(siti.0.get("/v1/reports?cursor=AAAA").await.status, 422);
        assert_eq!(siti.0.get("/v1/reports?limit=101").await.status, 422);
        assert_eq!(siti.0.get("/v1/reports?page=2").await.status, 422);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn writes_are_limited_and_say_when_to_come_back() {
    for engine in engines() {
        let limit = [("limits.writes_per_minute", "5")];
        let server = Arc::new(Server::start_with(engine, &limit));
        let siti = Household::new(&server).await;
        let mut last = siti.0.post("/v1/reports", json!({})).await;
        for _ in 0..8 {
            last = siti.0.post("/v1/reports", json!({})).await;
        }
        last.expect_problem(429, "too_many_requests");
        assert!(last.header("retry-after").is_some() && last.header("ratelimit").is_some());
        siti.0.get("/v1/reports").await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn probes_metrics_and_the_document_answer() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let stranger = Actor::stranger(&server);
        for path in ["/healthz", "/readyz", "/openapi.json", "/.well-known/jwks.json"] {
            stranger.get(path).await.expect(200);
        }
        let docs = stranger.get("/docs/").await;
        assert_eq!(docs.status, 200);
        assert!(!docs.text.contains("https://"), "the page loads nothing from elsewhere");
        let metrics = server.http.get(format!("{}/metrics", server.metrics())).send().await;
        let metrics = metrics.expect("metrics").text().await.expect("text");
        assert!(metrics.contains("http_requests_total"), "{metrics}");
        stranger.get("/metrics").await.expect_problem(404, "not_found");
    }
}
