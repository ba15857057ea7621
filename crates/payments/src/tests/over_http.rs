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
use primitives::{AccountId, Ambient, RegionCode};
use serde_json::{Value, json};
use utoipa_actix_web::AppExt as _;

use super::{
    charges::Counter,
    withdrawals::Office,
    world::{Deal, WORTH, World, on_each_engine},
};
use crate::TEXTS;

/// Whoever names an account is believed, also that he collects (`.c`), prepares money (`.m`) or releases it (`.k`).
struct Guests(Ambient);

impl Authenticator for Guests {
    fn authenticate(&self, token: &str) -> LocalBoxFuture<'static, Result<Identity, Problem>> {
        let (account, role) = token.split_once('.').unwrap_or((token, ""));
        let grant = |role| Grant { role, region: RegionCode::parse("12.07").unwrap() };
        let session = self.0.mint();
        let collector = (role == "c").then(|| self.0.mint());
        let grants = match role {
            "m" => vec![grant(StaffRole::FinanceMaker)],
            "k" => vec![grant(StaffRole::FinanceChecker)],
            _ => Vec::new(),
        };
        let known = AccountId::parse(account);
        let known = known.map(|account| Identity { account, session, collector, grants });
        ready(known.map_err(|_| Problem::new(UNAUTHENTICATED))).boxed_local()
    }
}

pub(super) struct Told {
    pub(super) status: u16,
    pub(super) etag: String,
    location: String,
    pub(super) replayed: bool,
    pub(super) body: Value,
}

impl Told {
    pub(super) fn code(&self) -> (u16, &str) {
        (self.status, self.body["code"].as_str().unwrap_or("none"))
    }
}

pub(super) async fn send(world: &World, token: &str, request: TestRequest) -> Told {
    let authenticator: Arc<dyn Authenticator> = Arc::new(Guests(world.ambient.clone()));
    let texts = Arc::new(Texts::load(&[TEXTS, pickups::TEXTS, reports::TEXTS]).unwrap());
    let (database, cursors) = (world.database.clone(), Cursors::new(&[1; 32]));
    let kit = Kit::new(database, world.ambient.clone(), LiveState::in_memory(), cursors, texts);
    let app = App::new()
        .app_data(Data::from(authenticator))
        .app_data(Data::new(kit))
        .app_data(Data::new(world.payments.clone()))
        .app_data(Data::new(Office::of(world).withdrawals))
        .app_data(Data::new(Counter::of(world).charges))
        .app_data(Data::new(Office::of(world).inbox()))
        .app_data(Data::new(Office::of(world).reconciliations()))
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
    Told { status, etag, location, replayed, body }
}

pub(super) async fn get(world: &World, token: &str, path: &str) -> Told {
    send(world, token, TestRequest::get().uri(path)).await
}

pub(super) async fn post(world: &World, token: &str, key: &str, path: &str, body: Value) -> Told {
    let request = TestRequest::post().uri(path).insert_header(("Idempotency-Key", key));
    send(world, token, request.set_json(body)).await
}

async fn pay(world: &World, deal: &Deal, key: &str, method: &str) -> Told {
    let path = format!("/v1/pickups/{}/payment", deal.pickup);
    post(world, &format!("{}.c", deal.payer), key, &path, json!({"method": method})).await
}

pub(super) fn over_http(test: impl AsyncFn(&World)) {
    on_each_engine(|world| actix_web::rt::System::new().block_on(test(world)));
}

#[test]
fn cash_from_claim_to_receipt() {
    over_http(async |world| {
        let deal = world.deal(1);
        let household = deal.household.to_string();
        let claimed = pay(world, &deal, "one", "cash").await;
        assert_eq!((claimed.status, &claimed.body["state"]), (201, &json!("pending")));
        let again = pay(world, &deal, "one", "cash").await;
        assert_eq!((again.replayed, &again.body), (true, &claimed.body));
        let other_key = pay(world, &deal, "two", "cash").await;
        assert_eq!(other_key.code(), (409, "payment_exists"));
        assert_eq!(other_key.body["payment_id"], claimed.body["id"]);
        let seen = get(world, &household, &claimed.location).await;
        assert_eq!((seen.status, &seen.body, seen.etag.as_str()), (200, &claimed.body, "\"1\""));
        let receipt = format!("/v1/pickups/{}/receipt", deal.pickup);
        assert_eq!(get(world, &household, &receipt).await.code(), (404, "no_receipt_yet"));
        let confirm = format!("{}/confirm", claimed.location);
        let settled = post(world, &household, "yes", &confirm, json!({})).await;
        assert_eq!((settled.status, &settled.body["state"]), (200, &json!("settled")));
        let receipt = get(world, &household, &receipt).await;
        assert_eq!((receipt.status, &receipt.body["amount_rupiah"]), (200, &json!(WORTH)));
        assert_eq!(receipt.body["journal_id"], settled.body["journal_id"]);
        assert!(receipt.etag.len() > 2);
    });
}

