//! What each gateway's book says of a period: the balance, and a line for every movement, in the gateway's own form.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Query, ServiceConfig, get},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    book::{Book, Booked, Standing},
    calendar,
    server::{Shared, authorized},
};

pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .route("/xendit/balance", get().to(xendit_balance))
        .route("/xendit/transactions", get().to(xendit_transactions))
        .route("/iris/api/v1/balance", get().to(iris_balance))
        .route("/iris/api/v1/statements", get().to(iris_statements));
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(rename = "created[gte]")]
    from: String,
    #[serde(rename = "created[lte]")]
    until: String,
    #[serde(default = "ten")]
    limit: usize,
    after_id: Option<String>,
}

fn ten() -> usize {
    10
}

#[derive(Deserialize)]
struct Days {
    from_date: String,
    to_date: String,
}

async fn xendit_balance(request: HttpRequest, shared: Data<Shared>) -> HttpResponse {
    if !authorized(&request, &shared.settings.xendit_secret_key) {
        return HttpResponse::Unauthorized().json(json!({ "error_code": "INVALID_API_KEY" }));
    }
    HttpResponse::Ok().json(json!({ "balance": shared.book().balance("xendit") }))
}

async fn iris_balance(request: HttpRequest, shared: Data<Shared>) -> HttpResponse {
    if !authorized(&request, &shared.settings.iris_creator_key) {
        return HttpResponse::Unauthorized().finish();
    }
    let balance = shared.book().balance("midtrans");
    HttpResponse::Ok().json(json!({ "balance": format!("{balance}.0") }))
}

/// Newest first, page by page, one row per payout.
async fn xendit_transactions(
    request: HttpRequest,
    wanted: Query<Wanted>,
    shared: Data<Shared>,
) -> HttpResponse {
    if !authorized(&request, &shared.settings.xendit_secret_key) {
        return HttpResponse::Unauthorized().json(json!({ "error_code": "INVALID_API_KEY" }));
    }
    let mut book = shared.book();
    if book.statement_errs() {
        return HttpResponse::InternalServerError().finish();
    }
    let mut rows: Vec<&Booked> = book.told("xendit").collect();
    rows.sort_by_key(|payout| std::cmp::Reverse((payout.created_at, &payout.reference)));
    let within = |payout: &&Booked| {
        let at = book.moment(payout.created_at);
        wanted.from.as_str() <= at.as_str() && at.as_str() <= wanted.until.as_str()
    };
    let mut rows: Vec<&Booked> = rows.into_iter().filter(within).collect();
    if let Some(after) = &wanted.after_id {
        let place = rows.iter().position(|payout| format!("txn_{}", payout.reference) == *after);
        rows.drain(..place.map_or(0, |place| place + 1));
    }
    let limit = wanted.limit.clamp(1, 50);
    let data: Vec<Value> = rows.iter().take(limit).map(|it| transaction(&book, it)).collect();
    HttpResponse::Ok().json(json!({ "data": data, "has_more": rows.len() > limit, "links": [] }))
}

fn transaction(book: &Book, payout: &Booked) -> Value {
    let status = match payout.standing(book.now) {
        Standing::Queued | Standing::Accepted | Standing::Requested => "PENDING",
        Standing::Succeeded => "SUCCESS",
        Standing::Failed => "FAILED",
        Standing::Reversed => "REVERSED",
    };
    json!({
        "id": format!("txn_{}", payout.reference), "product_id": payout.reference,
        "type": "DISBURSEMENT", "status": status, "channel_category": "BANK",
        "channel_code": payout.channel, "reference_id": payout.order,
        "currency": "IDR", "amount": payout.amount, "cashflow": "MONEY_OUT",
        "created": book.moment(payout.created_at),
    })
}

/// Whole days, newest first, one line per movement, with a fee that is nobody's business in between.
async fn iris_statements(
    request: HttpRequest,
    days: Query<Days>,
    shared: Data<Shared>,
) -> HttpResponse {
    if !authorized(&request, &shared.settings.iris_creator_key) {
        return HttpResponse::Unauthorized().finish();
    }
    let mut book = shared.book();
    if book.statement_errs() {
        return HttpResponse::InternalServerError().finish();
    }
    let mut lines: Vec<(u64, Value)> = Vec::new();
    for payout in book.told("midtrans") {
        for (at, kind, status) in movements(payout, book.now) {
            lines.push((at, line(&book, payout, (at, kind, status))));
        }
    }
    lines.retain(|(at, _)| {
        let day = calendar::day(book.epoch + at);
        days.from_date <= day && day <= days.to_date
    });
    lines.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    HttpResponse::Ok().json(lines.into_iter().map(|(_, line)| line).collect::<Vec<_>>())
}

/// When the money went, and when it came back, as far as that has happened.
fn movements(payout: &Booked, now: u64) -> Vec<(u64, &'static str, &'static str)> {
    let Some(released_at) = payout.released_at else { return Vec::new() };
    let mut movements =
        vec![(released_at, "Payout", "debit"), (released_at, "Payout fee", "debit")];
    match payout.standing(now) {
        Standing::Failed => movements.push((released_at + 300, "Refund", "credit")),
        Standing::Reversed => movements.push((released_at + 7_200, "Refund", "credit")),
        _ => {}
    }
    movements
}

fn line(book: &Book, payout: &Booked, movement: (u64, &'static str, &'static str)) -> Value {
    let (at, kind, status) = movement;
    let amount = if kind == "Payout fee" { 5_000 } else { payout.amount };
    json!({
        "reference_no": payout.reference, "beneficiary_name": "simulated",
        "account": payout.channel, "type": kind, "amount": format!("{amount}.0"),
        "status": status, "created_at": book.moment(at),
    })
}
