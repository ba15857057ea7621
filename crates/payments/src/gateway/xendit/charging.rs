//! Payments that come in through Xendit: Payment Requests with a single use, of virtual accounts and QRIS codes.
//!
//! From Xendit's public documentation and client libraries, and untried against Xendit itself. This generation of the
//! interface is chosen over version 3 because it has what a promise of "once" is made of: an idempotency key, a look-up
//! by our own name (`GET /payment_requests?reference_id=`), and a list of what was paid
//! (`GET /v2/payment_methods/{id}/payments`). The documentation of version 3 promises none of the three.

use primitives::TopUpId;
use reqwest::RequestBuilder;
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    super::{
        Unusable, amount, incoming, is_plain,
        wire::{Answer, exchange},
    },
    Complaint, Xendit,
};
use crate::charge::{Charge, Heard, Incoming, PayInChannel, Standing, Told};

/// What the payer sees as the holder of the virtual account.
const HOLDER: &str = "Jumpa Madu";
/// After these nothing can be paid.
const REFUSALS: [&str; 3] =
    ["API_VALIDATION_ERROR", "CHANNEL_UNAVAILABLE", "FEATURE_NOT_AVAILABLE"];

#[derive(Deserialize)]
struct Request {
    id: String,
    reference_id: String,
    amount: Value,
    currency: String,
    status: String,
    payment_method: Method,
}

#[derive(Deserialize)]
struct Method {
    id: String,
    #[serde(default)]
    virtual_account: Option<Instrument>,
    #[serde(default)]
    qr_code: Option<Instrument>,
}

#[derive(Deserialize)]
struct Instrument {
    #[serde(default)]
    channel_properties: Option<Shown>,
}

#[derive(Deserialize)]
struct Shown {
    #[serde(default)]
    virtual_account_number: Option<String>,
    #[serde(default)]
    qr_string: Option<String>,
}

#[derive(Deserialize)]
struct Requests {
    data: Vec<Request>,
}

#[derive(Deserialize)]
struct Payments {
    data: Vec<Payment>,
    #[serde(default)]
    has_more: bool,
}

#[derive(Deserialize)]
struct Payment {
    id: String,
    amount: Value,
    currency: String,
    status: String,
}

impl Xendit {
    pub(super) async fn charge(&self, charge: &Charge) -> Result<Heard, Unusable> {
        let order = charge.id.to_string();
        let request = self.endpoint.post("/payment_requests").header("idempotency-key", &order);
        let answer = exchange(self.collecting(request)?.json(&asking(charge, &order))).await?;
        match answer.status {
            200..=299 => {
                let request: Request = read(&answer.body, "a payment request")?;
                Ok(Heard::Known(request.told(Vec::new())?))
            }
            400..=499 => refusal(&answer),
            status => Err(Unusable::Status(status)),
        }
    }

    pub(super) async fn look_up_charge(&self, charge: &Charge) -> Result<Heard, Unusable> {
        let Some(request) = self.request_of(charge.id).await? else { return Ok(Heard::Unknown) };
        let payments = self.payments_of(&request.payment_method.id).await?;
        Ok(Heard::Known(request.told(payments)?))
    }

    async fn request_of(&self, order: TopUpId) -> Result<Option<Request>, Unusable> {
        let path = format!("/payment_requests?reference_id={order}");
        let answer = exchange(self.collecting(self.endpoint.get(&path))?).await?;
        if answer.status != 200 {
            return Err(Unusable::Status(answer.status));
        }
        let Requests { data } = read(&answer.body, "a list of payment requests")?;
        let mut found = data.into_iter();
        match (found.next(), found.next()) {
            (one, None) => Ok(one),
            _ => Err(Unusable::Unreadable("one payment request under one name")),
        }
    }

    async fn payments_of(&self, method: &str) -> Result<Vec<Incoming>, Unusable> {
        if !is_plain(method) {
            return Err(Unusable::Unreadable("a payment method"));
        }
        let path = format!("/v2/payment_methods/{method}/payments");
        let answer = exchange(self.collecting(self.endpoint.get(&path))?).await?;
        if answer.status != 200 {
            return Err(Unusable::Status(answer.status));
        }
        let Payments { data, has_more } = read(&answer.body, "a list of payments")?;
        if has_more {
            return Err(Unusable::Unreadable("all payments at once"));
        }
        let arrived = data.into_iter().filter(|payment| payment.status == "SUCCEEDED");
        arrived.map(Payment::incoming).collect()
    }

    fn collecting(&self, request: RequestBuilder) -> Result<RequestBuilder, Unusable> {
        let key = self.payments_key.as_ref().ok_or(Unusable::Unreadable("a key for payments"))?;
        Ok(request.basic_auth(key.expose_secret(), Some("")))
    }
}

/// One payment of exactly this amount, once.
fn asking(charge: &Charge, order: &str) -> Value {
    let expires_at = charge.expires_at.to_string();
    let method = match bank_of(charge.channel) {
        Some(bank) => json!({
            "type": "VIRTUAL_ACCOUNT", "reusability": "ONE_TIME_USE", "reference_id": order,
            "virtual_account": {
                "channel_code": bank,
                "channel_properties": { "customer_name": HOLDER, "expires_at": expires_at },
            },
        }),
        None => json!({
            "type": "QR_CODE", "reusability": "ONE_TIME_USE", "reference_id": order,
            "qr_code": {
                "channel_code": "QRIS", "channel_properties": { "expires_at": expires_at },
            },
        }),
    };
    json!({
        "reference_id": order, "amount": charge.amount.get(), "currency": "IDR", "country": "ID",
        "payment_method": method,
    })
}

