use actix_web::{
    HttpResponse, Responder,
    http::{Method, header},
    test::TestRequest,
    web::{self, ServiceConfig},
};
use database::{DatabaseError, Engine};

use crate::{testing::*, *};

fn routes(config: &mut ServiceConfig) {
    let wrong_state = || async { Err::<HttpResponse, _>(Problem::new(WRONG_STATE)) };
    let full = || async { Err::<HttpResponse, _>(Problem::from(DatabaseError::Busy)) };
    let secret = || async {
        let secret = DatabaseError::Unavailable("secret +6281234567890".to_owned());
        Err::<HttpResponse, _>(Problem::from(secret))
    };
    let document = r#"{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {
        "/things": {"get": {"responses": {}}, "delete": {"responses": {}}}, "/empty": {}}}"#;
    let document = serde_json::from_str(document).unwrap();
    config
        .app_data(web::Data::new(Routes::of_document(&document).unwrap()))
        .service(web::resource("/things").guard(actix_web::guard::Get()).to(thing))
        .service(web::resource("/closed").to(wrong_state))
        .service(web::resource("/full").to(full))
        .service(web::resource("/hidden").to(secret))
        .service(web::resource("/panic").to(panics))
        .service(web::resource("/foreign").to(|_: web::Json<i64>| async { "never" }))
        .service(web::resource("/own").to(|| async { HttpResponse::BadGateway().body("mine") }))
        .service(web::resource("/mine").to(|_: Caller| async { thing().await }))
        .service(web::resource("/speaks").to(|it: Speaks| async move { it.0.tag() }));
}

async fn thing() -> impl Responder {
    Answer::ok(&[1]).version(7).into_response()
}

async fn panics() -> HttpResponse {
    panic!("secret +6281234567890")
}

async fn app() -> (Service, test_kit::TestDatabase) {
    let home = database(Engine::Sqlite);
    (start(kit(home.database()), routes).await, home)
}

#[actix_web::test]
async fn a_refusal_is_told_in_the_callers_language() {
    let (app, _home) = app().await;
    let indonesian = app(get("/closed?token=x")).await;
    assert_eq!((indonesian.status, indonesian.code().as_str()), (409, "wrong_state"));
    assert_eq!(indonesian.json()["instance"], "/closed");
    assert_eq!(indonesian.header("content-language"), "id");
    let english = app(get("/closed").insert_header((header::ACCEPT_LANGUAGE, "en"))).await;
    assert_eq!(english.json()["title"], "Not possible now");
    assert_ne!(english.json()["title"], indonesian.json()["title"]);
    assert_ne!(english.json()["request_id"], indonesian.json()["request_id"]);
    let speaks = app(get("/speaks").insert_header((header::ACCEPT_LANGUAGE, "en"))).await;
    assert_eq!(&speaks.body[..], b"en");
}

#[actix_web::test]
async fn an_unknown_path_and_a_wrong_verb_are_told_apart() {
    let (app, _home) = app().await;
    let unknown = app(get("/nothing")).await;
    assert_eq!((unknown.status, unknown.code().as_str()), (404, "not_found"));
    assert_eq!(unknown.header("allow"), "");
    let wrong_verb = app(TestRequest::put().uri("/things")).await;
    assert_eq!(wrong_verb.header("allow"), "GET, HEAD, DELETE");
    assert_eq!((wrong_verb.status, wrong_verb.code().as_str()), (405, "method_not_allowed"));
}

#[actix_web::test]
async fn a_panic_is_one_500_that_says_nothing() {
    let (app, _home) = app().await;
    let answered = app(get("/panic")).await;
    assert_eq!((answered.status, answered.code().as_str()), (500, "unexpected"));
    assert!(!String::from_utf8_lossy(&answered.body).contains("secret"));
    assert_eq!(answered.header("x-content-type-options"), "nosniff");
    assert_eq!(app(get("/things")).await.status, 200);
}

#[actix_web::test]
async fn causes_stay_with_us() {
    let (app, _home) = app().await;
    let answered = app(get("/hidden")).await;
    assert_eq!((answered.status, answered.code().as_str()), (503, "unavailable"));
    assert!(!String::from_utf8_lossy(&answered.body).contains("secret"));
    let full = app(get("/full")).await;
    assert_eq!((full.status, full.header("retry-after")), (503, "1"));
}

#[actix_web::test]
async fn the_frameworks_own_refusals_are_problems_too() {
    let (app, _home) = app().await;
    let foreign = app(TestRequest::post().uri("/foreign").set_payload("{}")).await;
    assert_eq!((foreign.status, foreign.code().as_str()), (400, "bad_request"));
    let own = app(get("/own")).await;
    assert_eq!((own.status, &own.body[..]), (502, &b"mine"[..]));
}

#[actix_web::test]
async fn a_known_version_is_not_sent_again() {
    let (app, _home) = app().await;
    let asked =
        |tags: &'static str| app(get("/things").insert_header((header::IF_NONE_MATCH, tags)));
    for tags in ["\"7\"", "\"6\", W/\"7\"", "*"] {
        let known = asked(tags).await;
        assert_eq!((known.status, known.header("etag"), known.body.len()), (304, "\"7\"", 0));
    }
    assert_eq!(asked("\"8\"").await.status, 200);
    let post = TestRequest::post().uri("/mine").insert_header((header::IF_NONE_MATCH, "*"));
    assert_eq!(app(signed_in(post, "budi")).await.status, 200);
}

#[actix_web::test]
async fn head_is_a_get_without_a_body() {
    let (app, _home) = app().await;
    assert_eq!(app(TestRequest::with_uri("/things").method(Method::HEAD)).await.status, 200);
}

#[actix_web::test]
async fn what_is_private_is_not_stored_by_anybody() {
    let (app, _home) = app().await;
    let public = app(get("/things")).await;
    assert_eq!(public.header("cache-control"), "");
    assert_eq!(public.header("vary"), "accept-language");
    let private = app(signed_in(get("/mine"), "budi")).await;
    assert_eq!(private.header("cache-control"), "no-store");
    assert!(private.header("x-request-id").starts_with("req_"));
}
