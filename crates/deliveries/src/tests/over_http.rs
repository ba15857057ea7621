//! The contract as phones and the office meet it.

use std::sync::Arc;

use actix_web::{
    App,
    http::header::{AUTHORIZATION, ETAG, LOCATION},
    middleware::from_fn,
    test::{TestRequest, init_service, read_body, try_call_service},
    web::Data,
};
use futures_util::future::{FutureExt as _, LocalBoxFuture, ready};
use http_kit::{
    Authenticator, Cursors, Grant, Identity, Kit, Problem, StaffRole, Texts, UNAUTHENTICATED,
    authenticate, present,
};
use live_state::LiveState;
use primitives::{AccountId, Ambient, CollectorId};
use serde_json::{Value, json};
use utoipa_actix_web::AppExt as _;

use super::world::{World, on_each_engine, region};
use crate::TEXTS;

/// Whoever names a collector is believed to be him; whoever names a region, its officer.
struct Guests(Ambient);

impl Authenticator for Guests {
    fn authenticate(&self, token: &str) -> LocalBoxFuture<'static, Result<Identity, Problem>> {
        let session = self.0.mint();
        // One account for each collector, and one for the office.
        let account = token.starts_with("col_").then(|| token.replace("col_", "acc_"));
        let account = account.as_deref().unwrap_or("acc_01h455vb4pex5vsknk084sn02q");
        let account = AccountId::parse(account).map_err(|_| Problem::new(UNAUTHENTICATED));
        let identity = account.map(|account| match token.strip_prefix("officer ") {
            Some(code) => {
                let grants = vec![Grant { role: StaffRole::Officer, region: region(code) }];
                Identity { account, session, collector: None, grants }
            }
            None => {
                let collector = CollectorId::parse(token).ok();
                Identity { account, session, collector, grants: Vec::new() }
            }
        });
        ready(identity).boxed_local()
    }
}

pub(super) struct Told {
    pub(super) status: u16,
    pub(super) body: Value,
    etag: String,
    location: String,
    replayed: bool,
}

impl Told {
    pub(super) fn code(&self) -> (u16, &str) {
        (self.status, self.body["code"].as_str().unwrap_or("none"))
    }
}

async fn send(world: &World, token: &str, request: TestRequest) -> Told {
    let authenticator: Arc<dyn Authenticator> = Arc::new(Guests(world.ambient.clone()));
    let texts = Arc::new(Texts::load(&[TEXTS, catalog::TEXTS]).unwrap());
    let (database, cursors) = (world.database.clone(), Cursors::new(&[1; 32]));
    let kit = Kit::new(database, world.ambient.clone(), LiveState::in_memory(), cursors, texts);
    let app = App::new()
        .app_data(Data::from(authenticator))
        .app_data(Data::new(kit))
        .app_data(Data::new(world.deliveries.clone()))
        .app_data(Data::new(world.regions.clone()))
        .wrap(from_fn(authenticate))
        .wrap(from_fn(present))
        .into_utoipa_app()
        .configure(crate::routes)
        .into_app();
    let request = request.insert_header((AUTHORIZATION, format!("Bearer {token}")));
    let response = try_call_service(&init_service(app).await, request.to_request()).await.unwrap();
    let header = |name: &str| {
        let value = response.headers().get(name);
        value.map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
    };
    let (etag, location) = (header(ETAG.as_str()), header(LOCATION.as_str()));
    let replayed = header("idempotency-replayed") == "true";
    let status = response.status().as_u16();
    let body = serde_json::from_slice(&read_body(response).await).unwrap_or(Value::Null);
    Told { status, body, etag, location, replayed }
}

pub(super) async fn get(world: &World, token: impl ToString, path: &str) -> Told {
    send(world, &token.to_string(), TestRequest::get().uri(path)).await
}

pub(super) async fn post(
    world: &World,
    token: CollectorId,
    key: &str,
    path: &str,
    body: Value,
) -> Told {
    let request = TestRequest::post().uri(path).insert_header(("Idempotency-Key", key));
    send(world, &token.to_string(), request.set_json(body)).await
}

pub(super) fn over_http(test: impl AsyncFn(&World)) {
    on_each_engine(|world| actix_web::rt::System::new().block_on(test(world)));
}

fn lines(grams: i64) -> Value {
    json!([{ "material": "KRT-KARDUS-A", "grams": grams }])
}

