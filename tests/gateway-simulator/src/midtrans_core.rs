//! Midtrans's Core API: bank transfers and QRIS, as its public documentation describes them.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Json, Path, ServiceConfig, get, post},
};
use data_encoding::HEXLOWER;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha512};

use crate::{
    book::Outcome,
    charge::{Asking, ChargeStanding, Charged},
    server::{Shared, authorized, misbehave},
};

pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .route("/core/v2/charge", post().to(create))
        .route("/core/v2/{order}/status", get().to(show));
}

async fn create(request: HttpRequest, body: Json<Value>, shared: Data<Shared>) -> HttpResponse {
    if !authorized(&request, &shared.settings.midtrans_server_key) {
        return complain(401, "Access denied due to unauthorized transaction");
    }
    let Some(wanted) = wanted(&body) else {
        return complain(400, "One or more parameters in the payload is invalid");
    };
    let order = wanted.order.clone();
    let outcome = shared.book().charge(&order, wanted);
    let now = shared.book().now;
    match outcome {
        Outcome::Err => complain(500, "Internal server error"),
        Outcome::KeyReused | Outcome::Known(_) => {
            complain(406, "order_id has been paid and utilized, please use another order ID")
        }
        Outcome::Booked(charge) => {
            let mut answer = transaction_at(&charge, now);
            if charge.channel == "qris" {
                // Said here only: a look-up does not repeat it.
                answer["qr_string"] = json!(charge.pay_to);
            }
            misbehave(&shared, charge.whim, answer).await
        }
    }
}

async fn show(request: HttpRequest, order: Path<String>, shared: Data<Shared>) -> HttpResponse {
    if !authorized(&request, &shared.settings.midtrans_server_key) {
        return complain(401, "Access denied due to unauthorized transaction");
    }
    let book = shared.book();
    match book.find_charge(&order).filter(|charge| charge.gateway == "midtrans") {
        Some(charge) => HttpResponse::Ok().json(transaction_at(charge, book.now)),
        None => complain(404, "Transaction doesn't exist."),
    }
}

fn wanted(body: &Value) -> Option<Asking> {
    let details = &body["transaction_details"];
    let channel = match body["payment_type"].as_str()? {
        "bank_transfer" => {
            let bank = body["bank_transfer"]["bank"].as_str()?;
            ["bca", "bni", "bri", "permata", "cimb"].contains(&bank).then_some(bank)?
        }
        "qris" => "qris",
        _ => return None,
    };
    (body["custom_expiry"]["unit"] == "minute").then_some(())?;
    Some(Asking {
        gateway: "midtrans",
        order: details["order_id"].as_str()?.to_owned(),
        amount: details["gross_amount"].as_i64().filter(|amount| *amount >= 1)?,
        channel: channel.to_owned(),
        seconds: body["custom_expiry"]["expiry_duration"].as_u64()? * 60,
    })
}

fn transaction_at(charge: &Charged, now: u64) -> Value {
    let (status_code, status) = match charge.standing(now) {
        ChargeStanding::Open => ("201", "pending"),
        ChargeStanding::Paid => ("200", "settlement"),
        ChargeStanding::Expired => ("407", "expire"),
        ChargeStanding::Failed => ("202", "deny"),
    };
    let paid = charge.payments.first().map_or(charge.amount, |paid| paid.amount);
    let mut shown = json!({
        "status_code": status_code, "transaction_id": charge.reference, "order_id": charge.order,
        "gross_amount": format!("{paid}.00"), "currency": "IDR", "transaction_status": status,
        "fraud_status": "accept", "merchant_id": "simulated",
    });
    match charge.channel.as_str() {
        "qris" => shown["payment_type"] = json!("qris"),
        "permata" => shown["permata_va_number"] = json!(charge.pay_to),
        bank => shown["va_numbers"] = json!([{ "bank": bank, "va_number": charge.pay_to }]),
    }
    shown
}

/// The transaction at that moment, signed as notifications are.
pub(crate) fn notification_at(charge: &Charged, now: u64, server_key: &str) -> Value {
    let mut told = transaction_at(charge, now);
    let part = |member: &str| told[member].as_str().expect("a text").to_owned();
    let signed = part("order_id") + &part("status_code") + &part("gross_amount") + server_key;
    let signature = HEXLOWER.encode(&Sha512::digest(signed));
    told["signature_key"] = json!(signature);
    told
}

fn complain(status: u16, message: &str) -> HttpResponse {
    let code = StatusCode::from_u16(status).expect("a status");
    HttpResponse::build(code)
        .json(json!({ "status_code": status.to_string(), "status_message": message }))
}
