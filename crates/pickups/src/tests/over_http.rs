//! The contract as the two phones of a job meet it.

use std::{sync::Arc, time::Duration};

use actix_web::{
    App,
    http::header::{AUTHORIZATION, ETAG},
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
use photos::{Kind, Photos};
use primitives::{AccountId, PhotoId, PickupId, RegionCode};
use serde_json::{Value, json};
use utoipa_actix_web::AppExt as _;

use super::world::{World, on_each_engine};
use crate::{PickupStateName, TEXTS};

/// Whoever names an account is believed; `officer` is one of Deli Serdang.
struct Guests(World);

impl Authenticator for Guests {
    fn authenticate(&self, token: &str) -> LocalBoxFuture<'static, Result<Identity, Problem>> {
        let world = &self.0;
        let grant = Grant { role: StaffRole::Officer, region: RegionCode::parse("12.07").unwrap() };
        let (token, grants) = match token.strip_prefix("officer-") {
            Some(account) => (account, vec![grant]),
            None => (token, Vec::new()),
        };
        let known = AccountId::parse(token).map(|account| Identity {
            account,
            session: world.ambient.mint(),
            collector: Some(world.collector.0).filter(|_| account == world.collector.1),
            grants,
        });
        ready(known.map_err(|_| Problem::new(UNAUTHENTICATED))).boxed_local()
    }
}

struct Told {
    status: u16,
    etag: String,
    body: Value,
}

impl Told {
    fn code(&self) -> (u16, &str) {
        (self.status, self.body["code"].as_str().unwrap_or("none"))
    }
}

/// The server, with one live state for all requests of a test.
struct Desk<'a> {
    world: &'a World,
    live_state: LiveState,
    photos: Photos,
}

impl Desk<'_> {
    async fn send(&self, token: &str, request: TestRequest) -> Told {
        let world = self.world;
        let authenticator: Arc<dyn Authenticator> = Arc::new(Guests(world.clone()));
        let texts = Arc::new(Texts::load(&[TEXTS, reports::TEXTS, photos::TEXTS]).unwrap());
        let (database, ambient) = (world.database.clone(), world.ambient.clone());
        let cursors = Cursors::new(&[1; 32]);
        let kit = Kit::new(database, ambient, self.live_state.clone(), cursors, texts);
        let app = App::new()
            .app_data(Data::from(authenticator))
            .app_data(Data::new(kit))
            .app_data(Data::new(world.pickups.clone()))
            .app_data(Data::new(self.photos.clone()))
            .wrap(from_fn(authenticate))
            .wrap(from_fn(present))
            .into_utoipa_app()
            .configure(crate::routes)
            .into_app();
        let request = request.insert_header((AUTHORIZATION, format!("Bearer {token}")));
        let service = init_service(app).await;
        let response = try_call_service(&service, request.to_request()).await.unwrap();
        let tag = response.headers().get(ETAG);
        let etag = tag.map(|tag| tag.to_str().unwrap().to_owned()).unwrap_or_default();
        let status = response.status().as_u16();
        let body = serde_json::from_slice(&read_body(response).await).unwrap_or(Value::Null);
        Told { status, etag, body }
    }

    async fn get(&self, caller: AccountId, path: &str) -> Told {
        self.send(&caller.to_string(), TestRequest::get().uri(path)).await
    }

    async fn look(&self, caller: AccountId, id: PickupId) -> Told {
        self.get(caller, &format!("/v1/pickups/{id}")).await
    }

    async fn post(&self, caller: AccountId, id: PickupId, verb: &str, body: Value) -> Told {
        let request = TestRequest::post().uri(&format!("/v1/pickups/{id}/{verb}"));
        self.send(&caller.to_string(), request.set_json(body)).await
    }

    async fn photo(&self, owner: AccountId) -> PhotoId {
        let (photos, database) = (self.photos.clone(), &self.world.database);
        let raw = test_kit::TINY_WEBP.to_vec();
        let taken = photos.receive(database, owner, Kind::Webp, raw).await.unwrap();
        database.write(move |conn| photos.keep_in(conn, &taken)).await.unwrap().id
    }

    /// What the caller is told when he asks for a photo of the job.
    async fn picture(&self, token: &str, path: String) -> u16 {
        self.send(token, TestRequest::get().uri(&path)).await.status
    }

    async fn place_collector(&self) {
        let key = format!("position:{}", self.world.collector.0);
        let position = json!({
            "lat": 3.57, "lon": 98.88, "accuracy_meters": 9,
            "recorded_at": "2026-03-02T01:00:00Z", "suspicious": false,
        });
        let value = serde_json::to_vec(&position).unwrap();
        self.live_state.put(&key, value, Duration::from_secs(3_600)).await;
    }
}

