use std::sync::Arc;

use actix_web::{
    App,
    http::header::{ACCEPT_LANGUAGE, CACHE_CONTROL, ETAG, HeaderMap, IF_NONE_MATCH},
    middleware::from_fn,
    test::{TestRequest, call_service, init_service, read_body},
    web::Data,
};
use http_kit::{Cursors, Kit, Texts, present};
use live_state::LiveState;
use serde_json::{Value, json};
use test_kit::TestDatabase;
use utoipa_actix_web::AppExt as _;

use crate::{Catalog, MIGRATIONS, TEXTS, load_reference_data_in};

/// Asks one question of a server with the reference data.
async fn ask(request: TestRequest) -> (u16, HeaderMap, Value) {
    let home = TestDatabase::new(database::Engine::Sqlite, &[MIGRATIONS]);
    let database = home.database();
    database.write_blocking(load_reference_data_in).unwrap();
    let catalog = database.read_blocking(Catalog::load).unwrap();
    let texts = Arc::new(Texts::load(&[TEXTS]).unwrap());
    let (ambient, cursors) = (test_kit::ambient(&test_kit::clock()), Cursors::new(&[7; 32]));
    let kit = Kit::new(database, ambient, LiveState::in_memory(), cursors, texts);
    let (app, _document) = App::new().into_utoipa_app().configure(super::routes).split_for_parts();
    let app = app.app_data(Data::new(kit)).app_data(Data::new(catalog)).wrap(from_fn(present));
    let response = call_service(&init_service(app).await, request.to_request()).await;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = read_body(response).await;
    (status, headers, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

#[actix_web::test]
async fn materials_are_listed_in_indonesian_page_by_page() {
    let (status, headers, first) = ask(TestRequest::get().uri("/v1/materials?limit=50")).await;
    assert_eq!((status, first["data"].as_array().unwrap().len()), (200, 50));
    assert_eq!(headers.get(CACHE_CONTROL).unwrap(), "public, max-age=3600");
    assert_eq!(
        first["data"][0],
        json!({
            "code": "B3-AKI", "name": "Aki bekas", "group": "B3", "unit": "kg",
            "sipsn_category": "Lainnya", "accepted": false,
            "reference_price": {"min_rupiah": 6000, "max_rupiah": 13000},
        })
    );
    let cursor = first["next_cursor"].as_str().unwrap();
    let uri = format!("/v1/materials?limit=50&cursor={cursor}");
    let (_, _, second) = ask(TestRequest::get().uri(&uri)).await;
    assert_eq!(second["data"].as_array().unwrap().len(), 3);
    assert_eq!(second["next_cursor"], Value::Null);
    let without_price = &second["data"][2];
    assert_eq!(
        (&without_price["code"], without_price.get("reference_price")),
        (&json!("TKS-PAKAIAN"), None)
    );
}

#[actix_web::test]
async fn each_language_has_its_own_tag() {
    let in_language = |language| {
        TestRequest::get().uri("/v1/materials").insert_header((ACCEPT_LANGUAGE, language))
    };
    let (_, indonesian, _) = ask(in_language("id")).await;
    let (_, english, body) = ask(in_language("en")).await;
    assert_eq!(
        (&body["data"][0]["name"], &body["data"][0]["group"]),
        (&json!("Lead-acid battery"), &json!("Hazardous"))
    );
    let tag = english.get(ETAG).unwrap();
    assert_ne!(indonesian.get(ETAG).unwrap(), tag);
    assert_eq!(ask(in_language("en").insert_header((IF_NONE_MATCH, tag))).await.0, 304);
    assert_eq!(ask(in_language("id").insert_header((IF_NONE_MATCH, tag))).await.0, 200);
}

#[actix_web::test]
async fn vehicles_say_what_they_carry() {
    let (status, _, body) = ask(TestRequest::get().uri("/v1/vehicles")).await;
    assert_eq!(status, 200);
    assert_eq!(
        body["data"][1],
        json!({
            "code": "BETOR", "name": "Becak motor (betor) bak barang",
            "capacity_grams": 250_000, "capacity_milliliters": 800_000,
        })
    );
}
