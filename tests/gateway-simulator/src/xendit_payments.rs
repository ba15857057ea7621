//! Xendit's Payment Requests and the payments of a payment method, as its public documentation describes them.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Json, Path, Query, ServiceConfig, get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    book::Outcome,
    charge::{Asking, ChargeStanding, Charged, Paid},
    server::{Shared, authorized, misbehave},
    xendit::complain,
};

pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .route("/xendit/payment_requests", post().to(create))
        .route("/xendit/payment_requests", get().to(list))
        .route("/xendit/v2/payment_methods/{id}/payments", get().to(payments));
}

#[derive(Deserialize)]
struct Named {
    reference_id: String,
}

async fn create(request: HttpRequest, body: Json<Value>, shared: Data<Shared>) -> HttpResponse {
    if !authorized(&request, &shared.settings.xendit_payments_key) {
        return complain(401, "INVALID_API_KEY");
    }
    let key = request.headers().get("idempotency-key").and_then(|key| key.to_str().ok());
    let (Some(key), Some(wanted)) = (key, wanted(&body)) else {
        return complain(400, "API_VALIDATION_ERROR");
    };
    let outcome = shared.book().charge(key, wanted);
    let now = shared.book().now;
    match outcome {
        Outcome::KeyReused => complain(409, "IDEMPOTENCY_ERROR"),
        Outcome::Err => complain(500, "SERVER_ERROR"),
        Outcome::Known(charge) => HttpResponse::Created().json(request_at(&charge, now)),
        Outcome::Booked(charge) => misbehave(&shared, charge.whim, request_at(&charge, now)).await,
    }
}

async fn list(request: HttpRequest, named: Query<Named>, shared: Data<Shared>) -> HttpResponse {
    if !authorized(&request, &shared.settings.xendit_payments_key) {
        return complain(401, "INVALID_API_KEY");
    }
    let book = shared.book();
    let found = book.find_charge(&named.reference_id).filter(|it| it.gateway == "xendit");
    let data: Vec<Value> = found.map(|charge| request_at(charge, book.now)).into_iter().collect();
    HttpResponse::Ok().json(json!({ "data": data, "has_more": false }))
}

async fn payments(request: HttpRequest, id: Path<String>, shared: Data<Shared>) -> HttpResponse {
    if !authorized(&request, &shared.settings.xendit_payments_key) {
        return complain(401, "INVALID_API_KEY");
    }
    let book = shared.book();
    let reference = id.strip_prefix("pm-").unwrap_or_default();
    let Some(charge) = book.find_charge_by_reference(reference) else {
        return complain(404, "DATA_NOT_FOUND");
    };
    let data: Vec<Value> = charge.kept(book.now).map(|paid| payment_of(charge, paid)).collect();
    HttpResponse::Ok().json(json!({ "data": data, "has_more": false }))
}

fn wanted(body: &Value) -> Option<Asking> {
    (body["currency"] == "IDR" && body["country"] == "ID").then_some(())?;
    let method = &body["payment_method"];
    (method["reusability"] == "ONE_TIME_USE").then_some(())?;
    let (channel, seconds) = match method["type"].as_str()? {
        "VIRTUAL_ACCOUNT" => {
            let properties = &method["virtual_account"]["channel_properties"];
            properties["customer_name"].as_str()?;
            properties["expires_at"].as_str()?;
            (method["virtual_account"]["channel_code"].as_str()?.to_lowercase(), 6 * 3_600)
        }
        "QR_CODE" => (method["qr_code"]["channel_code"].as_str()?.to_lowercase(), 1_800),
        _ => return None,
    };
    Some(Asking {
        gateway: "xendit",
        order: body["reference_id"].as_str()?.to_owned(),
        amount: body["amount"].as_i64().filter(|amount| *amount >= 10_000)?,
        channel,
        seconds,
    })
}

fn request_at(charge: &Charged, now: u64) -> Value {
    let status = match charge.standing(now) {
        ChargeStanding::Open => "REQUIRES_ACTION",
        ChargeStanding::Paid => "SUCCEEDED",
        ChargeStanding::Expired => "EXPIRED",
        ChargeStanding::Failed => "FAILED",
    };
    let mut method = json!({
        "id": format!("pm-{}", charge.reference), "reference_id": charge.order,
        "reusability": "ONE_TIME_USE", "virtual_account": null, "qr_code": null,
    });
    if charge.channel == "qris" {
        method["type"] = json!("QR_CODE");
        method["qr_code"] = json!({ "channel_properties": { "qr_string": charge.pay_to } });
    } else {
        method["type"] = json!("VIRTUAL_ACCOUNT");
        method["virtual_account"] =
            json!({ "channel_properties": { "virtual_account_number": charge.pay_to } });
    }
    json!({
        "id": format!("pr-{}", charge.reference), "reference_id": charge.order,
        "amount": charge.amount, "currency": "IDR", "country": "ID", "status": status,
        "payment_method": method, "business_id": "simulated",
    })
}

pub(crate) fn payment_of(charge: &Charged, paid: &Paid) -> Value {
    json!({
        "id": paid.reference, "payment_request_id": format!("pr-{}", charge.reference),
        "reference_id": charge.order, "amount": paid.amount, "currency": "IDR",
        "status": "SUCCEEDED",
        "payment_method": {
            "id": format!("pm-{}", charge.reference), "reference_id": charge.order,
        },
    })
}
