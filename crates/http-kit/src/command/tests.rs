use std::time::{Duration, Instant};

use actix_web::{
    HttpResponse,
    test::TestRequest,
    web::{self, Data, ServiceConfig},
};
use database::{DatabaseError, Engine};
use futures_util::StreamExt as _;
use serde::Deserialize;

use super::*;
use crate::{Answer, Caller, PageLimit, Path, Query, testing::*};

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Numbers {
    numbers: Vec<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Listing {
    limit: Option<PageLimit>,
    name: Option<String>,
}

async fn add(command: Command<Numbers>, kit: Data<Kit>) -> Result<HttpResponse, Problem> {
    let (once, body) = command.split();
    let sum: i64 = body.numbers.iter().sum();
    kit.run(once, move |_conn| Ok::<_, DatabaseError>(Answer::ok(&sum))).await
}

async fn ring(_: Caller, command: Command<NoBody>) -> String {
    let (_, NoBody {}) = command.split();
    "rung".to_owned()
}

async fn list(query: Query<Listing>) -> String {
    let Listing { limit, name } = query.into_inner();
    format!("{} {}", limit.unwrap_or_default().fetch(), name.unwrap_or_default())
}

fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/add").to(add))
        .service(web::resource("/ring").to(ring))
        .service(web::resource("/list").to(list))
        .service(
            web::resource("/reports/{id}")
                .to(|id: Path<primitives::ReportId>| async move { id.to_string() }),
        );
}

async fn app() -> (Service, test_kit::TestDatabase) {
    let home = database(Engine::Sqlite);
    (start_limited(kit(home.database()), routes, None).await, home)
}

async fn refusal(app: &Service, request: TestRequest) -> (u16, String) {
    let answered = app(request).await;
    (answered.status, answered.code())
}

#[actix_web::test]
async fn a_good_body_reaches_the_handler() {
    let (app, _home) = app().await;
    let answered = app(post("/add", r#"{"numbers": [1, 2, 3]}"#)).await;
    assert_eq!((answered.status, &answered.body[..]), (200, &b"6"[..]));
    let charset = ("content-type", "application/json; charset=UTF-8");
    let answered = app(post("/add", r#"{"numbers": []}"#).insert_header(charset)).await;
    assert_eq!(answered.status, 200);
    let answered = app(signed_in(TestRequest::post().uri("/ring"), "budi")).await;
    assert_eq!(answered.status, 200);
}

#[actix_web::test]
async fn bodies_that_are_no_json_are_refused() {
    let (app, _home) = app().await;
    for text in ["{", "{}{}", r#"{"numbers": [], "numbers": []}"#] {
        assert_eq!(refusal(&app, post("/add", text)).await, (400, "unreadable_json".into()));
    }
    let deep = "[".repeat(60_000);
    assert_eq!(refusal(&app, post("/add", deep)).await.0, 400);
    for kind in ["text/plain", "application/x-www-form-urlencoded", "rubbish"] {
        let request = TestRequest::post().uri("/add").insert_header(("content-type", kind));
        let expected = (415, "unsupported_media_type".into());
        assert_eq!(refusal(&app, request.set_payload("{}")).await, expected);
    }
    let packed = post("/add", "{}").insert_header(("content-encoding", "gzip"));
    assert_eq!(refusal(&app, packed).await.0, 415);
}

#[actix_web::test]
async fn members_that_are_wrong_are_pointed_at() {
    let (app, _home) = app().await;
    let cases = [
        ("{}", "/numbers", "required"),
        ("", "/numbers", "required"),
        (r#"{"numbers": [], "more": 1}"#, "/more", "unknown_member"),
        (r#"{"numbers": [1, "2"]}"#, "/numbers/1", "wrong_type"),
    ];
    for (text, pointer, code) in cases {
        let answered = app(post("/add", text)).await;
        assert_eq!((answered.status, answered.code().as_str()), (422, "invalid_fields"));
        assert_eq!(answered.field(), (pointer.into(), code.into()));
    }
    let answered = app(signed_in(post("/ring", r#"{"loud": true}"#), "budi")).await;
    assert_eq!(answered.field(), ("/loud".into(), "unknown_member".into()));
}

#[actix_web::test]
async fn a_million_items_are_refused_at_once() {
    let (app, _home) = app().await;
    let million = format!(r#"{{"numbers": [{}]}}"#, vec!["1"; 1_000_000].join(","));
    let largest = format!(r#"{{"numbers": [{}]}}"#, vec!["1"; 32_000].join(","));
    let objects = format!(r#"{{"numbers": [{}]}}"#, vec!["{}"; 21_000].join(","));
    let begun = Instant::now();
    assert_eq!(refusal(&app, post("/add", million)).await, (413, "payload_too_large".into()));
    assert_eq!(app(post("/add", largest)).await.status, 200);
    assert_eq!(app(post("/add", objects)).await.field().0, "/numbers/0");
    // Unoptimised and on a busy machine; what grows without bound takes minutes.
    assert!(begun.elapsed() < Duration::from_secs(20));
}

#[actix_web::test]
async fn a_body_without_an_announced_length_is_cut_off() {
    let chunk = web::Bytes::from(vec![b' '; 1024]);
    let endless = futures_util::stream::repeat_with(move || Ok(chunk.clone())).boxed_local();
    let request = TestRequest::post().uri("/add").to_http_request();
    let read = body::read(&request, Payload::from(endless), Duration::from_secs(30)).await;
    assert_eq!(read.unwrap_err().code(), crate::PAYLOAD_TOO_LARGE);
}

#[actix_web::test]
async fn a_body_that_trickles_is_given_up() {
    let silent = futures_util::stream::pending().boxed_local();
    let request = TestRequest::post().uri("/add").to_http_request();
    let read = body::read(&request, Payload::from(silent), Duration::from_millis(1)).await;
    assert_eq!(read.unwrap_err().code(), crate::REQUEST_TIMEOUT);
}

#[actix_web::test]
async fn who_may_not_call_is_told_before_his_body_is_looked_at() {
    let (app, _home) = app().await;
    let stranger = app(post("/ring", "{")).await;
    assert_eq!((stranger.status, stranger.code().as_str()), (401, "unauthenticated"));
}

#[actix_web::test]
async fn queries_are_as_strict_as_bodies() {
    let (app, _home) = app().await;
    assert_eq!(&app(get("/list?name=a+b")).await.body[..], b"21 a b");
    let cases = [
        ("limit=0", "?limit", "limit_out_of_range"),
        ("limit=101", "?limit", "limit_out_of_range"),
        ("limit=many", "?limit", "wrong_type"),
        ("page=2", "?page", "unknown_member"),
        ("name=a&name=b", "?name", "given_twice"),
        ("name=%00", "?name", "control_character"),
    ];
    for (query, pointer, code) in cases {
        let answered = app(get(&format!("/list?{query}"))).await;
        assert_eq!((answered.status, answered.code().as_str()), (422, "invalid_fields"));
        assert_eq!(answered.field(), (pointer.into(), code.into()), "{query}");
    }
}

#[actix_web::test]
async fn a_malformed_id_is_simply_not_found() {
    let (app, _home) = app().await;
    let id = "rpt_01h455vb4pex5vsknk084sn02q";
    assert_eq!(app(get(&format!("/reports/{id}"))).await.body, id);
    for id in ["1", "pkp_01h455vb4pex5vsknk084sn02q", "%00", "..%2f"] {
        let expected = (404, "not_found".into());
        assert_eq!(refusal(&app, get(&format!("/reports/{id}"))).await, expected, "{id}");
    }
}