#[test]
fn from_the_announcement_to_the_receipt() {
    over_http(async |world| {
        let (budi, induk) = (world.collector(), world.facility());
        world.fetches(budi, &[("KRT-KARDUS-A", 5_000)]);
        let carried = get(world, budi, "/v1/collectors/me/carried").await;
        let goods = json!([{ "material": "KRT-KARDUS-A", "grams": 5_000 }]);
        assert_eq!(carried.body, json!({ "total_grams": 5_000, "materials": goods }));

        let new = json!({ "facility_id": induk, "lines": lines(4_000) });
        let announced = post(world, budi, "a", "/v1/deliveries", new.clone()).await;
        let id = announced.body["id"].as_str().unwrap().to_owned();
        let path = format!("/v1/deliveries/{id}");
        assert_eq!((announced.status, &announced.location), (201, &path));
        assert_eq!(announced.body["role"], "collector");
        let again = post(world, budi, "a", "/v1/deliveries", new.clone()).await;
        assert_eq!((again.replayed, &again.body), (true, &announced.body));
        let other = post(world, budi, "b", "/v1/deliveries", new).await;
        assert_eq!(other.code(), (409, "delivery_under_way"));
        assert_eq!(other.body["delivery_id"], json!(id));

        let seen = get(world, induk, &path).await;
        assert_eq!((&seen.body["role"], &seen.etag), (&json!("facility"), &announced.etag));
        let receipt = json!({ "lines": lines(3_900), "scale_id": "TIMBANGAN-7" });
        let receive = format!("{path}/receive");
        let received = post(world, induk, "r", &receive, receipt.clone()).await;
        assert_eq!((received.status, &received.body["state"]), (200, &json!("received")));
        let line = json!({ "material": "KRT-KARDUS-A", "grams": 4_000, "received_grams": 3_900,
            "difference_grams": 100 });
        assert_eq!(received.body["lines"], json!([line]));
        assert_ne!(received.etag, announced.etag);
        let told = post(world, induk, "r", &receive, receipt).await;
        assert_eq!((told.replayed, &told.body), (true, &received.body));
        let left = get(world, budi, "/v1/collectors/me/carried").await;
        assert_eq!(left.body["total_grams"], 1_000);
        assert_ne!(left.etag, carried.etag);
    });
}

#[test]
fn refusing_and_withdrawing_tell_why_and_when() {
    over_http(async |world| {
        let (budi, induk) = (world.collector(), world.facility());
        world.fetches(budi, &[("KRT-KARDUS-A", 5_000)]);
        let id = world.announce(budi, induk, &[("KRT-KARDUS-A", 1)]).unwrap().id;
        let path = |verb: &str| format!("/v1/deliveries/{id}/{verb}");
        let reason = json!({ "reason": " basah semua " });
        let wrong_side = post(world, budi, "1", &path("refuse"), reason.clone()).await;
        assert_eq!(wrong_side.code(), (403, "other_sides_delivery"));
        let refused = post(world, induk, "2", &path("refuse"), reason).await;
        assert_eq!(refused.body["reason"], "basah semua");
        assert!(refused.body["ended_at"].is_string());
        let late = post(world, budi, "3", &path("withdraw"), json!({})).await;
        assert_eq!((late.code(), &late.body["state"]), ((409, "wrong_state"), &json!("refused")));
        let id = world.announce(budi, induk, &[("KRT-KARDUS-A", 1)]).unwrap().id;
        let path = format!("/v1/deliveries/{id}/withdraw");
        let withdrawn = post(world, budi, "4", &path, json!({})).await;
        assert_eq!((withdrawn.status, &withdrawn.body["state"]), (200, &json!("withdrawn")));
    });
}

#[test]
fn strangers_find_nothing_and_each_side_its_own_list() {
    over_http(async |world| {
        let (budi, induk, joko) = (world.collector(), world.facility(), world.collector());
        world.fetches(budi, &[("KRT-KARDUS-A", 5_000)]);
        world.fetches(induk, &[("KRT-KARDUS-A", 5_000)]);
        let other = world.facility();
        let mut made = Vec::new();
        for _ in 0..3 {
            let id = world.announce(budi, induk, &[("KRT-KARDUS-A", 10)]).unwrap().id;
            world.withdraw(budi, id).unwrap();
            made.push(id.to_string());
        }
        made.push(world.announce(induk, other, &[("KRT-KARDUS-A", 10)]).unwrap().id.to_string());
        made.reverse();
        let path = format!("/v1/deliveries/{}", made[1]);
        assert_eq!(get(world, joko, &path).await.code(), (404, "not_found"));
        let refuse = format!("{path}/refuse");
        let refused = post(world, joko, "x", &refuse, json!({ "reason": "basah" })).await;
        assert_eq!(refused.code(), (404, "not_found"));

        let ids = async |token: CollectorId, query: &str| -> Vec<String> {
            let (mut ids, mut path) = (Vec::new(), format!("/v1/deliveries?limit=2{query}"));
            loop {
                let page = get(world, token, &path).await.body;
                let rows = page["data"].as_array().unwrap_or_else(|| panic!("{page}")).iter();
                ids.extend(rows.map(|row| row["id"].as_str().unwrap().to_owned()));
                let Some(cursor) = page["next_cursor"].as_str() else { return ids };
                path = format!("/v1/deliveries?limit=2{query}&cursor={cursor}");
            }
        };
        assert_eq!(ids(induk, "").await, made);
        assert_eq!(ids(induk, "&role=facility").await, made[1..]);
        assert_eq!(ids(induk, "&role=collector").await, made[..1]);
        assert_eq!(ids(induk, "&state=announced").await, made[..1]);
        assert_eq!(ids(budi, "&state=withdrawn").await, made[1..]);
        assert_eq!(ids(joko, "").await, Vec::<String>::new());
        let foreign = get(world, induk, "/v1/deliveries?limit=2").await.body;
        let cursor = foreign["next_cursor"].as_str().unwrap();
        let path = format!("/v1/deliveries?limit=2&cursor={cursor}");
        assert_eq!(get(world, budi, &path).await.code(), (422, "cursor_invalid"));
    });
}
