//! The contract as a household's phone meets it.

use std::sync::Arc;

use actix_web::{
    App,
    http::header::{AUTHORIZATION, ETAG, IF_MATCH, LOCATION},
    middleware::from_fn,
    test::{TestRequest, init_service, read_body, try_call_service},
    web::Data,
};
use futures_util::future::{FutureExt as _, LocalBoxFuture, ready};
use http_kit::{
    Authenticator, Cursors, Identity, Kit, Problem, Texts, UNAUTHENTICATED, authenticate, present,
};
use live_state::LiveState;
use photos::{Kind, Photos};
use primitives::{AccountId, Ambient};
use serde_json::{Value, json};
use utoipa_actix_web::AppExt as _;

use super::world::{World, offer, on_each_engine};
use crate::{Patch, ReportChange, TEXTS};

/// Whoever names an account is believed.
struct Guests(Ambient);

impl Authenticator for Guests {
    fn authenticate(&self, token: &str) -> LocalBoxFuture<'static, Result<Identity, Problem>> {
        let session = self.0.mint();
        let known = AccountId::parse(token);
        let known =
            known.map(|account| Identity { account, session, collector: None, grants: Vec::new() });
        ready(known.map_err(|_| Problem::new(UNAUTHENTICATED))).boxed_local()
    }
}

struct Told {
    status: u16,
    etag: String,
    location: String,
    body: Value,
}

impl Told {
    fn code(&self) -> (u16, &str) {
        (self.status, self.body["code"].as_str().unwrap_or("none"))
    }
}

async fn send(world: &World, caller: AccountId, request: TestRequest) -> Told {
    let authenticator: Arc<dyn Authenticator> = Arc::new(Guests(world.ambient.clone()));
    let texts = Arc::new(Texts::load(&[TEXTS, photos::TEXTS]).unwrap());
    let (database, cursors) = (world.database.clone(), Cursors::new(&[1; 32]));
    let kit = Kit::new(database, world.ambient.clone(), LiveState::in_memory(), cursors, texts);
    let app = App::new()
        .app_data(Data::from(authenticator))
        .app_data(Data::new(kit))
        .app_data(Data::new(world.reports.clone()))
        .wrap(from_fn(authenticate))
        .wrap(from_fn(present))
        .into_utoipa_app()
        .configure(crate::routes)
        .into_app();
    let request = request.insert_header((AUTHORIZATION, format!("Bearer {caller}")));
    let response = try_call_service(&init_service(app).await, request.to_request()).await.unwrap();
    let header = |name| {
        let value = response.headers().get(name);
        value.map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
    };
    let (etag, location) = (header(ETAG), header(LOCATION));
    let status = response.status().as_u16();
    let body = serde_json::from_slice(&read_body(response).await).unwrap_or(Value::Null);
    Told { status, etag, location, body }
}

async fn get(world: &World, caller: AccountId, path: &str) -> Told {
    send(world, caller, TestRequest::get().uri(path)).await
}

async fn submit(world: &World, caller: AccountId, key: &str, body: Value) -> Told {
    let request = TestRequest::post().uri("/v1/reports").insert_header(("Idempotency-Key", key));
    send(world, caller, request.set_json(body)).await
}

fn body() -> Value {
    json!({
        "location": {"lat": 3.5541, "lon": 98.8812, "accuracy_meters": 12},
        "address": {"street": "Jalan Mawar 7", "rt": "003", "landmark": "depan masjid"},
        "items": [
            {"material": "PLA-PET-BENING", "estimated_grams": 4200, "note": "sudah dipres"},
            {"material": "KCA-BOTOL-BIR", "estimated_pieces": 12},
        ],
        "settlement": "cash", "selection": "instant",
    })
}

fn over_http(test: impl AsyncFn(&World)) {
    on_each_engine(|world| actix_web::rt::System::new().block_on(test(world)));
}

#[test]
fn a_household_submits_and_reads_its_report() {
    over_http(async |world| {
        let household = world.ambient.mint();
        let made = submit(world, household, "first", body()).await;
        assert_eq!((made.status, made.body["state"].as_str()), (201, Some("open")));
        assert_eq!(made.body["items"][1]["estimated_pieces"], 12);
        assert_eq!(made.body["located_by"], "nearest_center");
        let again = submit(world, household, "first", body()).await;
        assert_eq!((again.status, &again.body), (201, &made.body));
        let read = get(world, household, &made.location).await;
        assert_eq!((read.status, &read.body, &read.etag), (200, &made.body, &made.etag));
        let stranger = get(world, world.ambient.mint(), &made.location).await;
        assert_eq!(stranger.code(), (404, "not_found"));
    });
}

