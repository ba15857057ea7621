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
    charge::{Charged, Paid, TAKEN_BACK_AFTER},
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
    let payouts = book.told("xendit").map(|it| (it.created_at, transaction(&book, it)));
    let payments =
        book.told_payments("xendit").map(|(charge, paid)| (paid.at, payment(&book, charge, paid)));
    let mut rows: Vec<(u64, Value)> = payouts.chain(payments).collect();
    rows.retain(|(at, _)| {
        let at = book.moment(*at);
        wanted.from <= at && at <= wanted.until
    });
    rows.sort_by_key(|(at, row)| std::cmp::Reverse((*at, row["id"].to_string())));
    if let Some(after) = &wanted.after_id {
        let place = rows.iter().position(|(_, row)| row["id"] == **after);
        rows.drain(..place.map_or(0, |place| place + 1));
    }
    let limit = wanted.limit.clamp(1, 50);
    let data: Vec<&Value> = rows.iter().take(limit).map(|(_, row)| row).collect();
    HttpResponse::Ok().json(json!({ "data": data, "has_more": rows.len() > limit, "links": [] }))
}

fn transaction(book: &Book, payout: &Booked) -> Value {
    let (status, fee) = match payout.standing(book.now) {
        Standing::Queued | Standing::Accepted | Standing::Requested => ("PENDING", "PENDING"),
        Standing::Succeeded => ("SUCCESS", "COMPLETED"),
        Standing::Failed => ("FAILED", "CANCELED"),
        Standing::Reversed => ("REVERSED", "REVERSED"),
    };
    json!({
        "id": format!("txn_{}", payout.reference), "product_id": payout.reference,
        "type": "DISBURSEMENT", "status": status, "channel_category": "BANK",
        "channel_code": payout.channel, "reference_id": payout.order,
        "currency": "IDR", "amount": payout.amount, "cashflow": "MONEY_OUT",
        "created": book.moment(payout.created_at),
        "fee": {
            "xendit_fee": book.fee(2_500), "value_added_tax": book.fee(275), "status": fee,
        },
    })
}

/// A row for a payment that came in; its status changes in place as well.
fn payment(book: &Book, charge: &Charged, paid: &Paid) -> Value {
    let kept = charge.kept(book.now).any(|it| it.reference == paid.reference);
    json!({
        "id": format!("txn_{}", paid.reference), "product_id": paid.reference,
        "type": "PAYMENT", "status": if kept { "SUCCESS" } else { "REVERSED" },
        "channel_category": if charge.channel == "qris" { "QR_CODE" } else { "VIRTUAL_ACCOUNT" },
        "channel_code": charge.channel, "reference_id": charge.order,
        "currency": "IDR", "amount": paid.amount, "cashflow": "MONEY_IN",
        "created": book.moment(paid.at),
        "fee": {
            "xendit_fee": book.fee(4_000), "value_added_tax": book.fee(440), "status": "COMPLETED",
        },
    })
}

/// Whole days, newest first, one line per movement, with the fees, and a deposit that is nobody's business in between.
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
    for (charge, paid) in book.told_payments("midtrans") {
        lines.extend(payment_lines(&book, charge, paid));
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
    let mut movements = vec![
        (released_at, "Deposit", "credit"),
        (released_at, "Payout", "debit"),
        (released_at, "Payout fee", "debit"),
    ];
    match payout.standing(now) {
        Standing::Failed => {
            let back = released_at + 300;
            movements.extend([(back, "Refund", "credit"), (back, "Payout fee", "credit")]);
        }
        Standing::Reversed => movements.push((released_at + 7_200, "Refund", "credit")),
        _ => {}
    }
    movements
}

fn line(book: &Book, payout: &Booked, movement: (u64, &'static str, &'static str)) -> Value {
    let (at, kind, status) = movement;
    let amount = if kind == "Payout fee" { book.fee(5_000) } else { payout.amount };
    json!({
        "reference_no": payout.reference, "beneficiary_name": "simulated",
        "account": payout.channel, "type": kind, "amount": format!("{amount}.0"),
        "status": status, "created_at": book.moment(at),
    })
}

/// A payment that came in, what was kept of it, and when it was taken back.
fn payment_lines(book: &Book, charge: &Charged, paid: &Paid) -> Vec<(u64, Value)> {
    let line = |at: u64, kind: &str, status: &str, amount: i64| {
        let line = json!({
            "reference_no": charge.reference, "order_id": charge.order, "account": charge.channel,
            "type": kind, "amount": format!("{amount}.0"), "status": status,
            "created_at": book.moment(at),
        });
        (at, line)
    };
    let mut lines = vec![
        line(paid.at, "Payment", "credit", paid.amount),
        line(paid.at, "Payment fee", "debit", book.fee(4_000)),
    ];
    if !charge.kept(book.now).any(|it| it.reference == paid.reference) {
        lines.push(line(paid.at + TAKEN_BACK_AFTER, "Payment", "debit", paid.amount));
    }
    lines
}
