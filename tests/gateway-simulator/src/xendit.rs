//! Xendit Payouts 2, as its public documentation describes it.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Json, Path, Query, ServiceConfig, get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    book::{Booked, Outcome, Request, Standing},
    server::{Shared, authorized, misbehave},
};

pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .route("/xendit/v2/payouts", post().to(create))
        .route("/xendit/v2/payouts", get().to(list))
        .route("/xendit/v2/payouts/{id}", get().to(show));
}

#[derive(Deserialize)]
struct Named {
    reference_id: String,
}

async fn create(request: HttpRequest, body: Json<Value>, shared: Data<Shared>) -> HttpResponse {
    if !authorized(&request, &shared.settings.xendit_secret_key) {
        return complain(401, "INVALID_API_KEY");
    }
    let key = request.headers().get("Idempotency-key").and_then(|key| key.to_str().ok());
    let (Some(key), Some(wanted)) = (key, wanted(&body)) else {
        return complain(400, "API_VALIDATION_ERROR");
    };
    let outcome = shared.book().book(key, wanted);
    match outcome {
        Outcome::KeyReused => complain(409, "DUPLICATE_ERROR"),
        Outcome::Err => complain(500, "SERVER_ERROR"),
        Outcome::Known(payout) => HttpResponse::Ok().json(shown(&shared, &payout)),
        Outcome::Booked(payout) => misbehave(&shared, payout.whim, shown(&shared, &payout)).await,
    }
}

async fn show(request: HttpRequest, id: Path<String>, shared: Data<Shared>) -> HttpResponse {
    if !authorized(&request, &shared.settings.xendit_secret_key) {
        return complain(401, "INVALID_API_KEY");
    }
    let found = shared.book().find(&id).cloned();
    match found {
        Some(payout) => HttpResponse::Ok().json(shown(&shared, &payout)),
        None => complain(404, "DATA_NOT_FOUND"),
    }
}

async fn list(request: HttpRequest, named: Query<Named>, shared: Data<Shared>) -> HttpResponse {
    if !authorized(&request, &shared.settings.xendit_secret_key) {
        return complain(401, "INVALID_API_KEY");
    }
    let found: Vec<Booked> =
        shared.book().find_order(&named.reference_id).into_iter().cloned().collect();
    let data: Vec<Value> = found.iter().map(|payout| shown(&shared, payout)).collect();
    HttpResponse::Ok().json(json!({ "data": data, "has_more": false }))
}

fn wanted(body: &Value) -> Option<Request> {
    let channel = body["channel_code"].as_str().filter(|code| code.starts_with("ID_"))?;
    let named = &body["channel_properties"];
    named["account_number"].as_str().zip(named["account_holder_name"].as_str())?;
    (body["currency"] == "IDR").then_some(())?;
    Some(Request {
        gateway: "xendit",
        order: body["reference_id"].as_str()?.to_owned(),
        amount: body["amount"].as_i64().filter(|amount| *amount >= 10_000)?,
        channel: channel.to_owned(),
        released: true,
    })
}

fn shown(shared: &Shared, payout: &Booked) -> Value {
    payout_at(payout, shared.book().now)
}

pub(crate) fn payout_at(payout: &Booked, now: u64) -> Value {
    let status = match payout.standing(now) {
        Standing::Queued | Standing::Accepted => "ACCEPTED",
        Standing::Requested => "REQUESTED",
        Standing::Succeeded => "SUCCEEDED",
        Standing::Failed => "FAILED",
        Standing::Reversed => "REVERSED",
    };
    let mut shown = json!({
        "id": payout.reference, "reference_id": payout.order, "amount": payout.amount,
        "currency": "IDR", "status": status, "channel_code": payout.channel,
        "business_id": "simulated",
    });
    if status == "FAILED" {
        shown["failure_code"] = json!("INVALID_DESTINATION");
    }
    shown
}

pub(crate) fn complain(status: u16, code: &str) -> HttpResponse {
    let status = StatusCode::from_u16(status).expect("a status");
    HttpResponse::build(status).json(json!({ "error_code": code, "message": "simulated" }))
}