#[test]
fn bodies_are_refused_with_pointers() {
    over_http(async |world| {
        let household = world.ambient.mint();
        let mut wrong = body();
        wrong["items"][0] = json!({"material": "PLA-PET-BENING"});
        let told = submit(world, household, "k", wrong).await;
        assert_eq!(told.code(), (422, "invalid_fields"));
        assert_eq!(told.body["errors"][0]["pointer"], "/items/0");
        assert_eq!(told.body["errors"][0]["code"], "quantity_missing");
        let mut unknown = body();
        unknown["colour"] = json!("green");
        let told = submit(world, household, "k", unknown).await;
        assert_eq!(told.code(), (422, "invalid_fields"));
        let request = TestRequest::post().uri("/v1/reports").set_json(body());
        let told = send(world, household, request).await;
        assert_eq!(told.code(), (400, "idempotency_key_missing"));
    });
}

#[test]
fn photos_are_attached_to_one_report_or_it_is_not_submitted() {
    over_http(async |world| {
        let (household, other): (AccountId, AccountId) =
            (world.ambient.mint(), world.ambient.mint());
        let (own, foreign) = (photo(world, household).await, photo(world, other).await);
        let with = |ids: Value| {
            let mut body = body();
            body["photo_ids"] = ids;
            body
        };
        let refused = submit(world, household, "one", with(json!([own, foreign]))).await;
        assert_eq!(refused.code(), (422, "invalid_fields"));
        let error = &refused.body["errors"][0];
        assert_eq!(
            (&error["pointer"], &error["code"]),
            (&json!("/photo_ids/1"), &json!("photo_unknown"))
        );
        let made = submit(world, household, "two", with(json!([own]))).await;
        assert_eq!((made.status, &made.body["photo_ids"]), (201, &json!([own])));
        let again = submit(world, household, "two", with(json!([own]))).await;
        assert_eq!(again.body, made.body);
        let read = get(world, household, &made.location).await;
        assert_eq!(read.body["photo_ids"], json!([own]));
        let second = submit(world, household, "three", with(json!([own]))).await;
        assert_eq!(second.body["errors"][0]["code"], "photo_attached");
        let listed = get(world, household, "/v1/reports").await;
        assert_eq!(listed.body["data"], json!([made.body]));
    });
}

#[test]
fn photos_may_be_others_while_the_report_is_open() {
    over_http(async |world| {
        let (household, other): (AccountId, AccountId) =
            (world.ambient.mint(), world.ambient.mint());
        let (one, two) = (photo(world, household).await, photo(world, household).await);
        let (three, foreign) = (photo(world, household).await, photo(world, other).await);
        let mut with = body();
        with["photo_ids"] = json!([one, two]);
        let made = submit(world, household, "first", with).await;
        let patch = async |tag: &str, change: Value| {
            let request = TestRequest::patch().uri(&made.location).insert_header((IF_MATCH, tag));
            let request = request.insert_header(("Idempotency-Key", format!("{tag}{change}")));
            send(world, household, request.set_json(change)).await
        };
        // Another order, one more, one fewer; and all else stays.
        let changed = patch(&made.etag, json!({"photo_ids": [three, one]})).await;
        assert_eq!((changed.status, &changed.body["photo_ids"]), (200, &json!([three, one])));
        assert_eq!(changed.body["items"], made.body["items"]);
        assert_eq!(get(world, household, &made.location).await.body, changed.body);
        let again = patch(&made.etag, json!({"photo_ids": [three, one]})).await;
        assert_eq!((&again.body, &again.etag), (&changed.body, &changed.etag));
        for (ids, pointer, code) in [
            (json!([one, foreign]), "/photo_ids/1", "photo_unknown"),
            (json!([one, one]), "/photo_ids/1", "photo_doubled"),
            (json!([one, one, one, one, one, one]), "/photo_ids", "photos_too_many"),
            (json!(["pho_x"]), "/photo_ids/0", ""),
            (json!([made.body["id"]]), "/photo_ids/0", ""),
            (json!("x"), "/photo_ids", ""),
            (json!(7), "/photo_ids", ""),
            (json!({}), "/photo_ids", ""),
        ] {
            let refused = patch(&changed.etag, json!({ "photo_ids": ids })).await;
            assert_eq!(refused.code(), (422, "invalid_fields"), "{ids}");
            let error = &refused.body["errors"][0];
            assert_eq!(error["pointer"], pointer, "{ids}");
            assert!(error["code"].as_str().unwrap().starts_with(code), "{error}");
        }
        // Refused is undone, and what was taken off is free again.
        assert_eq!(get(world, household, &made.location).await.body, changed.body);
        let noted = patch(&changed.etag, json!({"note": "belakang"})).await;
        assert_eq!(noted.body["photo_ids"], json!([three, one]));
        let mut with = body();
        with["photo_ids"] = json!([two]);
        assert_eq!(submit(world, household, "second", with).await.status, 201);
        let used = patch(&noted.etag, json!({"photo_ids": [two]})).await;
        assert_eq!(used.body["errors"][0]["code"], "photo_attached");
        let bare = patch(&noted.etag, json!({"photo_ids": null})).await;
        assert_eq!((bare.status, &bare.body["photo_ids"]), (200, &Value::Null));
        assert_eq!(world.kinds().iter().filter(|kind| *kind == "report_changed").count(), 3);
    });
}