const fn bank_of(channel: PayInChannel) -> Option<&'static str> {
    match channel {
        PayInChannel::Bca => Some("BCA"),
        PayInChannel::Bni => Some("BNI"),
        PayInChannel::Bri => Some("BRI"),
        PayInChannel::Mandiri => Some("MANDIRI"),
        PayInChannel::Permata => Some("PERMATA"),
        PayInChannel::Qris => None,
    }
}

fn read<T: for<'de> Deserialize<'de>>(body: &[u8], what: &'static str) -> Result<T, Unusable> {
    serde_json::from_slice(body).map_err(|_malformed| Unusable::Unreadable(what))
}

/// A refusal counts only when it is one of those after which nothing can be paid.
fn refusal(answer: &Answer) -> Result<Heard, Unusable> {
    let complaint: Complaint = serde_json::from_slice(&answer.body)
        .map_err(|_malformed| Unusable::Status(answer.status))?;
    if REFUSALS.contains(&complaint.error_code.as_str()) {
        Ok(Heard::Refused)
    } else {
        Err(Unusable::Status(answer.status))
    }
}

impl Request {
    fn told(self, payments: Vec<Incoming>) -> Result<Told, Unusable> {
        if self.currency != "IDR" {
            return Err(Unusable::Unreadable("rupiah"));
        }
        if !is_plain(&self.id) {
            return Err(Unusable::Unreadable("a reference"));
        }
        let standing = match self.status.as_str() {
            "PENDING" | "REQUIRES_ACTION" | "SUCCEEDED" => Standing::Open,
            "EXPIRED" => Standing::Expired,
            "FAILED" | "CANCELED" | "VOIDED" => Standing::Failed,
            _ => return Err(Unusable::Unreadable("a known status")),
        };
        let Method { virtual_account, qr_code, .. } = self.payment_method;
        let shown =
            virtual_account.or(qr_code).and_then(|instrument| instrument.channel_properties);
        Ok(Told {
            reference: self.id,
            order: self.reference_id,
            amount: amount::read(&self.amount)?,
            standing,
            pay_to: shown.and_then(|shown| shown.virtual_account_number.or(shown.qr_string)),
            payments,
        })
    }
}

impl Payment {
    fn incoming(self) -> Result<Incoming, Unusable> {
        if self.currency != "IDR" {
            return Err(Unusable::Unreadable("rupiah"));
        }
        incoming(self.id, amount::read(&self.amount)?)
    }
}

#[cfg(test)]
mod tests {
    use primitives::Rupiah;

    use super::*;

    fn told(change: impl Fn(&mut Value)) -> Result<Told, Unusable> {
        let mut request = json!({
            "id": "pr-1", "reference_id": "top_1", "amount": 50_000, "currency": "IDR",
            "status": "REQUIRES_ACTION",
            "payment_method": {
                "id": "pm-1", "type": "VIRTUAL_ACCOUNT", "qr_code": null,
                "virtual_account": {
                    "channel_code": "BCA",
                    "channel_properties": { "virtual_account_number": "8808123456" },
                },
            },
        });
        change(&mut request);
        let request: Request = read(request.to_string().as_bytes(), "a payment request")?;
        request.told(Vec::new())
    }

    #[test]
    fn how_to_pay_is_read_where_it_stands() {
        let account = told(|_| ()).unwrap();
        assert_eq!(
            (account.pay_to.as_deref(), account.standing),
            (Some("8808123456"), Standing::Open)
        );
        let code =
            json!({ "id": "pm-2", "qr_code": { "channel_properties": { "qr_string": "0002" } } });
        let code = told(|it| it["payment_method"] = code.clone()).unwrap();
        assert_eq!(code.pay_to.as_deref(), Some("0002"));
        let bare = told(|it| it["payment_method"] = json!({ "id": "pm-3" })).unwrap();
        assert_eq!(bare.pay_to, None);
    }

    #[test]
    fn every_documented_status_has_a_meaning_and_others_have_none() {
        let standing = |word: &str| told(|it| it["status"] = json!(word)).map(|it| it.standing);
        assert_eq!(standing("SUCCEEDED").unwrap(), Standing::Open);
        assert_eq!(standing("EXPIRED").unwrap(), Standing::Expired);
        assert_eq!(standing("CANCELED").unwrap(), Standing::Failed);
        assert!(standing("succeeded").is_err() && standing("UNKNOWN").is_err());
    }

    #[test]
    fn other_money_and_other_names_are_unreadable() {
        assert!(told(|it| it["currency"] = json!("PHP")).is_err());
        assert!(told(|it| it["amount"] = json!(50_000.5)).is_err());
        assert!(told(|it| it["id"] = json!("../x")).is_err());
        let payment = |amount: Value, currency: &str, id: &str| {
            let (id, currency, status) = (id.to_owned(), currency.to_owned(), String::new());
            Payment { id, amount, currency, status }.incoming()
        };
        assert_eq!(payment(json!(5), "IDR", "py-1").unwrap().amount, Rupiah::new(5));
        assert!(payment(json!(0), "IDR", "py-1").is_err());
        assert!(payment(json!(5), "USD", "py-1").is_err());
        assert!(payment(json!(5), "IDR", "").is_err());
    }
}
