//! Payments that come in through Midtrans: bank transfers and QRIS of the Core API.
//!
//! From Midtrans's public documentation, and untried against Midtrans itself. An order can be charged once: a second
//! `charge` under its name is answered with 406, and the status is asked for instead. The answer's own `status_code`
//! counts, not HTTP's. Mandiri is a bill payment with two numbers there, not a virtual account, and is not served. A
//! notification's signature covers the order's name, the status code and the amount; nothing else in it is believed.

use data_encoding::HEXLOWER;
use primitives::TopUpId;
use reqwest::RequestBuilder;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha512};
use subtle::ConstantTimeEq as _;

use super::{
    super::{
        Forged, Subject, Unusable, amount, incoming, is_plain,
        wire::{Endpoint, exchange},
    },
    Midtrans,
};
use crate::charge::{Charge, Heard, PayInChannel, Standing, Told};

/// The Core API at one address, and the key that opens it and signs notifications.
pub(super) struct Collecting {
    pub(super) endpoint: Endpoint,
    pub(super) server_key: SecretString,
}

/// What every answer has.
#[derive(Deserialize)]
struct Outcome {
    status_code: String,
}

#[derive(Deserialize)]
struct Transaction {
    transaction_id: String,
    order_id: String,
    gross_amount: Value,
    currency: String,
    transaction_status: String,
    #[serde(default)]
    va_numbers: Vec<VaNumber>,
    #[serde(default)]
    permata_va_number: Option<String>,
    #[serde(default)]
    qr_string: Option<String>,
}

#[derive(Deserialize)]
struct VaNumber {
    va_number: String,
}

#[derive(Deserialize)]
struct Notified {
    order_id: String,
    status_code: String,
    gross_amount: String,
    signature_key: String,
}

impl Midtrans {
    pub(super) async fn charge(&self, charge: &Charge) -> Result<Heard, Unusable> {
        let collecting = self.collecting()?;
        let request = collecting.endpoint.post("/v2/charge").json(&asking(charge));
        let heard = collecting.hear(request).await?;
        match heard {
            // Charged before, and not to be found yet: asked for again.
            Answered::Conflict => match self.look_up_charge(charge).await? {
                Heard::Unknown => Err(Unusable::Status(406)),
                heard => Ok(heard),
            },
            Answered::Heard(heard) => Ok(heard),
        }
    }

    pub(super) async fn look_up_charge(&self, charge: &Charge) -> Result<Heard, Unusable> {
        let collecting = self.collecting()?;
        let request = collecting.endpoint.get(&format!("/v2/{}/status", charge.id));
        match collecting.hear(request).await? {
            Answered::Conflict => Err(Unusable::Status(406)),
            Answered::Heard(heard) => Ok(heard),
        }
    }

    fn collecting(&self) -> Result<&Collecting, Unusable> {
        self.collecting.as_ref().ok_or(Unusable::Unreadable("a server key"))
    }
}

/// What an answer of the Core API amounts to.
enum Answered {
    /// The order has been charged before.
    Conflict,
    Heard(Heard),
}

impl Collecting {
    async fn hear(&self, request: RequestBuilder) -> Result<Answered, Unusable> {
        let request = request.basic_auth(self.server_key.expose_secret(), Some(""));
        let answer = exchange(request).await?;
        let outcome: Outcome = serde_json::from_slice(&answer.body)
            .map_err(|_malformed| Unusable::Status(answer.status))?;
        read(&outcome.status_code, &answer.body)
    }

    /// Whom a notification about an incoming payment is about, if its signature is Midtrans's.
    pub(super) fn verify_notification(&self, body: &[u8]) -> Result<Subject, Forged> {
        let key = self.server_key.expose_secret().as_bytes();
        let told: Notified = serde_json::from_slice(body).map_err(|_malformed| Forged)?;
        let signed = format!("{}{}{}", told.order_id, told.status_code, told.gross_amount);
        let expected = Sha512::new_with_prefix(signed).chain_update(key).finalize();
        let expected = HEXLOWER.encode(&expected);
        let given = told.signature_key.as_bytes();
        if key.is_empty() || !bool::from(expected.as_bytes().ct_eq(given)) {
            return Err(Forged);
        }
        Ok(TopUpId::parse(&told.order_id).map_or(Subject::Something, Subject::TopUp))
    }
}

/// Whether the channel is one of the Core API's.
pub(super) const fn serves(channel: PayInChannel) -> bool {
    !matches!(channel, PayInChannel::Mandiri)
}

fn asking(charge: &Charge) -> Value {
    let minutes = charge.expires_at.seconds_since(charge.created_at) / 60;
    let mut body = json!({
        "transaction_details": {
            "order_id": charge.id, "gross_amount": charge.amount.get(),
        },
        "custom_expiry": { "expiry_duration": minutes, "unit": "minute" },
    });
    let (kind, details) = match charge.channel {
        PayInChannel::Qris => ("qris", json!({ "acquirer": "gopay" })),
        bank => ("bank_transfer", json!({ "bank": bank.as_str() })),
    };
    if let Some(members) = body.as_object_mut() {
        members.insert("payment_type".to_owned(), json!(kind));
        members.insert(kind.to_owned(), details);
    }
    body
}