#[test]
fn a_payment_wants_a_key_a_method_and_a_collector() {
    over_http(async |world| {
        let deal = world.deal(1);
        let path = format!("/v1/pickups/{}/payment", deal.pickup);
        let collector = format!("{}.c", deal.payer);
        let keyless = TestRequest::post().uri(&path).set_json(json!({"method": "cash"}));
        let keyless = send(world, &collector, keyless).await;
        assert_eq!(keyless.code(), (400, "idempotency_key_missing"));
        assert_eq!(pay(world, &deal, "one", "gold").await.code(), (422, "invalid_fields"));
        let body = json!({"method": "cash", "amount_rupiah": 1});
        let more = post(world, &collector, "two", &path, body.clone()).await;
        assert_eq!(more.code(), (422, "invalid_fields"));
        let citizen = post(world, &deal.payer.to_string(), "three", &path, body).await;
        assert_eq!(citizen.code(), (403, "collector_profile_required"));
    });
}

#[test]
fn a_wallet_shows_what_is_in_it_and_how_it_came() {
    over_http(async |world| {
        let deal = world.deal(1);
        let short = pay(world, &deal, "short", "wallet").await;
        assert_eq!(short.code(), (409, "balance_insufficient"));
        world.top_up(deal.payer, 20_000).unwrap();
        assert_eq!(pay(world, &deal, "enough", "wallet").await.body["state"], "settled");
        let wallet = get(world, &deal.payer.to_string(), "/v1/wallet").await;
        let rest = 20_000 - WORTH;
        let expected = json!({"balance_rupiah": rest, "held_rupiah": 0, "available_rupiah": rest});
        assert_eq!((wallet.body, wallet.etag.as_str()), (expected, "\"2\""));
        let first = get(world, &deal.payer.to_string(), "/v1/wallet/entries?limit=1").await;
        assert_eq!(first.body["data"][0]["amount_rupiah"], -WORTH);
        assert_eq!(first.body["data"][0]["pickup_id"], deal.pickup.to_string());
        let cursor = first.body["next_cursor"].as_str().unwrap();
        let next = format!("/v1/wallet/entries?limit=1&cursor={cursor}");
        let last = get(world, &deal.payer.to_string(), &next).await;
        assert_eq!(
            (&last.body["data"][0]["kind"], &last.body["next_cursor"]),
            (&json!("top_up"), &Value::Null)
        );
        let stolen = get(world, &deal.household.to_string(), &next).await;
        assert_eq!(stolen.code(), (422, "cursor_invalid"));
    });
}

#[test]
fn the_office_tops_up_once_per_key() {
    over_http(async |world| {
        let (maker, holder) = (world.person(1), world.person(2));
        let path = format!("/v1/staff/wallets/{holder}/top-ups");
        let body = json!({"amount_rupiah": 50_000, "reason": "setoran tunai"});
        let staff = format!("{maker}.m");
        let made = post(world, &staff, "one", &path, body.clone()).await;
        assert_eq!((made.status, &made.body["maker"]), (201, &json!(maker.to_string())));
        assert!(post(world, &staff, "one", &path, body.clone()).await.replayed);
        assert_eq!(world.wallet(holder), 50_000);
        let citizen = post(world, &holder.to_string(), "two", &path, body.clone()).await;
        assert_eq!(citizen.code(), (403, "staff_role_required"));
        let own = format!("/v1/staff/wallets/{maker}/top-ups");
        assert_eq!(post(world, &staff, "three", &own, body).await.code(), (403, "own_wallet"));
        let body = json!({"amount_rupiah": 0, "reason": "x"});
        let nothing = post(world, &staff, "four", &path, body).await;
        assert_eq!(nothing.body["errors"][0]["pointer"], "/amount_rupiah");
    });
}
