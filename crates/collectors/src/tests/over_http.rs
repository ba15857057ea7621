//! The contract as a phone meets it.

use std::{collections::HashMap, sync::Arc};

use actix_web::{
    App,
    http::header::{AUTHORIZATION, ETAG, IF_MATCH, LOCATION},
    middleware::from_fn,
    test::{TestRequest, init_service, read_body, try_call_service},
    web::Data,
};
use futures_util::future::{FutureExt, LocalBoxFuture, ready};
use http_kit::{
    Authenticator, Cursors, Grant, Identity, Kit, Problem, StaffRole, Texts, UNAUTHENTICATED,
    authenticate, present,
};
use live_state::LiveState;
use primitives::{AccountId, CollectorId};
use serde_json::{Value, json};
use utoipa_actix_web::AppExt;

use super::world::{DESA, World, code, on_each_engine};
use crate::{TEXTS, live_position};

/// Whoever says a name is believed.
#[derive(Default)]
struct Guests(HashMap<&'static str, Identity>);

impl Authenticator for Guests {
    fn authenticate(&self, token: &str) -> LocalBoxFuture<'static, Result<Identity, Problem>> {
        let identity = self.0.get(token).cloned();
        ready(identity.ok_or_else(|| Problem::new(UNAUTHENTICATED))).boxed_local()
    }
}

struct Desk<'a> {
    world: &'a World,
    live_state: LiveState,
    guests: HashMap<&'static str, Identity>,
}

struct Told {
    status: u16,
    etag: Option<String>,
    location: Option<String>,
    body: Value,
}

impl Told {
    fn code(&self) -> (u16, &str) {
        (self.status, self.body["code"].as_str().unwrap_or("none"))
    }
}

impl<'a> Desk<'a> {
    fn new(world: &'a World) -> Self {
        Self { world, live_state: LiveState::in_memory(), guests: HashMap::new() }
    }

    fn guest(&mut self, name: &'static str, number: u32) -> AccountId {
        let (account, session) = (self.world.account(number), self.world.ambient.mint());
        let identity = Identity { account, session, collector: None, grants: Vec::new() };
        self.guests.insert(name, identity);
        account
    }

    fn officer(&mut self, name: &'static str, number: u32, region: &str) {
        self.guest(name, number);
        let grant = Grant { role: StaffRole::Officer, region: code(region) };
        self.guests.get_mut(name).unwrap().grants.push(grant);
    }

    async fn send(&self, token: &str, request: TestRequest) -> Told {
        let authenticator: Arc<dyn Authenticator> = Arc::new(Guests(self.guests.clone()));
        let texts = Arc::new(Texts::load(&[TEXTS]).unwrap());
        let (database, ambient) = (self.world.database.clone(), self.world.ambient.clone());
        let cursors = Cursors::new(&[1; 32]);
        let kit = Kit::new(database, ambient, self.live_state.clone(), cursors, texts);
        let app = App::new()
            .app_data(Data::from(authenticator))
            .app_data(Data::new(kit))
            .app_data(Data::new(self.world.collectors.clone()))
            .wrap(from_fn(authenticate))
            .wrap(from_fn(present))
            .into_utoipa_app()
            .configure(crate::routes)
            .into_app();
        let app = init_service(app).await;
        let request = request.insert_header((AUTHORIZATION, format!("Bearer {token}")));
        let response = try_call_service(&app, request.to_request()).await.unwrap();
        let header = |name| {
            let value = response.headers().get(name);
            value.map(|value| value.to_str().unwrap().to_owned())
        };
        let (status, etag, location) = (response.status().as_u16(), header(ETAG), header(LOCATION));
        let body = serde_json::from_slice(&read_body(response).await).unwrap_or(Value::Null);
        Told { status, etag, location, body }
    }

    async fn get(&self, token: &str, path: &str) -> Told {
        self.send(token, TestRequest::get().uri(path)).await
    }

    async fn post(&self, token: &str, path: &str, body: Value) -> Told {
        self.send(token, TestRequest::post().uri(path).set_json(body)).await
    }

    async fn put(&self, token: &str, path: &str, etag: &str, body: Value) -> Told {
        let request = TestRequest::put().uri(path).insert_header((IF_MATCH, etag));
        self.send(token, request.set_json(body)).await
    }

