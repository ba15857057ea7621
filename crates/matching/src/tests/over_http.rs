//! The contract as the phones of households and collectors meet it.

use std::sync::Arc;

use actix_web::{
    App,
    http::header::{AUTHORIZATION, ETAG, LOCATION},
    middleware::from_fn,
    test::{TestRequest, init_service, read_body, try_call_service},
    web::Data,
};
use database::Connection;
use futures_util::future::{FutureExt as _, LocalBoxFuture, ready};
use http_kit::{
    Authenticator, Cursors, Grant, Identity, Kit, Problem, StaffRole, Texts, UNAUTHENTICATED,
    authenticate, present,
};
use live_state::LiveState;
use primitives::{AccountId, CollectorId, RegionCode};
use reports::{Patch, ReportChange, Selection};
use serde_json::{Value, json};
use utoipa_actix_web::AppExt as _;

use super::world::{Botot, World, bottles, on_each_engine, place};
use crate::TEXTS;

/// Whoever names an account is believed, and after a comma a collector, or after a semicolon a role in a region.
struct Guests(World);

impl Authenticator for Guests {
    fn authenticate(&self, token: &str) -> LocalBoxFuture<'static, Result<Identity, Problem>> {
        let session = self.0.ambient.mint();
        let (token, grants) = match token.split_once(';') {
            Some((token, grant)) => (token, vec![granted(grant)]),
            None => (token, Vec::new()),
        };
        let (account, collector) = token.split_once(',').unwrap_or((token, ""));
        let collector = CollectorId::parse(collector).ok();
        let known = AccountId::parse(account);
        let identity = known.map(|account| Identity { account, session, collector, grants });
        ready(identity.map_err(|_| Problem::new(UNAUTHENTICATED))).boxed_local()
    }
}

fn granted(grant: &str) -> Grant {
    let (role, region) = grant.split_once('@').unwrap();
    let region = RegionCode::parse(region).unwrap();
    Grant { role: StaffRole::parse(role).unwrap(), region }
}

#[derive(Debug)]
pub(super) struct Told {
    pub(super) status: u16,
    location: Option<String>,
    pub(super) etag: Option<String>,
    pub(super) body: Value,
}

impl Told {
    pub(super) fn code(&self) -> (u16, &str) {
        (self.status, self.body["code"].as_str().unwrap_or("none"))
    }
}

pub(super) struct Desk<'a>(pub(super) &'a World);

impl Desk<'_> {
    pub(super) async fn send(&self, token: &str, request: TestRequest) -> Told {
        let world = self.0;
        let authenticator: Arc<dyn Authenticator> = Arc::new(Guests(world.clone()));
        let sources = [TEXTS, reports::TEXTS, pickups::TEXTS, collectors::TEXTS];
        let texts = Arc::new(Texts::load(&sources).unwrap());
        let (database, ambient) = (world.database.clone(), world.ambient.clone());
        let cursors = Cursors::new(&[1; 32]);
        let kit = Kit::new(database, ambient, LiveState::in_memory(), cursors, texts);
        let app = App::new()
            .app_data(Data::from(authenticator))
            .app_data(Data::new(kit))
            .app_data(Data::new(world.matcher.clone()))
            .wrap(from_fn(authenticate))
            .wrap(from_fn(present))
            .into_utoipa_app()
            .configure(crate::routes)
            .into_app();
        let request = request.insert_header((AUTHORIZATION, format!("Bearer {token}")));
        let service = init_service(app).await;
        let response = try_call_service(&service, request.to_request()).await.unwrap();
        let place = response.headers().get(LOCATION);
        let location = place.map(|place| place.to_str().unwrap().to_owned());
        let etag = response.headers().get(ETAG).map(|tag| tag.to_str().unwrap().to_owned());
        let status = response.status().as_u16();
        let body = serde_json::from_slice(&read_body(response).await).unwrap_or(Value::Null);
        Told { status, location, etag, body }
    }

    pub(super) async fn get(&self, token: &str, path: &str) -> Told {
        self.send(token, TestRequest::get().uri(path)).await
    }

    pub(super) async fn post(&self, token: &str, path: &str, body: Value) -> Told {
        let key =
            ("Idempotency-Key", self.0.ambient.mint::<primitives::kinds::Event>().to_string());
        self.send(token, TestRequest::post().uri(path).insert_header(key).set_json(body)).await
    }

    pub(super) fn household(&self) -> String {
        self.0.household.to_string()
    }
}

