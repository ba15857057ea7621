//! The handles of the simulator itself.

use actix_web::{
    HttpResponse,
    web::{Data, Json, ServiceConfig, get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::server::Shared;

pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .route("/simulator/book", get().to(book))
        .route("/simulator/clock", post().to(advance))
        .route("/simulator/payments", post().to(pay))
        .route("/simulator/notifications", get().to(notifications));
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_seconds: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Payment {
    to: String,
    amount_rupiah: Option<i64>,
}

async fn book(shared: Data<Shared>) -> HttpResponse {
    let book = shared.book();
    let payouts: Vec<Value> = book
        .payouts()
        .map(|payout| json!({ "payout": payout, "standing": payout.standing(book.now) }))
        .collect();
    let charges: Vec<Value> = book
        .charges()
        .map(|charge| json!({ "charge": charge, "standing": charge.standing(book.now) }))
        .collect();
    HttpResponse::Ok().json(json!({
        "now": book.now, "payouts": payouts, "transfers": book.transfers(),
        "charges": charges, "paid": book.paid(),
    }))
}

async fn advance(by: Json<Advance>, shared: Data<Shared>) -> HttpResponse {
    let mut book = shared.book();
    book.now = book.now.saturating_add(by.advance_seconds);
    HttpResponse::Ok().json(json!({ "now": book.now }))
}

async fn pay(payment: Json<Payment>, shared: Data<Shared>) -> HttpResponse {
    let Payment { to, amount_rupiah } = payment.into_inner();
    if shared.book().pay(&to, amount_rupiah) {
        HttpResponse::Ok().json(json!({ "paid": true }))
    } else {
        HttpResponse::NotFound().json(json!({ "paid": false }))
    }
}

async fn notifications(shared: Data<Shared>) -> HttpResponse {
    HttpResponse::Ok().json(shared.take_notifications())
}
