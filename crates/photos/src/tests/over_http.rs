//! The contract as a phone meets it.

use std::sync::Arc;

use actix_web::{
    App,
    http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, IF_NONE_MATCH},
    middleware::from_fn,
    test::{TestRequest, init_service, read_body, try_call_service},
    web::{Bytes, Data},
};
use futures_util::future::{FutureExt as _, LocalBoxFuture, join, ready};
use http_kit::{
    Authenticator, Cursors, Identity, Kit, Problem, Texts, UNAUTHENTICATED, authenticate, present,
};
use live_state::LiveState;
use primitives::{AccountId, Ambient};
use serde_json::Value;
use utoipa_actix_web::AppExt as _;

use super::{
    pictures::{self, SECRET, holds, jpeg, jpeg_of_a_phone},
    world::{World, on_each_engine},
};
use crate::TEXTS;

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
    headers: HeaderMap,
    body: Bytes,
}

impl Told {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    fn code(&self) -> (u16, String) {
        (self.status, self.json()["code"].as_str().unwrap_or("none").to_owned())
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

async fn send(world: &World, caller: AccountId, request: TestRequest) -> Told {
    let authenticator: Arc<dyn Authenticator> = Arc::new(Guests(world.ambient.clone()));
    let texts = Arc::new(Texts::load(&[TEXTS]).unwrap());
    let (database, cursors) = (world.database.clone(), Cursors::new(&[1; 32]));
    let kit = Kit::new(database, world.ambient.clone(), LiveState::in_memory(), cursors, texts);
    let app = App::new()
        .app_data(Data::from(authenticator))
        .app_data(Data::new(kit))
        .app_data(Data::new(world.photos.clone()))
        .wrap(from_fn(authenticate))
        .wrap(from_fn(present))
        .into_utoipa_app()
        .configure(crate::routes)
        .into_app();
    let request = request.insert_header((AUTHORIZATION, format!("Bearer {caller}")));
    let response = try_call_service(&init_service(app).await, request.to_request()).await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Told { status, headers, body: read_body(response).await }
}

fn upload(key: &str, media_type: &str, body: Vec<u8>) -> TestRequest {
    let request = TestRequest::post().uri("/v1/photos").insert_header(("Idempotency-Key", key));
    request.insert_header((CONTENT_TYPE, media_type)).set_payload(body)
}

#[test]
fn a_photo_is_uploaded_once_and_seen_by_its_owner() {
    on_each_engine(async |world: &World| {
        let owner: AccountId = world.ambient.mint();
        let raw = jpeg_of_a_phone(&jpeg(40, 20), 6);
        let made = send(world, owner, upload("one", "image/jpeg", raw.clone())).await;
        let view = made.json();
        assert_eq!((made.status, &view["width"], &view["height"]), (201, &20.into(), &40.into()));
        let again = send(world, owner, upload("one", "image/jpeg", raw.clone())).await;
        assert_eq!((again.header("idempotency-replayed"), &again.body), ("true", &made.body));
        assert_eq!((world.files().await, world.rows()), (1, 1));
        let other = send(world, owner, upload("one", "image/jpeg", jpeg(8, 8))).await;
        assert_eq!(other.code(), (422, "idempotency_key_reused".to_owned()));

        let get = || TestRequest::get().uri(made.header("location"));
        let seen = send(world, owner, get()).await;
        assert_eq!((seen.status, seen.header("content-type")), (200, "image/jpeg"));
        assert_eq!(seen.header("cache-control"), "private, no-cache");
        assert_eq!(seen.header("x-content-type-options"), "nosniff");
        assert_eq!(seen.body.len(), usize::try_from(view["bytes"].as_u64().unwrap()).unwrap());
        assert!(holds(&raw, SECRET) && !holds(&seen.body, SECRET));
        let known = get().insert_header((IF_NONE_MATCH, seen.header("etag")));
        assert_eq!(send(world, owner, known).await.status, 304);
        let stranger = send(world, world.ambient.mint(), get()).await;
        assert_eq!(stranger.code(), (404, "not_found".to_owned()));
    });
}

#[test]
fn the_same_upload_twice_at_once_is_one_photo() {
    on_each_engine(async |world: &World| {
        let owner: AccountId = world.ambient.mint();
        let once = || send(world, owner, upload("one", "image/png", pictures::png(30, 30)));
        let (first, second) = join(once(), once()).await;
        let statuses = [first.status, second.status];
        assert!(statuses.contains(&201) && statuses.iter().all(|it| [201, 409].contains(it)));
        let third = once().await;
        assert!([first, second].iter().all(|it| it.status == 409 || it.body == third.body));
        // The other file has a row that knows it, until it is swept.
        assert_eq!(i64::try_from(world.files().await).unwrap(), world.rows());
        world.pass(2);
        world.sweep().await;
        assert_eq!((world.files().await, world.rows()), (1, 1));
    });
}

#[test]
fn what_is_no_photo_is_told_so() {
    on_each_engine(async |world: &World| {
        let owner: AccountId = world.ambient.mint();
        let tell = async |media_type: &str, body: Vec<u8>| {
            send(world, owner, upload("key", media_type, body)).await.code()
        };
        let refused = |status: u16, code: &str| (status, code.to_owned());
        let wrong_type = refused(415, "photo_type_unsupported");
        assert_eq!(tell("image/gif", b"GIF89a".to_vec()).await, wrong_type);
        assert_eq!(tell("application/json", b"{}".to_vec()).await, wrong_type);
        let packed = upload("key", "image/png", pictures::png(8, 8));
        let packed = packed.insert_header((CONTENT_ENCODING, "gzip"));
        assert_eq!(send(world, owner, packed).await.code(), wrong_type);
        assert_eq!(tell("image/jpeg", Vec::new()).await, refused(422, "photo_unreadable"));
        let lying = tell("image/png", jpeg(8, 8)).await;
        assert_eq!(lying, refused(422, "photo_unreadable"));
        let animated = pictures::animated_png(&pictures::png(8, 8));
        assert_eq!(tell("image/png", animated).await, refused(422, "photo_form_unsupported"));
        let heavy = vec![0; 8 * 1024 * 1024 + 1];
        assert_eq!(tell("image/jpeg", heavy).await, refused(413, "photo_too_large"));
        let keyless =
            TestRequest::post().uri("/v1/photos").insert_header((CONTENT_TYPE, "image/png"));
        let keyless = send(world, owner, keyless.set_payload(pictures::png(8, 8))).await;
        assert_eq!(keyless.code(), refused(400, "idempotency_key_missing"));
        assert_eq!(world.files().await, 0);
    });
}
