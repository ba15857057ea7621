use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use reqwest::Method;
use serde_json::{Value, json};

use crate::{Actor, Officer, Reply, Server, actor::fresh_key};

/// A home in Lubuk Pakam.
pub const HOME: (f64, f64) = (3.5541, 98.8812);

/// Phones that no two people share.
static PHONES: AtomicU32 = AtomicU32::new(0);

pub(crate) fn fresh_phone() -> String {
    format!("0812{:07}", PHONES.fetch_add(1, Ordering::Relaxed))
}

/// A location as phones send it.
pub fn in_kabupaten((lat, lon): (f64, f64)) -> Value {
    json!({ "lat": lat, "lon": lon, "accuracy_meters": 12 })
}

/// What most households have.
pub fn cardboard_and_bottles() -> Value {
    json!([
        { "material": "KRT-KARDUS-A", "estimated_grams": 6000 },
        { "material": "KCA-BOTOL-KECAP", "estimated_pieces": 12 },
    ])
}

/// A household that wants to be rid of something.
#[derive(Clone)]
pub struct Household(pub Actor);

impl Household {
    pub async fn new(server: &Arc<Server>) -> Self {
        Self(Actor::sign_in(server, &fresh_phone()).await)
    }

    /// The body of an ordinary report.
    pub fn report(selection: &str) -> Value {
        json!({
            "location": in_kabupaten(HOME),
            "address": { "landmark": "depan masjid" },
            "items": cardboard_and_bottles(),
            "note": "pagar hijau",
            "settlement": "cash",
            "selection": selection,
        })
    }

    pub async fn reports(&self, selection: &str) -> String {
        self.submits(Self::report(selection)).await
    }

    pub async fn submits(&self, body: Value) -> String {
        let report = self.0.post("/v1/reports", body).await;
        report.expect(201);
        report.text_of("id")
    }

    pub async fn state_of(&self, report: &str) -> String {
        let found = self.0.get(&format!("/v1/reports/{report}")).await;
        found.expect(200);
        found.text_of("state")
    }

    pub async fn handover_code(&self, pickup: &str) -> String {
        let found = self.0.get(&format!("/v1/pickups/{pickup}")).await;
        found.expect(200);
        found.text_of("handover_code")
    }
}

/// A verified collector with a price list, online near `HOME`.
#[derive(Clone)]
pub struct Trader {
    pub actor: Actor,
    pub id: String,
}

impl Trader {
    /// Signed in and registered, not looked at by staff yet.
    pub async fn pending(server: &Arc<Server>, base: (f64, f64)) -> Self {
        Self::of_kind(server, "pengepul", base).await
    }

    /// The same, of some kind.
    pub async fn of_kind(server: &Arc<Server>, kind: &str, base: (f64, f64)) -> Self {
        let actor = Actor::sign_in(server, &fresh_phone()).await;
        let body = json!({
            "kind": kind, "name": "Botot Pak Budi", "base": in_kabupaten(base),
            "service_radius_meters": 15000, "vehicle": "MOTOR_RODA_TIGA_150",
        });
        let made = actor.post("/v1/collectors", body).await;
        made.expect(201);
        // An identity is remembered for up to a second: the token learns of the new profile within that time.
        let known = async {
            while actor.get("/v1/collectors/me").await.status == 403 {
                tokio::task::yield_now().await;
            }
        };
        let patience = std::time::Duration::from_secs(30);
        tokio::time::timeout(patience, known).await.expect("the profile is known in time");
        Self { id: made.text_of("id"), actor }
    }

    /// Ready to work: verified by the officer, with prices, online.
    pub async fn ready(officer: &Officer, base: (f64, f64)) -> Self {
        let trader = Self::pending(&officer.actor.server, base).await;
        trader.verified_by(officer).await;
        trader.publishes(1_500, 700).await.expect(200);
        trader.goes_online(true).await.expect(200);
        trader
    }

    pub async fn verified_by(&self, officer: &Officer) {
        let path = format!("/v1/staff/collectors/{}/verify", self.id);
        officer.actor.post(&path, json!({})).await.expect(200);
    }

    /// Prices for cardboard per kilogram and bottles per piece.
    pub async fn publishes(&self, cardboard: i64, bottle: i64) -> Reply {
        let body = json!({ "items": [
            { "material": "KRT-KARDUS-A", "price_rupiah": cardboard },
            { "material": "KCA-BOTOL-KECAP", "price_rupiah": bottle },
        ]});
        self.puts("/v1/collectors/me/prices", body).await
    }

    pub async fn goes_online(&self, online: bool) -> Reply {
        self.puts_over_profile("/v1/collectors/me/availability", json!({ "online": online })).await
    }

    async fn puts(&self, path: &str, body: Value) -> Reply {
        let etag = self.actor.get(path).await.etag();
        self.actor.change(Method::PUT, path, &etag, body).await
    }

    async fn puts_over_profile(&self, path: &str, body: Value) -> Reply {
        let etag = self.actor.get("/v1/collectors/me").await.etag();
        self.actor.change(Method::PUT, path, &etag, body).await
    }

    pub async fn accepts(&self, report: &str) -> Reply {
        self.actor.post(&format!("/v1/reports/{report}/accept"), json!({})).await
    }

    /// Takes an instant report of theirs, fetches and weighs it, and they agree: the pickup, which is to be paid now.
    pub async fn serves(&self, household: &Household) -> String {
        let report = household.reports("instant").await;
        let pickup = self.accepts(&report).await.text_of("id");
        self.fetches(&pickup, &household.handover_code(&pickup).await).await.expect(200);
        household.0.post(&format!("/v1/pickups/{pickup}/confirm"), json!({})).await.expect(200);
        pickup
    }

    /// A verb on a job of his.
    pub async fn does(&self, pickup: &str, verb: &str, body: Value) -> Reply {
        let path = format!("/v1/pickups/{pickup}/{verb}");
        self.actor.post_with_key(&path, &fresh_key(), body).await
    }

    /// Departs, arrives and weighs in: 5.5 kg of cardboard and 10 bottles.
    pub async fn fetches(&self, pickup: &str, code: &str) -> Reply {
        self.fetches_with(pickup, code, &[]).await
    }

    /// The same with photos of the scale.
    pub async fn fetches_with(&self, pickup: &str, code: &str, photos: &[&str]) -> Reply {
        self.does(pickup, "depart", json!({})).await.expect(200);
        self.does(pickup, "arrive", json!({ "location": in_kabupaten(HOME) })).await.expect(200);
        let lines = json!([
            { "material": "KRT-KARDUS-A", "grams": 5500 },
            { "material": "KCA-BOTOL-KECAP", "pieces": 10 },
        ]);
        let body = json!({ "handover_code": code, "lines": lines, "photo_ids": photos });
        self.does(pickup, "weigh-in", body).await
    }
}