fn token(botot: Botot) -> String {
    format!("{},{}", botot.account, botot.id)
}

pub(super) fn over_http(test: impl AsyncFn(Desk<'_>)) {
    on_each_engine(|world| actix_web::rt::System::new().block_on(test(Desk(world))));
}

/// A JSON number in millionths, read from its digits.
fn millionths(number: &Value) -> u64 {
    let text = number.to_string();
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    assert!(decimals.len() <= 6, "{text}");
    format!("{whole}{decimals:0<6}").parse().unwrap()
}

#[test]
fn candidates_are_ranked_with_reasons_that_add_up() {
    over_http(async |desk| {
        let world = desk.0;
        let report = world.report(Selection::Instant);
        let crowd = [1, 2, 3].map(|number| world.working(number));
        world.settle();
        let path = format!("/v1/reports/{}/candidates", report.id);
        let told = desk.get(&desk.household(), &path).await;
        assert_eq!(told.status, 200, "{told:?}");
        let candidates = told.body["data"].as_array().unwrap();
        assert_eq!(candidates.len(), crowd.len());
        for (rank, candidate) in (1..).zip(candidates) {
            assert_eq!(candidate["rank"], rank);
            let parts = candidate["parts"].as_array().unwrap();
            let sum: u64 = parts.iter().map(|part| millionths(&part["contribution"])).sum();
            assert_eq!(sum, millionths(&candidate["score"]));
            assert!(candidate["collector"]["name"].as_str().unwrap().starts_with("Botot "));
            assert!(candidate["eta_seconds"].as_i64() > Some(0));
            assert_eq!(candidate["counterfactual"].is_null(), rank == 1);
        }
        assert_eq!(candidates[0]["estimated_payout_rupiah"].as_i64().unwrap() / 4, 3_003);
        let two = desk.get(&desk.household(), &format!("{path}?limit=2")).await;
        assert_eq!(two.body["data"].as_array().unwrap()[..], candidates[..2]);
        let stranger = desk.get(&token(crowd[0]), &path).await;
        assert_eq!(stranger.code(), (404, "not_found"));
        assert_eq!(desk.get(&desk.household(), &format!("{path}?limit=0")).await.status, 422);
    });
}

#[test]
fn the_first_to_accept_gets_the_report_and_the_second_a_conflict() {
    over_http(async |desk| {
        let world = desk.0;
        let report = world.report(Selection::Instant);
        let (first, second) = (world.working(1), world.working(2));
        let path = format!("/v1/reports/{}/accept", report.id);
        let keyless = TestRequest::post().uri(&path).set_json(json!({}));
        let told = desk.send(&token(first), keyless).await;
        assert_eq!(told.code(), (400, "idempotency_key_missing"));
        assert_eq!(desk.post(&desk.household(), &path, json!({})).await.status, 403);
        let won = desk.post(&token(first), &path, json!({})).await;
        assert_eq!((won.status, &won.body["state"]), (201, &json!("assigned")), "{won:?}");
        let id = won.body["id"].as_str().unwrap();
        assert_eq!(won.location, Some(format!("/v1/pickups/{id}")));
        assert_eq!(won.body["home"]["location"]["lat"], 3.5541);
        let lost = desk.post(&token(second), &path, json!({})).await;
        assert_eq!(lost.code(), (409, "report_already_taken"));
        let again = desk.post(&token(first), &path, json!({})).await;
        assert_eq!((again.status, &again.body["id"]), (200, &won.body["id"]));
        let rested = world.resting(3);
        let other = world.report(Selection::Instant);
        let path = format!("/v1/reports/{}/accept", other.id);
        let refused = desk.post(&token(rested), &path, json!({})).await;
        assert_eq!(refused.code(), (409, "collector_not_eligible"));
        assert_eq!(refused.body["reason"], "offline");
    });
}

#[test]
fn the_same_snapshot_and_report_give_the_same_bytes() {
    over_http(async |desk| {
        let world = desk.0;
        let report = world.report(Selection::Instant);
        for number in 1..6 {
            world.working(number);
        }
        world.settle();
        let path = format!("/v1/reports/{}/candidates", report.id);
        let first = desk.get(&desk.household(), &path).await.body;
        for seconds in [0, 1, 5] {
            world.pass(std::time::Duration::from_secs(seconds));
            let again = desk.get(&desk.household(), &path).await.body;
            assert_eq!(again["ranking_snapshot"], first["ranking_snapshot"]);
            assert_eq!(again.to_string(), first.to_string());
        }
        world.pass(std::time::Duration::from_secs(20));
        let later = desk.get(&desk.household(), &path).await.body;
        assert_ne!(later["ranking_snapshot"], first["ranking_snapshot"]);
        assert_ne!(later["data"][0]["score"], first["data"][0]["score"]);
    });
}

#[test]
fn candidates_say_which_version_of_the_report_they_are_for() {
    over_http(async |desk| {
        let world = desk.0;
        let report = world.report(Selection::Instant);
        world.working(1);
        world.settle();
        let path = format!("/v1/reports/{}/candidates", report.id);
        let version =
            async || desk.get(&desk.household(), &path).await.body["report_version"].clone();
        assert_eq!(version().await, 1);
        let (id, household) = (report.id, report.household);
        let change = ReportChange { note: Patch::Set("x".to_owned()), ..ReportChange::default() };
        let unit = move |it: &World, conn: &mut Connection| {
            it.reports.change_in(conn, household, id, 1, &change)
        };
        world.write(unit).unwrap();
        // From memory, until the log is read again.
        assert_eq!(version().await, 1);
        world.settle();
        assert_eq!(version().await, 2);
    });
}

#[test]
fn reasons_are_told_in_the_language_of_the_caller() {
    over_http(async |desk| {
        let world = desk.0;
        let report = world.report(Selection::Instant);
        for number in [1, 2] {
            world.working(number);
        }
        world.settle();
        let path = format!("/v1/reports/{}/candidates", report.id);
        for (language, pays, nearer) in [
            ("id", "Membayar Rp 12.008:", "Lebih dekat"),
            ("en", "Pays Rp 12,008:", "nearer would"),
        ] {
            let request =
                TestRequest::get().uri(&path).insert_header(("Accept-Language", language));
            let told = desk.send(&desk.household(), request).await;
            let [first, second] = told.body["data"].as_array().unwrap().as_slice() else {
                panic!("two are working");
            };
            let texts: Vec<&str> = [first, second]
                .iter()
                .flat_map(|candidate| candidate["parts"].as_array().unwrap())
                .map(|part| part["text"].as_str().unwrap())
                .collect();
            assert_eq!(texts.len(), 16);
            for text in &texts {
                assert!(text.ends_with('.') && !text.contains(['{', '$', '_']), "{text}");
            }
            assert!(texts.iter().any(|text| text.starts_with(pays)), "{texts:?}");
            let other = &second["counterfactual"];
            assert_eq!(other["rank"], 1);
            assert!(other["nearer_meters"].as_i64() > Some(0), "{other}");
            assert!(other["text"].as_str().unwrap().contains(nearer), "{other}");
        }
    });
}

#[test]
fn offers_from_making_to_picking() {
    over_http(async |desk| {
        let world = desk.0;
        let report = world.report(Selection::Choose);
        let (one, other) = (world.working(1), world.working(2));
        let path = format!("/v1/reports/{}/offers", report.id);
        let offer = json!({
            "prices": [{"material": "PLA-PET-BENING", "price_rupiah": 3500}],
            "pickup_at": world.in_hours(3), "note": "sore",
        });
        let made = desk.post(&token(one), &path, offer.clone()).await;
        assert_eq!((made.status, &made.body["state"]), (201, &json!("pending")), "{made:?}");
        assert_eq!(made.body["estimated_payout_rupiah"], 14_000);
        world.pass(std::time::Duration::from_secs(1));
        desk.post(&token(other), &path, offer.clone()).await;
        let accept = format!("/v1/reports/{}/accept", report.id);
        let refused = desk.post(&token(one), &accept, json!({})).await;
        assert_eq!(refused.code(), (409, "report_not_instant"));
        let page = desk.get(&desk.household(), &format!("{path}?limit=1")).await;
        let cursor = page.body["next_cursor"].as_str().unwrap();
        let rest = desk.get(&desk.household(), &format!("{path}?limit=1&cursor={cursor}")).await;
        assert_eq!(rest.body["data"][0], made.body);
        assert_eq!(desk.get(&token(one), &path).await.status, 404);
        let id = made.body["id"].as_str().unwrap();
        let picked =
            desk.post(&desk.household(), &format!("/v1/offers/{id}/accept"), json!({})).await;
        assert_eq!((picked.status, &picked.body["role"]), (201, &json!("household")), "{picked:?}");
        assert_eq!(picked.body["handover_code"].as_str().unwrap().len(), 6);
        let late = desk.post(&token(one), &format!("/v1/offers/{id}/withdraw"), json!({})).await;
        assert_eq!((late.code(), &late.body["state"]), ((409, "wrong_state"), &json!("accepted")));
        let declined = desk.get(&desk.household(), &format!("{path}?limit=1")).await;
        let declined = &declined.body["data"][0];
        assert_eq!(declined["state"], "declined");
        let id = declined["id"].as_str().unwrap();
        let told =
            desk.post(&desk.household(), &format!("/v1/offers/{id}/decline"), json!({})).await;
        assert_eq!((told.status, &told.body["state"]), (200, &json!("declined")));
    });
}

#[test]
fn a_feed_is_paged_without_gaps_and_shows_no_home() {
    over_http(async |desk| {
        let world = desk.0;
        let botot = world.working(1);
        for step in 0..7 {
            let location = place(3.55 + f64::from(step) / 400.0, 98.88);
            world.submit(reports::NewReport { location, ..bottles(4_000, Selection::Instant) });
        }
        world.settle();
        let mut seen = Vec::new();
        let mut path = "/v1/collectors/me/feed?limit=3".to_owned();
        loop {
            let page = desk.get(&token(botot), &path).await;
            assert_eq!(page.status, 200, "{page:?}");
            for private in ["pagar", "masjid", "household", "location"] {
                assert!(!page.body.to_string().contains(private), "{private}");
            }
            seen.extend(page.body["data"].as_array().unwrap().iter().cloned());
            // Time passes between pages; the walk does not notice.
            world.pass(std::time::Duration::from_millis(100));
            let Some(cursor) = page.body["next_cursor"].as_str() else { break };
            path = format!("/v1/collectors/me/feed?limit=3&cursor={cursor}");
        }
        let scores: Vec<u64> = seen.iter().map(|entry| millionths(&entry["score"])).collect();
        assert_eq!(scores.len(), 7);
        assert!(scores.is_sorted_by(|one, next| one >= next));
        let mut ids: Vec<String> = seen.iter().map(|entry| entry["id"].to_string()).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 7);
        assert_eq!(desk.get(&desk.household(), "/v1/collectors/me/feed").await.status, 403);
    });
}

