//! Midtrans Payouts (Iris), as its public documentation describes it.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Json, Path, ServiceConfig, get, post},
};
use serde_json::{Value, json};

use crate::{
    book::{Booked, Outcome, Request, Standing},
    server::{Shared, authorized, misbehave},
};

pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .route("/iris/api/v1/payouts", post().to(create))
        .route("/iris/api/v1/payouts/approve", post().to(approve))
        .route("/iris/api/v1/payouts/{reference_no}", get().to(show));
}

async fn create(request: HttpRequest, body: Json<Value>, shared: Data<Shared>) -> HttpResponse {
    if !authorized(&request, &shared.settings.iris_creator_key) {
        return complain(401, "HTTP Basic: Access denied.");
    }
    let key = request.headers().get("X-Idempotency-Key").and_then(|key| key.to_str().ok());
    let one = body["payouts"].as_array().filter(|payouts| payouts.len() == 1);
    let (Some(key), Some(wanted)) = (key, one.and_then(|one| wanted(one.first()?))) else {
        return complain(400, "An error occurred when creating payouts");
    };
    let outcome = shared.book().book(key, wanted);
    match outcome {
        Outcome::KeyReused => complain(400, "Idempotency key belongs to another request"),
        Outcome::Err => complain(500, "Internal server error"),
        Outcome::Known(payout) => HttpResponse::Created().json(created(&payout)),
        Outcome::Booked(payout) => misbehave(&shared, payout.whim, created(&payout)).await,
    }
}

fn created(payout: &Booked) -> Value {
    json!({ "payouts": [{ "status": "queued", "reference_no": payout.reference }] })
}

async fn approve(request: HttpRequest, body: Json<Value>, shared: Data<Shared>) -> HttpResponse {
    if !authorized(&request, &shared.settings.iris_approver_key) {
        return complain(401, "HTTP Basic: Access denied.");
    }
    let references = body["reference_nos"].as_array().cloned().unwrap_or_default();
    let released = references.iter().filter_map(Value::as_str);
    let released: Vec<bool> = released.map(|it| shared.book().release(it)).collect();
    if released.is_empty() || released.contains(&false) {
        return complain(400, "An error occurred when approving payouts");
    }
    HttpResponse::Accepted().json(json!({ "status": "ok" }))
}

async fn show(request: HttpRequest, id: Path<String>, shared: Data<Shared>) -> HttpResponse {
    if !authorized(&request, &shared.settings.iris_creator_key) {
        return complain(401, "HTTP Basic: Access denied.");
    }
    let book = shared.book();
    match book.find(&id) {
        Some(payout) => HttpResponse::Ok().json(payout_at(payout, book.now)),
        None => complain(404, "Payout not found"),
    }
}

fn wanted(body: &Value) -> Option<Request> {
    let amount = body["amount"].as_str()?.strip_suffix(".00")?.parse().ok()?;
    body["beneficiary_name"].as_str().zip(body["beneficiary_account"].as_str())?;
    Some(Request {
        gateway: "midtrans",
        order: body["notes"].as_str()?.to_owned(),
        amount: Some(amount).filter(|amount| *amount >= 10_000)?,
        channel: body["beneficiary_bank"].as_str()?.to_owned(),
        released: false,
    })
}

pub(crate) fn payout_at(payout: &Booked, now: u64) -> Value {
    let status = match payout.standing(now) {
        Standing::Queued => "queued",
        Standing::Accepted => "approved",
        Standing::Requested => "processed",
        Standing::Succeeded => "completed",
        // A payout that comes back is told as a failure, even after its success was.
        Standing::Failed | Standing::Reversed => "failed",
    };
    json!({
        "reference_no": payout.reference, "amount": format!("{}.00", payout.amount),
        "status": status, "notes": payout.order, "beneficiary_bank": payout.channel,
    })
}

fn complain(status: u16, message: &str) -> HttpResponse {
    let status = StatusCode::from_u16(status).expect("a status");
    HttpResponse::build(status).json(json!({ "error_message": message, "errors": [message] }))
}