fn over_http(test: impl AsyncFn(Desk<'_>)) {
    on_each_engine(|world| {
        let photos = Photos::in_memory(world.ambient.clone());
        let desk = Desk { world, live_state: LiveState::in_memory(), photos };
        actix_web::rt::System::new().block_on(test(desk));
    });
}

#[test]
fn a_job_from_the_way_to_the_agreement() {
    over_http(async |desk| {
        let world = desk.world;
        let (id, household, collector) = (world.assigned().id, world.household, world.collector.1);
        assert_eq!(desk.post(collector, id, "depart", json!({})).await.status, 200);
        let at_door = json!({"location": {"lat": 3.5541, "lon": 98.8812}});
        let arrived = desk.post(collector, id, "arrive", at_door).await;
        assert_eq!((arrived.status, &arrived.body["far_from_home"]), (200, &json!(false)));
        let seen = desk.look(household, id).await;
        let weigh_in = json!({
            "handover_code": seen.body["handover_code"],
            "lines": [{"material": "PLA-PET-BENING", "grams": 4210}],
            "scale_id": "TIMB-07",
            "scale_tera_until": "2027-03-31",
        });
        let weighed = desk.post(collector, id, "weigh-in", weigh_in.clone()).await;
        assert_eq!((weighed.status, &weighed.body["amount_rupiah"]), (200, &json!(13_683)));
        assert_eq!(weighed.body["scale_tera_until"], "2027-03-31");
        assert_eq!(desk.post(collector, id, "weigh-in", weigh_in).await.body, weighed.body);
        let confirmed = desk.post(household, id, "confirm", json!({})).await;
        assert_eq!((confirmed.status, &confirmed.body["state"]), (200, &json!("confirmed")));
        let late = desk.post(household, id, "dispute", json!({"reason": "kurang"})).await;
        assert_eq!(late.code(), (409, "wrong_state"));
        assert_eq!(late.body["state"], "confirmed");
    });
}

#[test]
fn each_side_sees_its_own_and_strangers_nothing() {
    over_http(async |desk| {
        let world = desk.world;
        let (id, household, collector) = (world.assigned().id, world.household, world.collector.1);
        let citizen = desk.look(household, id).await.body;
        assert_eq!(citizen["handover_code"].as_str().unwrap().len(), 6);
        assert_eq!((&citizen["role"], citizen.get("home")), (&json!("household"), None));
        let buyer = desk.look(collector, id).await.body;
        assert_eq!((&buyer["role"], buyer.get("handover_code")), (&json!("collector"), None));
        assert_eq!(buyer["home"]["phone"], "+6281200000001");
        assert_eq!(buyer["home"]["address"]["landmark"], "depan masjid");
        let stranger = desk.look(world.ambient.mint(), id).await;
        let unknown = desk.look(household, world.ambient.mint()).await;
        assert_eq!((stranger.code(), unknown.code()), ((404, "not_found"), (404, "not_found")));
        let listed = desk.get(collector, "/v1/pickups?state=assigned").await;
        assert_eq!(listed.body["data"], json!([buyer]));
        let none = desk.get(world.ambient.mint(), "/v1/pickups").await;
        assert_eq!(none.body, json!({"data": [], "next_cursor": null}));
    });
}

#[test]
fn the_live_position_is_for_the_household_while_he_is_on_the_way() {
    over_http(async |desk| {
        let world = desk.world;
        let (id, household) = (world.assigned().id, world.household);
        desk.place_collector().await;
        assert_eq!(desk.look(household, id).await.body.get("position"), None);
        world.depart(id).unwrap();
        let before = desk.look(world.collector.1, id).await;
        assert_eq!(before.body.get("position"), None);
        let seen = desk.look(household, id).await;
        assert_eq!(seen.body["position"]["lat"], 3.57);
        assert_eq!(seen.body["position"].get("suspicious"), None);
        desk.live_state.forget(&format!("position:{}", world.collector.0)).await;
        // What is seen has changed, so its tag has.
        assert_ne!(desk.look(household, id).await.etag, seen.etag);
    });
}

#[test]
fn a_day_after_the_end_the_collector_forgets_the_home() {
    over_http(async |desk| {
        let world = desk.world;
        let pickup = world.weighed();
        world.confirm(pickup.id).unwrap();
        world.pay(pickup.id).unwrap();
        let collector = world.collector.1;
        world.pass(23);
        assert!(desk.look(collector, pickup.id).await.body.get("home").is_some());
        world.pass(1);
        let later = desk.look(collector, pickup.id).await.body;
        assert_eq!(later["state"], PickupStateName::Paid.as_str());
        let text = later.to_string();
        for personal in ["home", "3.55", "masjid", "pagar", "kandang", "+62", "distance", "12.07"] {
            assert!(!text.contains(personal), "{personal} in {text}");
        }
        let citizen = desk.look(world.household, pickup.id).await.body;
        assert_eq!(citizen["arrival_distance_meters"], 0);
    });
}

#[test]
fn wrong_codes_stay_counted_though_the_weigh_in_is_undone() {
    over_http(async |desk| {
        let world = desk.world;
        let pickup = world.arrived();
        let weigh_in = |code: &str| json!({"handover_code": code, "lines": [{"material": "LGM-BESI", "grams": 500}]});
        for _ in 0..10 {
            let told = desk.post(world.collector.1, pickup.id, "weigh-in", weigh_in("wrong")).await;
            assert!(
                told.code() == (422, "handover_code_wrong") || told.status == 409,
                "{}",
                told.body
            );
        }
        let right = weigh_in(pickup.handover.code());
        let shut = desk.post(world.collector.1, pickup.id, "weigh-in", right).await;
        assert_eq!(shut.code(), (409, "handover_code_shut"));
    });
}

#[test]
fn officers_of_the_region_resolve_disputes() {
    over_http(async |desk| {
        let world = desk.world;
        let id = world.weighed().id;
        let household = world.household;
        desk.post(household, id, "dispute", json!({"reason": "berat", "detail": "kurang"})).await;
        let (path, officer) = (format!("/v1/staff/pickups/{id}/resolve"), world.ambient.mint());
        let body = json!({"outcome": "cancel", "reason": "timbangan rusak"});
        let ask = async |token: String| {
            let request = TestRequest::post().uri(&path).set_json(body.clone());
            desk.send(&token, request).await
        };
        let officer: AccountId = officer;
        assert_eq!(ask(officer.to_string()).await.code(), (403, "staff_role_required"));
        assert_eq!(ask(format!("officer-{household}")).await.code(), (403, "own_dispute"));
        let told = ask(format!("officer-{officer}")).await;
        assert_eq!((told.status, &told.body["state"]), (200, &json!("cancelled")));
    });
}

#[test]
fn a_household_calls_its_accepted_report_off() {
    over_http(async |desk| {
        let world = desk.world;
        let pickup = world.assigned();
        let uri = format!("/v1/reports/{}/cancel", pickup.report);
        let request = TestRequest::post().uri(&uri).set_json(json!({"reason": "pindah"}));
        let told = desk.send(&world.household.to_string(), request).await;
        assert_eq!((told.status, &told.body["state"]), (200, &json!("cancelled")));
        let seen = desk.look(world.collector.1, pickup.id).await.body;
        assert_eq!(seen["ending"]["by"], "household");
    });
}

#[test]
fn a_weigh_in_and_an_objection_have_photos_for_both_sides_and_staff() {
    over_http(async |desk| {
        let world = desk.world;
        let pickup = world.arrived();
        let (id, household, collector) = (pickup.id, world.household, world.collector.1);
        let (scale, sack) = (desk.photo(collector).await, desk.photo(household).await);
        let weigh_in = |photo: PhotoId| {
            json!({
                "handover_code": pickup.handover.code(), "photo_ids": [photo],
                "lines": [{"material": "PLA-PET-BENING", "grams": 4210}],
            })
        };
        let foreign = desk.post(collector, id, "weigh-in", weigh_in(sack)).await;
        assert_eq!(foreign.body["errors"][0]["pointer"], "/photo_ids/0");
        let weighed = desk.post(collector, id, "weigh-in", weigh_in(scale)).await;
        assert_eq!((weighed.status, &weighed.body["photo_ids"]), (200, &json!([scale])));
        assert_eq!(desk.post(collector, id, "weigh-in", weigh_in(scale)).await.body, weighed.body);
        let objection = json!({"reason": "kurang", "photo_ids": [sack]});
        let disputed = desk.post(household, id, "dispute", objection.clone()).await;
        assert_eq!(disputed.body["dispute"]["photo_ids"], json!([sack]));
        assert_eq!(desk.post(household, id, "dispute", objection).await.body, disputed.body);

        let (officer, stranger): (AccountId, AccountId) =
            (world.ambient.mint(), world.ambient.mint());
        let (officer, stranger) = (format!("officer-{officer}"), stranger.to_string());
        let staff = format!("/v1/staff/pickups/{id}/dispute");
        let desk_view = desk.send(&officer, TestRequest::get().uri(&staff)).await.body;
        assert_eq!(
            (&desk_view["photo_ids"], &desk_view["dispute"]["photo_ids"]),
            (&json!([scale]), &json!([sack]))
        );
        for photo in [scale, sack] {
            let path = || format!("/v1/pickups/{id}/photos/{photo}");
            assert_eq!(desk.picture(&household.to_string(), path()).await, 200);
            assert_eq!(desk.picture(&collector.to_string(), path()).await, 200);
            assert_eq!(desk.picture(&stranger, path()).await, 404);
            assert_eq!(desk.picture(&officer, format!("{staff}/photos/{photo}")).await, 200);
            assert_eq!(desk.picture(&stranger, format!("{staff}/photos/{photo}")).await, 403);
        }
        let own = format!("/v1/staff/pickups/{id}/dispute/photos/{sack}");
        assert_eq!(desk.picture(&format!("officer-{household}"), own.clone()).await, 403);
        world.resolve(id).unwrap();
        assert_eq!(desk.picture(&officer, own).await, 404);
    });
}

#[test]
fn a_day_after_the_end_the_collector_sees_no_photo() {
    over_http(async |desk| {
        let world = desk.world;
        let (household, collector) = (world.household, world.collector.1);
        let photo = desk.photo(household).await;
        let pickup = world.assigned_with(vec![photo]);
        let home = desk.look(collector, pickup.id).await.body["home"].clone();
        assert_eq!(home["photo_ids"], json!([photo]));
        let path = || format!("/v1/pickups/{}/photos/{photo}", pickup.id);
        assert_eq!(desk.picture(&collector.to_string(), path()).await, 200);
        let report = format!("/v1/reports/{}/cancel", pickup.report);
        let cancel = TestRequest::post().uri(&report).set_json(json!({"reason": "pindah"}));
        assert_eq!(desk.send(&household.to_string(), cancel).await.status, 200);
        world.pass(23);
        assert_eq!(desk.picture(&collector.to_string(), path()).await, 200);
        world.pass(1);
        assert_eq!(desk.picture(&collector.to_string(), path()).await, 404);
        assert_eq!(desk.picture(&household.to_string(), path()).await, 200);
    });
}
