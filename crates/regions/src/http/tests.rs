use std::sync::Arc;

use actix_web::{
    App,
    middleware::from_fn,
    test::{TestRequest, init_service, read_body, try_call_service},
    web::Data,
};
use http_kit::{Cursors, Kit, Texts, present};
use live_state::LiveState;
use serde_json::{Value, json};
use test_kit::TestDatabase;
use utoipa_actix_web::AppExt as _;

use crate::{MIGRATIONS, Regions, TEXTS, load_reference_data_in};

/// Asks one question of a server with the reference data; answers status, ETag and body.
async fn ask(request: TestRequest) -> (u16, Option<String>, Value) {
    let home = TestDatabase::new(database::Engine::Sqlite, &[MIGRATIONS]);
    let database = home.database();
    database.write_blocking(load_reference_data_in).unwrap();
    let regions = database.read_blocking(Regions::load).unwrap();
    let texts = Arc::new(Texts::load(&[TEXTS]).unwrap());
    let (ambient, cursors) = (test_kit::ambient(&test_kit::clock()), Cursors::new(&[7; 32]));
    let kit = Kit::new(database, ambient, LiveState::in_memory(), cursors, texts);
    let (app, _document) = App::new().into_utoipa_app().configure(super::routes).split_for_parts();
    let app = app.app_data(Data::new(kit)).app_data(Data::new(regions)).wrap(from_fn(present));
    let service = init_service(app).await;
    let response = match try_call_service(&service, request.to_request()).await {
        Ok(response) => response,
        Err(error) => return read_refusal(error.error_response()).await,
    };
    let etag = response.headers().get("etag").map(|tag| tag.to_str().unwrap().to_owned());
    let status = response.status().as_u16();
    let body = read_body(response).await;
    (status, etag, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

async fn read_refusal(response: actix_web::HttpResponse) -> (u16, Option<String>, Value) {
    let status = response.status().as_u16();
    let body = actix_web::body::to_bytes(response.into_body()).await.unwrap();
    (status, None, serde_json::from_slice(&body).unwrap())
}

async fn get(uri: &str) -> (u16, Value) {
    let (status, _etag, body) = ask(TestRequest::get().uri(uri)).await;
    (status, body)
}

#[actix_web::test]
async fn a_list_is_walked_page_by_page() {
    let (status, first) = get("/v1/regions?parent=12.07").await;
    assert_eq!((status, first["data"].as_array().unwrap().len()), (200, 20));
    assert_eq!(
        first["data"][0],
        json!({
            "code": "12.07.01", "level": "kecamatan", "name": "Gunung Meriah", "parent_code": "12.07",
            "center": {"lat": 3.10942, "lon": 98.67449},
        })
    );
    let cursor = first["next_cursor"].as_str().unwrap();
    let (_, second) = get(&format!("/v1/regions?parent=12.07&cursor={cursor}")).await;
    let codes: Vec<&str> =
        second["data"].as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["12.07.32", "12.07.33"]);
    assert_eq!(second["next_cursor"], Value::Null);
    let (status, refused) = get(&format!("/v1/regions?parent=12&cursor={cursor}")).await;
    assert_eq!((status, &refused["code"]), (422, &json!("cursor_invalid")));
}

#[actix_web::test]
async fn without_a_parent_the_provinces_are_listed() {
    let (status, body) = get("/v1/regions?limit=1").await;
    assert_eq!((status, &body["data"][0]["code"]), (200, &json!("12")));
    assert_eq!(body["data"][0].get("parent_code"), None);
    assert_eq!(get("/v1/regions?parent=99").await.1["data"], json!([]));
}

#[actix_web::test]
async fn one_region_has_a_version_and_is_not_sent_twice() {
    let (status, etag, body) = ask(TestRequest::get().uri("/v1/regions/12.07")).await;
    assert_eq!((status, &body["name"]), (200, &json!("Deli Serdang")));
    let etag = etag.unwrap();
    let again = TestRequest::get().uri("/v1/regions/12.07").insert_header(("if-none-match", etag));
    assert_eq!(ask(again).await.0, 304);
}

#[actix_web::test]
async fn what_nobody_knows_is_not_found() {
    for uri in ["/v1/regions/12.08", "/v1/regions/1207", "/v1/regions/12.07.28.9"] {
        let (status, body) = get(uri).await;
        assert_eq!((status, &body["code"]), (404, &json!("not_found")), "{uri}");
    }
}

#[actix_web::test]
async fn a_point_has_a_desa_and_a_way_in_which_it_was_found() {
    let (status, body) = get("/v1/regions/locate?lat=3.54476&lon=98.82181").await;
    assert_eq!(status, 200);
    assert_eq!(body["code"], "12.07.02.2025");
    assert_eq!(body["name"], "Tanjung Baru");
    assert_eq!((&body["method"], &body["distance_meters"]), (&json!("nearest_center"), &json!(0)));
}

#[actix_web::test]
async fn a_point_far_from_everything_is_refused_in_the_callers_language() {
    let request = TestRequest::get()
        .uri("/v1/regions/locate?lat=-6.2&lon=106.8")
        .insert_header(("accept-language", "en"));
    let (status, _etag, body) = ask(request).await;
    assert_eq!((status, &body["code"]), (422, &json!("place_outside_regions")));
    assert_eq!(body["title"], "This place is outside the area served");
}

#[actix_web::test]
async fn questions_that_make_no_sense_are_refused() {
    for (uri, pointer, code) in [
        ("/v1/regions/locate?lat=98.8&lon=3.5", "?lat", "place_outside_indonesia"),
        ("/v1/regions/locate?lat=NaN&lon=98.8", "?lat", "place_not_a_number"),
        ("/v1/regions/locate?lat=3.5", "?lon", "required"),
        ("/v1/regions?parent=1207", "?parent", "region_code_malformed"),
        ("/v1/regions?limit=0", "?limit", "limit_out_of_range"),
        ("/v1/regions?order=name", "?order", "unknown_member"),
    ] {
        let (status, body) = get(uri).await;
        assert_eq!(status, 422, "{uri}");
        assert_eq!(
            (&body["errors"][0]["pointer"], &body["errors"][0]["code"]),
            (&json!(pointer), &json!(code))
        );
    }
}