#[test]
fn a_route_names_every_open_job_once_and_is_for_collectors() {
    over_http(async |desk| {
        let world = desk.0;
        let botot = world.working(1);
        let empty = desk.get(&token(botot), "/v1/collectors/me/route").await;
        assert_eq!((empty.status, &empty.body["stops"]), (200, &json!([])), "{empty:?}");
        let report = world.report(Selection::Instant);
        let pickup = world.accept(botot, &report).unwrap().pickup.id;
        let told = desk.get(&token(botot), "/v1/collectors/me/route").await;
        let stops = &told.body["stops"];
        assert_eq!(stops[0]["pickup_id"], pickup.to_string(), "{told:?}");
        assert_eq!(stops[0]["location"], json!({ "lat": 3.5541, "lon": 98.8812 }));
        assert_eq!((&stops[0]["load_grams"], &stops[1]["kind"]), (&json!(4_000), &json!("unload")));
        assert_eq!((&stops[1]["load_grams"], &told.body["gap"]), (&json!(0), &json!(0.0)));
        let refused = desk.get(&desk.household(), "/v1/collectors/me/route").await;
        assert_eq!(refused.code(), (403, "collector_profile_required"));
    });
}

#[test]
fn two_homes_in_one_cell_give_byte_identical_feeds() {
    let shown = |at: primitives::Location| {
        let pages = std::cell::RefCell::new(Vec::new());
        over_http(async |desk| {
            let botot = desk.0.working(1);
            desk.0
                .submit(reports::NewReport { location: at, ..bottles(4_000, Selection::Instant) });
            desk.0.settle();
            let page = desk.get(&token(botot), "/v1/collectors/me/feed").await;
            assert_eq!(page.body["data"].as_array().unwrap().len(), 1);
            pages.borrow_mut().push(page.body.to_string());
        });
        pages.into_inner()
    };
    assert_eq!(shown(place(3.5541, 98.8812)), shown(place(3.5512, 98.8849)));
}