    async fn patch(&self, token: &str, etag: &str, body: Value) -> Told {
        let request = TestRequest::patch().uri("/v1/collectors/me").insert_header((IF_MATCH, etag));
        self.send(token, request.set_json(body)).await
    }

    /// Registers the guest and lets his token know of it.
    async fn register(&mut self, token: &'static str) -> Told {
        let request = TestRequest::post()
            .uri("/v1/collectors")
            .insert_header(("Idempotency-Key", format!("register-{token}")))
            .set_json(body());
        let told = self.send(token, request).await;
        let id = told.body["id"].as_str().map(|id| CollectorId::parse(id).unwrap());
        self.guests.get_mut(token).unwrap().collector = id;
        told
    }
}

fn body() -> Value {
    json!({
        "kind": "pengepul", "name": "Botot Pak Ucok", "desa_code": DESA, "vehicle": "BETOR",
        "base": {"lat": 3.5541, "lon": 98.8812, "accuracy_meters": 12},
        "service_radius_meters": 5000,
    })
}

fn over_http(test: impl AsyncFn(Desk<'_>)) {
    on_each_engine(|world| actix_web::rt::System::new().block_on(test(Desk::new(world))));
}

fn pointers(told: &Told) -> Vec<(&str, &str)> {
    let errors = told.body["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    errors
        .iter()
        .map(|it| (it["pointer"].as_str().unwrap(), it["code"].as_str().unwrap()))
        .collect()
}

#[test]
fn from_registration_to_the_first_day_online() {
    over_http(async |mut desk| {
        desk.guest("ucok", 1);
        desk.officer("siti", 2, "12.07");
        let told = desk.register("ucok").await;
        assert_eq!((told.status, &told.body["verification"]), (201, &json!("pending")));
        let id = told.body["id"].as_str().unwrap().to_owned();
        assert_eq!(told.location, Some(format!("/v1/collectors/{id}")));
        assert_eq!(told.body["base"], body()["base"]);
        assert_eq!(told.body["promises"], json!({"completed": 0, "released": 0, "no_shows": 0}));
        assert_eq!(told.body["rating"], json!({"count": 0}));

        let own = desk.get("ucok", "/v1/collectors/me").await;
        assert_eq!((own.status, &own.body, &own.etag), (200, &told.body, &told.etag));
        let verified = format!("/v1/staff/collectors/{id}/verify");
        let told = desk.post("siti", &verified, json!({})).await;
        assert_eq!((told.status, &told.body["verification"]), (200, &json!("verified")));

        let prices = desk.get("ucok", "/v1/collectors/me/prices").await;
        assert_eq!((prices.status, &prices.body), (200, &json!({"announced": []})));
        let list = json!({"items": [{"material": desk.world.material(0), "price_rupiah": 3000}]});
        let etag = prices.etag.unwrap();
        let told = desk.put("ucok", "/v1/collectors/me/prices", &etag, list.clone()).await;
        assert_eq!(told.status, 200, "{}", told.body);
        assert_eq!(told.body["in_force"]["items"], list["items"]);
        let etag = desk.get("ucok", "/v1/collectors/me").await.etag.unwrap();
        let path = "/v1/collectors/me/availability";
        let told = desk.put("ucok", path, &etag, json!({"online": true})).await;
        assert_eq!((told.status, &told.body["online"]), (200, &json!(true)));
    });
}

#[test]
fn the_public_profile_tells_no_phone_and_no_point() {
    over_http(async |mut desk| {
        desk.guest("ucok", 1);
        desk.guest("ani", 2);
        let own = desk.register("ucok").await.body;
        let path = format!("/v1/collectors/{}", own["id"].as_str().unwrap());
        let told = desk.get("ani", &path).await;
        assert_eq!(told.status, 200);
        assert_eq!(told.body["base_area"], json!({"lat": 3.555, "lon": 98.885}));
        let text = told.body.to_string();
        for secret in ["3.5541", "98.8812", "+62", "\"base\"", "online", "acc_"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        assert_eq!(desk.get("nobody", &path).await.code(), (401, "unauthenticated"));
        let unknown: CollectorId = desk.world.ambient.mint();
        let unknown = format!("/v1/collectors/{unknown}");
        assert_eq!(desk.get("ani", &unknown).await.code(), (404, "not_found"));
        assert_eq!(desk.get("ani", "/v1/collectors/col_x").await.code(), (404, "not_found"));
    });
}

#[test]
fn commands_are_refused_where_they_are_wrong() {
    over_http(async |mut desk| {
        desk.guest("ucok", 1);
        let told = desk.post("ucok", "/v1/collectors", body()).await;
        assert_eq!(told.code(), (400, "idempotency_key_missing"));
        let told = desk.get("ucok", "/v1/collectors/me").await;
        assert_eq!(told.code(), (403, "collector_profile_required"));
        desk.register("ucok").await;
        let again = TestRequest::post()
            .uri("/v1/collectors")
            .insert_header(("Idempotency-Key", "another"))
            .set_json(body());
        assert_eq!(desk.send("ucok", again).await.code(), (409, "collector_exists"));

        let path = "/v1/collectors/me/availability";
        let told = desk.put("ucok", path, "\"1\"", json!({"online": true})).await;
        assert_eq!(told.code(), (409, "collector_not_verified"));
        let without = TestRequest::put().uri(path).set_json(json!({"online": true}));
        assert_eq!(desk.send("ucok", without).await.code(), (428, "precondition_required"));
        let patch =
            TestRequest::patch().uri("/v1/collectors/me").insert_header((IF_MATCH, "\"9\""));
        let told = desk.send("ucok", patch.set_json(json!({"name": "Ucok"}))).await;
        assert_eq!(told.code(), (412, "version_conflict"));
        let patch =
            TestRequest::patch().uri("/v1/collectors/me").insert_header((IF_MATCH, "\"1\""));
        let told = desk.send("ucok", patch.set_json(json!({"service_radius_meters": 99}))).await;
        assert_eq!(told.code(), (422, "invalid_fields"));
        assert_eq!(pointers(&told), [("/service_radius_meters", "service_radius_out_of_range")]);
        let patch =
            TestRequest::patch().uri("/v1/collectors/me").insert_header((IF_MATCH, "\"1\""));
        let told = desk.send("ucok", patch.set_json(json!({"kind": "tpst"}))).await;
        assert_eq!(told.code(), (422, "invalid_fields"));
        let patch =
            TestRequest::patch().uri("/v1/collectors/me").insert_header((IF_MATCH, "\"1\""));
        let told = desk.send("ucok", patch.set_json(json!({"name": " Ucok Jaya "}))).await;
        assert_eq!((told.status, &told.body["name"]), (200, &json!("Ucok Jaya")));
        assert_eq!(told.etag.as_deref(), Some("\"2\""));
    });
}

#[test]
fn positions_are_taken_or_refused_by_index() {
    over_http(async |mut desk| {
        desk.guest("ucok", 1);
        let told = desk.register("ucok").await;
        let collector = CollectorId::parse(told.body["id"].as_str().unwrap()).unwrap();
        let at = |minute: u32, lat: f64| {
            let recorded_at = format!("2026-03-02T00:{minute}:00Z");
            json!({"lat": lat, "lon": 98.88, "recorded_at": recorded_at})
        };
        let path = "/v1/collectors/me/positions";
        let batch = json!({"positions": [at(58, 3.551), at(59, 3.552)]});
        let told = desk.post("ucok", path, batch).await;
        assert_eq!((told.status, told.body), (204, Value::Null));
        let live = live_position(&desk.live_state, collector).await.unwrap();
        assert!((live.coordinates.lat() - 3.552).abs() < 1e-9);

        let foreign = json!({"positions": [at(58, 3.551), at(59, 52.5)]});
        let told = desk.post("ucok", path, foreign).await;
        assert_eq!(told.code(), (422, "invalid_fields"));
        assert_eq!(pointers(&told), [("/positions/1", "place_outside_indonesia")]);
        let swapped = json!({"positions": [at(59, 3.551), at(58, 3.551)]});
        let told = desk.post("ucok", path, swapped).await;
        let expected = [("/positions/1/recorded_at", "positions_out_of_order")];
        assert_eq!(pointers(&told), expected);
    });
}

#[test]
fn staff_list_and_decide_within_their_regions() {
    over_http(async |mut desk| {
        for (token, number) in [("ucok", 1), ("budi", 2), ("joko", 3)] {
            desk.guest(token, number);
            assert_eq!(desk.register(token).await.status, 201);
        }
        desk.officer("siti", 4, "12.07");
        desk.officer("tono", 5, "12.71");
        let path = "/v1/staff/collectors?verification=pending&limit=2";
        let first = desk.get("siti", path).await;
        assert_eq!(first.body["data"].as_array().unwrap().len(), 2);
        let cursor = first.body["next_cursor"].as_str().unwrap();
        let rest = desk.get("siti", &format!("{path}&cursor={cursor}")).await;
        assert_eq!(rest.body["data"].as_array().unwrap().len(), 1);
        assert_eq!(rest.body["next_cursor"], Value::Null);
        let stolen = desk.get("tono", &format!("{path}&cursor={cursor}")).await;
        assert_eq!(stolen.code(), (422, "cursor_invalid"));
        assert_eq!(desk.get("tono", path).await.body["data"], json!([]));
        assert_eq!(desk.get("ucok", path).await.code(), (403, "staff_role_required"));

        let id = rest.body["data"][0]["id"].as_str().unwrap();
        let (verify, suspend) = (
            format!("/v1/staff/collectors/{id}/verify"),
            format!("/v1/staff/collectors/{id}/suspend"),
        );
        assert_eq!(desk.post("tono", &verify, json!({})).await.code(), (404, "not_found"));
        assert_eq!(desk.post("siti", &verify, json!({})).await.status, 200);
        let told = desk.post("siti", &suspend, json!({"reason": "x"})).await;
        assert_eq!(pointers(&told), [("/reason", "suspension_reason_length")]);
        let told = desk.post("siti", &suspend, json!({"reason": "timbangan curang"})).await;
        assert_eq!(told.body["suspension_reason"], "timbangan curang");
        let (joko, joko_id) = ("joko", desk.guests["joko"].collector.unwrap());
        let grant = Grant { role: StaffRole::Officer, region: code("12.07") };
        desk.guests.get_mut(joko).unwrap().grants.push(grant);
        let own = format!("/v1/staff/collectors/{joko_id}/verify");
        assert_eq!(desk.post(joko, &own, json!({})).await.code(), (403, "own_case"));
    });
}

#[test]
fn where_and_when_he_works_is_read_changed_and_taken_away() {
    over_http(async |mut desk| {
        desk.guest("ucok", 1);
        let registered = desk.register("ucok").await;
        assert_eq!(registered.body["working_hours"], json!([]));
        assert!(registered.body.get("service_area").is_none());
        let ring = json!([[98.8, 3.5], [98.9, 3.5], [98.9, 3.6], [98.8, 3.6], [98.8, 3.5]]);
        let area = json!({"type": "Polygon", "coordinates": [ring]});
        let hours = json!([{"day": "monday", "from": "07:00", "until": "17:00"}]);
        let change = json!({"service_area": area, "working_hours": hours});
        let changed = desk.patch("ucok", &registered.etag.unwrap(), change.clone()).await;
        assert_eq!(changed.status, 200, "{}", changed.body);
        assert_eq!(
            (&changed.body["service_area"], &changed.body["working_hours"]),
            (&area, &hours)
        );
        let own = desk.get("ucok", "/v1/collectors/me").await;
        assert_eq!((&own.body, &own.etag), (&changed.body, &changed.etag));
        let etag = own.etag.unwrap();
        // The same once more changes nothing.
        assert_eq!(desk.patch("ucok", &etag, change).await.etag.as_ref(), Some(&etag));
        for (wrong, pointer, code) in [
            (
                json!({"service_area": {"type": "Polygon", "coordinates": [[[98.8, 3.5], [98.9, 3.5], [98.9, 3.6]]]}}),
                "/service_area",
                "area_too_few_corners",
            ),
            (
                json!({"service_area": {"type": "Polygon", "coordinates": []}}),
                "/service_area",
                "area_not_one_ring",
            ),
            (
                json!({"working_hours": [{"day": "monday", "from": "17:00", "until": "07:00"}]}),
                "/working_hours",
                "shift_backwards",
            ),
        ] {
            let told = desk.patch("ucok", &etag, wrong).await;
            assert_eq!((told.status, pointers(&told)), (422, vec![(pointer, code)]));
        }
        let cleared = json!({"service_area": null, "working_hours": []});
        let cleared = desk.patch("ucok", &etag, cleared).await;
        assert_eq!(cleared.body["working_hours"], json!([]));
        assert!(cleared.body.get("service_area").is_none());
    });
}
