//! The figures as staff ask for them.

use std::sync::Arc;

use actix_web::{
    App,
    http::header::{AUTHORIZATION, ETAG, IF_NONE_MATCH},
    middleware::from_fn,
    test::{TestRequest, init_service, read_body, try_call_service},
    web::Data,
};
use event_log::Fact;
use futures_util::future::{FutureExt, LocalBoxFuture, ready};
use http_kit::{
    Authenticator, Cursors, Grant, Identity, Kit, Problem, StaffRole, Texts, authenticate, present,
};
use live_state::LiveState;
use serde_json::{Value, json};
use utoipa_actix_web::AppExt;

use super::world::{World, closed, code, moment, on_each_engine, opened, paid, somebody};
use crate::TEXTS;

/// Every token names the region of its bearer, who may look.
struct Viewers;

impl Authenticator for Viewers {
    fn authenticate(&self, token: &str) -> LocalBoxFuture<'static, Result<Identity, Problem>> {
        let region = token.replace('-', ".");
        let grants = vec![Grant { role: StaffRole::Viewer, region: code(&region) }];
        let (account, session) = (somebody(1), somebody(1));
        ready(Ok(Identity { account, session, collector: None, grants })).boxed_local()
    }
}

struct Told {
    status: u16,
    etag: Option<String>,
    body: Value,
}

async fn ask(world: &World, token: &str, request: TestRequest) -> Told {
    let authenticator: Arc<dyn Authenticator> = Arc::new(Viewers);
    let texts = Arc::new(Texts::load(&[TEXTS]).unwrap());
    let (database, ambient) = (world.database.clone(), world.ambient.clone());
    let cursors = Cursors::new(&[1; 32]);
    let kit = Kit::new(database, ambient, LiveState::in_memory(), cursors, texts);
    let app = App::new()
        .app_data(Data::from(authenticator))
        .app_data(Data::new(kit))
        .app_data(Data::new(world.statistics.clone()))
        .wrap(from_fn(authenticate))
        .wrap(from_fn(present))
        .into_utoipa_app()
        .configure(crate::routes)
        .into_app();
    let app = init_service(app).await;
    let request = request.insert_header((AUTHORIZATION, format!("Bearer {token}")));
    let response = try_call_service(&app, request.to_request()).await.unwrap();
    let status = response.status().as_u16();
    let etag = response.headers().get(ETAG).map(|value| value.to_str().unwrap().to_owned());
    let body = serde_json::from_slice(&read_body(response).await).unwrap_or(Value::Null);
    Told { status, etag, body }
}

async fn get(world: &World, token: &str, path: &str) -> Told {
    ask(world, token, TestRequest::get().uri(path)).await
}

fn over_http(test: impl AsyncFn(&World)) {
    on_each_engine(|world| actix_web::rt::System::new().block_on(test(world)));
}

const MARCH: &str = "from=2026-03-01&to=2026-03-31";

fn happened(world: &World) {
    let at = moment("2026-03-10T03:00:00Z");
    let desa = "12.07.28.2001";
    let sale = paid(desa, 1, 1, &[("KRT-KARDUS-A", 10_000, 1_500)]);
    world.tell(&[(at, opened(desa)), (at, Fact::PickupPaid(sale)), (at, closed(desa))]);
    world.fold(10);
}

#[test]
fn a_summary_says_everything_by_name() {
    over_http(async |world| {
        happened(world);
        let path = format!("/v1/statistics/summary?region=12.07&{MARCH}");
        let told = get(world, "12-07", &path).await;
        let expected = json!({
            "region": "12.07", "from": "2026-03-01", "to": "2026-03-31",
            "reports": 1, "reports_closed": 1, "reports_cancelled": 0, "reports_expired": 0,
            "pickups": 1, "grams": 10_000, "rupiah_paid": 15_000,
            "households": 1, "active_collectors": 1, "completion_rate_permille": 1_000,
            "median_seconds_to_pickup": 3_600, "co2e_avoided_grams": 34_610 - 364,
            "trip_co2e_grams": 364, "emission_factor_set": "EPA WARM v16 (2023)",
            "not_estimated_grams": 0,
        });
        assert_eq!((told.status, told.body), (200, expected));

        // Nothing new in the log: the phone's copy is still good.
        let request =
            TestRequest::get().uri(&path).insert_header((IF_NONE_MATCH, told.etag.unwrap()));
        assert_eq!(ask(world, "12-07", request).await.status, 304);
    });
}

#[test]
fn a_series_shows_every_step() {
    over_http(async |world| {
        happened(world);
        let query = "metric=grams&interval=week&region=12.07&material=KRT-KARDUS-A";
        let path = format!("/v1/statistics/series?{query}&from=2026-03-04&to=2026-03-17");
        let told = get(world, "12", &path).await;
        let expected = json!({
            "metric": "grams", "interval": "week", "region": "12.07", "material": "KRT-KARDUS-A",
            "data": [
                {"step": "2026-W10", "from": "2026-03-04", "to": "2026-03-08", "value": 0},
                {"step": "2026-W11", "from": "2026-03-09", "to": "2026-03-15", "value": 10_000},
                {"step": "2026-W12", "from": "2026-03-16", "to": "2026-03-17", "value": 0},
            ],
        });
        assert_eq!((told.status, told.body), (200, expected));
    });
}

#[test]
fn a_breakdown_leaves_out_what_it_cannot_tell() {
    over_http(async |world| {
        happened(world);
        let path = format!("/v1/statistics/breakdown?by=sipsn_category&region=12.07&{MARCH}");
        let told = get(world, "12-07", &path).await;
        let row =
            json!({"key": "Kertas-Karton", "grams": 10_000, "rupiah_paid": 15_000, "lines": 1});
        assert_eq!((told.status, &told.body["data"]), (200, &json!([row])));
        let path = format!("/v1/statistics/breakdown?by=material&region=12.07&{MARCH}");
        let row = &get(world, "12-07", &path).await.body["data"][0];
        assert_eq!((&row["co2e_avoided_grams"], &row["pickups"]), (&json!(34_610), &Value::Null));
    });
}

#[test]
fn other_regions_do_not_exist_and_nonsense_is_pointed_at() {
    over_http(async |world| {
        let summary =
            |region: &str, days: &str| format!("/v1/statistics/summary?region={region}&{days}");
        for (token, region) in
            [("12-07", "12"), ("12-07", "12.71"), ("12-07-28", "12.07"), ("12", "12.99")]
        {
            let told = get(world, token, &summary(region, MARCH)).await;
            assert_eq!((told.status, &told.body["code"]), (404, &json!("not_found")), "{region}");
        }
        for (days, pointer, problem) in [
            ("from=2026-03-02&to=2026-03-01", "?to", "period_reversed"),
            ("from=2023-01-01&to=2026-03-01", "?to", "period_too_long"),
            ("from=2026-02-30&to=2026-03-01", "?from", "date_malformed"),
        ] {
            let told = get(world, "12-07", &summary("12.07", days)).await;
            let error = &told.body["errors"][0];
            assert_eq!((told.status, &error["pointer"]), (422, &json!(pointer)), "{days}");
            assert_eq!(error["code"], problem);
        }
        let path = format!(
            "/v1/statistics/series?metric=households&interval=day&region=12.07&material=X&{MARCH}"
        );
        let told = get(world, "12-07", &path).await;
        assert_eq!(told.body["errors"][0]["code"], "material_not_for_metric");
    });
}