fn read(status_code: &str, body: &[u8]) -> Result<Answered, Unusable> {
    match status_code {
        // Pending, settled, denied or expired: the transaction itself says which.
        "200" | "201" | "202" | "407" => {
            let transaction: Transaction = serde_json::from_slice(body)
                .map_err(|_malformed| Unusable::Unreadable("a transaction"))?;
            Ok(Answered::Heard(Heard::Known(transaction.told()?)))
        }
        "404" => Ok(Answered::Heard(Heard::Unknown)),
        "406" => Ok(Answered::Conflict),
        "400" | "402" => Ok(Answered::Heard(Heard::Refused)),
        other => Err(Unusable::Status(other.parse().unwrap_or(0))),
    }
}

impl Transaction {
    fn told(self) -> Result<Told, Unusable> {
        if self.currency != "IDR" {
            return Err(Unusable::Unreadable("rupiah"));
        }
        if !is_plain(&self.transaction_id) {
            return Err(Unusable::Unreadable("a reference"));
        }
        let amount = amount::read(&self.gross_amount)?;
        let reference = self.transaction_id;
        let (standing, payments) = match self.transaction_status.as_str() {
            "pending" => (Standing::Open, Vec::new()),
            "settlement" => (Standing::Open, vec![incoming(reference.clone(), amount)?]),
            "expire" => (Standing::Expired, Vec::new()),
            // What was settled may be taken back; it is not listed as a payment any more.
            "deny" | "cancel" | "failure" | "refund" | "chargeback" => {
                (Standing::Failed, Vec::new())
            }
            _ => return Err(Unusable::Unreadable("a known status")),
        };
        let account = self.va_numbers.into_iter().next().map(|account| account.va_number);
        let pay_to = account.or(self.permata_va_number).or(self.qr_string);
        Ok(Told { reference, order: self.order_id, amount, standing, pay_to, payments })
    }
}

#[cfg(test)]
mod tests {
    use primitives::Rupiah;

    use super::*;

    fn told(status_code: &str, change: impl Fn(&mut Value)) -> Result<Heard, Unusable> {
        let mut transaction = json!({
            "status_code": status_code, "transaction_id": "a3b75ca9-8b52", "order_id": "top_1",
            "gross_amount": "50000.00", "currency": "IDR", "transaction_status": "pending",
            "va_numbers": [{ "bank": "bca", "va_number": "8808123456" }],
        });
        change(&mut transaction);
        match read(status_code, transaction.to_string().as_bytes())? {
            Answered::Heard(heard) => Ok(heard),
            Answered::Conflict => Err(Unusable::Status(406)),
        }
    }

    fn known(change: impl Fn(&mut Value)) -> Result<Told, Unusable> {
        match told("201", change)? {
            Heard::Known(told) => Ok(told),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn how_to_pay_is_read_where_it_stands() {
        assert_eq!(known(|_| ()).unwrap().pay_to.as_deref(), Some("8808123456"));
        for member in ["permata_va_number", "qr_string"] {
            let elsewhere = known(|it| {
                it["va_numbers"] = json!([]);
                it[member] = json!("7777123456");
            });
            assert_eq!(elsewhere.unwrap().pay_to.as_deref(), Some("7777123456"), "{member}");
        }
    }

    #[test]
    fn only_a_settlement_is_a_payment() {
        let paid = known(|it| it["transaction_status"] = json!("settlement")).unwrap();
        assert_eq!(paid.payments[0].amount, Rupiah::new(50_000));
        for (word, standing) in [
            ("pending", Standing::Open),
            ("expire", Standing::Expired),
            ("cancel", Standing::Failed),
            ("refund", Standing::Failed),
        ] {
            let told = known(|it| it["transaction_status"] = json!(word)).unwrap();
            assert_eq!((told.standing, told.payments.len()), (standing, 0), "{word}");
        }
        for strange in ["capture", "authorize", "partial_refund", "Settlement"] {
            assert!(known(|it| it["transaction_status"] = json!(strange)).is_err(), "{strange}");
        }
    }

    #[test]
    fn the_status_code_decides() {
        assert_eq!(told("404", |_| ()).unwrap(), Heard::Unknown);
        assert_eq!(told("400", |_| ()).unwrap(), Heard::Refused);
        for unusable in ["401", "406", "429", "500", "x"] {
            assert!(told(unusable, |_| ()).is_err(), "{unusable}");
        }
    }

    #[test]
    fn other_money_and_other_names_are_unreadable() {
        assert!(known(|it| it["currency"] = json!("USD")).is_err());
        assert!(known(|it| it["gross_amount"] = json!("50000.50")).is_err());
        assert!(known(|it| it["transaction_id"] = json!("../x")).is_err());
    }
}