#[test]
fn of_two_changes_at_once_one_has_its_photos() {
    over_http(async |world| {
        let household: AccountId = world.ambient.mint();
        for _ in 0..4 {
            let choices = [photo(world, household).await, photo(world, household).await];
            let (report, outcomes) = std::thread::scope(|scope| {
                let new = scope.spawn(|| world.submit(household, &offer()).unwrap());
                let report = new.join().unwrap();
                let id = report.id;
                let change = |photo| {
                    let photos = Patch::Set(vec![photo]);
                    let change = ReportChange { photos, ..ReportChange::default() };
                    scope.spawn(move || {
                        world.write(move |reports, conn| {
                            reports.change_in(conn, household, id, 1, &change)
                        })
                    })
                };
                (report, choices.map(change).map(|thread| thread.join().unwrap()))
            });
            let [won] = outcomes.iter().filter_map(|it| it.as_ref().ok()).collect::<Vec<_>>()[..]
            else {
                panic!("{outcomes:?}")
            };
            let read = get(world, household, &format!("/v1/reports/{}", report.id)).await;
            assert_eq!(read.body["photo_ids"], json!(won.photos));
        }
    });
}

async fn photo(world: &World, owner: AccountId) -> primitives::PhotoId {
    let photos = Photos::in_memory(world.ambient.clone());
    let raw = test_kit::TINY_WEBP.to_vec();
    let taken = photos.receive(&world.database, owner, Kind::Webp, raw).await.unwrap();
    world.database.write(move |conn| photos.keep_in(conn, &taken)).await.unwrap().id
}

#[test]
fn a_patch_needs_the_tag_and_null_takes_away() {
    over_http(async |world| {
        let household = world.ambient.mint();
        let made = submit(world, household, "first", body()).await;
        let patch = async |tag: &str, change: Value| {
            let request = TestRequest::patch().uri(&made.location).insert_header((IF_MATCH, tag));
            send(world, household, request.set_json(change)).await
        };
        let changed = patch(&made.etag, json!({"address": null, "note": "belakang"})).await;
        assert_eq!((changed.status, changed.body["note"].as_str()), (200, Some("belakang")));
        assert_eq!(changed.body.get("address"), None);
        assert_eq!(changed.body["items"], made.body["items"]);
        let stale = patch(&made.etag, json!({"note": null})).await;
        assert_eq!(stale.code(), (412, "version_conflict"));
        let read_only = patch(&changed.etag, json!({"state": "closed"})).await;
        assert_eq!(read_only.code(), (422, "invalid_fields"));
    });
}

#[test]
fn lists_have_pages_that_belong_to_one_caller() {
    over_http(async |world| {
        let household = world.ambient.mint();
        for number in 0..3 {
            submit(world, household, &number.to_string(), body()).await;
        }
        let first = get(world, household, "/v1/reports?limit=2&state=open").await;
        assert_eq!(first.body["data"].as_array().unwrap().len(), 2);
        let cursor = first.body["next_cursor"].as_str().unwrap();
        let rest = format!("/v1/reports?limit=2&state=open&cursor={cursor}");
        let second = get(world, household, &rest).await;
        assert_eq!(second.body["data"].as_array().unwrap().len(), 1);
        assert_eq!(second.body["next_cursor"], Value::Null);
        let stolen = get(world, world.ambient.mint(), &rest).await;
        assert_eq!(stolen.code(), (422, "cursor_invalid"));
        let other = get(world, household, &format!("/v1/reports?cursor={cursor}")).await;
        assert_eq!(other.code(), (422, "cursor_invalid"));
    });
}
