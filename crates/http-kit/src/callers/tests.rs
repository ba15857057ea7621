use actix_web::{
    http::header::AUTHORIZATION,
    web::{self, ServiceConfig},
};
use database::Engine;

use super::*;
use crate::testing::*;

async fn figures(staff: StaffCaller<Viewers>) -> String {
    let code = |text: &str| RegionCode::parse(text).unwrap();
    format!("{} {}", staff.covers(&code("12.07.28")), staff.covers(&code("12.71")))
}

fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/public").to(|| async { "public" }))
        .service(web::resource("/me").to(|it: Caller| async move { it.account.to_string() }))
        .service(
            web::resource("/feed")
                .to(|it: CollectorCaller| async move { it.collector.to_string() }),
        )
        .service(web::resource("/figures").to(figures))
        .service(web::resource("/verify").to(|_: StaffCaller<Officers>| async { "verified" }))
        .service(web::resource("/prepare").to(|_: StaffCaller<FinanceMakers>| async { "paid" }))
        .service(web::resource("/release").to(|_: StaffCaller<FinanceCheckers>| async { "paid" }))
        .service(web::resource("/grant").to(|_: StaffCaller<Admins>| async { "granted" }));
}

async fn app() -> (Service, test_kit::TestDatabase) {
    let home = database(Engine::Sqlite);
    (start(kit(home.database()), routes).await, home)
}

#[actix_web::test]
async fn everybody_gets_in_where_he_may() {
    let (app, _home) = app().await;
    for (name, path) in [
        ("budi", "/me"),
        ("tono", "/me"),
        ("tono", "/feed"),
        ("rina", "/verify"),
        ("sari", "/public"),
    ] {
        assert_eq!(app(signed_in(get(path), name)).await.status, 200, "{name} {path}");
    }
    let figures = app(signed_in(get("/figures"), "rina")).await;
    assert_eq!(&figures.body[..], b"true false");
}

#[actix_web::test]
async fn everybody_is_kept_out_where_he_may_not() {
    let (app, _home) = app().await;
    let refused = [
        ("budi", "/feed", "collector_profile_required"),
        ("rina", "/feed", "collector_profile_required"),
        ("tono", "/figures", "staff_role_required"),
        ("budi", "/verify", "staff_role_required"),
        ("rina", "/prepare", "staff_role_required"),
        ("rina", "/release", "staff_role_required"),
        ("rina", "/grant", "staff_role_required"),
    ];
    for (name, path, code) in refused {
        let answered = app(signed_in(get(path), name)).await;
        assert_eq!((answered.status, answered.code().as_str()), (403, code), "{name} {path}");
    }
}

#[actix_web::test]
async fn bad_credentials_are_all_the_same_401() {
    let (app, _home) = app().await;
    let long = format!("Bearer {}", "a".repeat(5_000));
    let bad = ["Bearer nobody", "Bearer", "Bearer ", "budi", "Basic budi", "", long.as_str()];
    let mut requests: Vec<_> =
        bad.iter().map(|value| get("/me").insert_header((AUTHORIZATION, *value))).collect();
    requests.push(get("/me"));
    requests.push(signed_in(get("/me"), "budi").append_header((AUTHORIZATION, "Bearer budi")));
    for request in requests {
        let answered = app(request).await;
        assert_eq!((answered.status, answered.code().as_str()), (401, "unauthenticated"));
        assert_eq!(answered.header("www-authenticate"), "Bearer");
    }
}

#[actix_web::test]
async fn a_public_operation_does_not_look_at_the_token() {
    let (app, _home) = app().await;
    assert_eq!(app(signed_in(get("/public"), "nobody")).await.status, 200);
    let lower = get("/me").insert_header((AUTHORIZATION, "bearer budi"));
    assert_eq!(app(lower).await.status, 200);
}
