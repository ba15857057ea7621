//! What the gateways tell without being asked: lost, late, doubled, out of order and forged.

use data_encoding::HEXLOWER;
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha512};

use crate::{
    book::{Book, Booked, Standing},
    charge::{Charged, Paid},
    iris, midtrans_core,
    server::Settings,
    whim::{Chaos, drawn},
    xendit, xendit_payments,
};

/// One notification, as the request that it would be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notification {
    /// `xendit` or `midtrans`.
    pub gateway: &'static str,
    /// The header that is to prove where it comes from.
    pub header: &'static str,
    /// Its value.
    pub value: String,
    /// The body, byte for byte.
    pub body: String,
}

/// Seconds after its release at which a payout is told of.
const MOMENTS: [u64; 3] = [60, 300, 7_200];

/// What has become due after `since` and until the book's present.
pub(crate) fn due(book: &Book, settings: &Settings, since: u64) -> Vec<Notification> {
    let mut post = Post { book, since, due: Vec::new() };
    for payout in book.payouts() {
        let Some(released_at) = payout.released_at else { continue };
        for moment in MOMENTS.map(|moment| moment + released_at) {
            if payout.standing(moment) != payout.standing(moment - 1) {
                post.send(&payout.order, moment, || told(payout, moment, settings));
            }
        }
    }
    for charge in book.charges() {
        for paid in &charge.payments {
            // A second later: what is paid at this very moment is told of the next time.
            post.send(&charge.order, paid.at + 1, || told_of_payment(charge, paid, settings));
        }
    }
    post.due
}

/// What the gateways send, in the manner of whoever brings it.
struct Post<'a> {
    book: &'a Book,
    since: u64,
    due: Vec<Notification>,
}

impl Post<'_> {
    fn send(&mut self, order: &str, moment: u64, told: impl FnOnce() -> Notification) {
        let whim = match self.book.chaos {
            Chaos::All => drawn(self.book.seed, &moment.to_string(), order) % 6,
            _ => 0,
        };
        // Late ones come an hour after their time.
        let told_at = if whim == 2 { moment + 3_600 } else { moment };
        if told_at <= self.since || told_at > self.book.now {
            return;
        }
        let told = told();
        match whim {
            1 => {}
            3 => self.due.extend([told.clone(), told]),
            4 => self.due.insert(0, told),
            5 => self.due.extend([told.forged(), told]),
            _ => self.due.push(told),
        }
    }
}

impl Notification {
    /// The same from somebody who knows neither token nor key.
    fn forged(&self) -> Self {
        let mut body: Value = serde_json::from_str(&self.body).expect("JSON");
        if body["signature_key"].is_string() {
            body["signature_key"] = json!("forged");
            return Self { body: body.to_string(), ..self.clone() };
        }
        Self { value: "forged".to_owned(), ..self.clone() }
    }

    /// Whether it comes from somebody who knows neither token nor key.
    pub fn is_forged(&self) -> bool {
        self.value == "forged" || self.body.contains("\"signature_key\":\"forged\"")
    }
}

fn told_of_payment(charge: &Charged, paid: &Paid, settings: &Settings) -> Notification {
    if charge.gateway == "xendit" {
        let data = xendit_payments::payment_of(charge, paid);
        let body =
            json!({ "event": "payment.succeeded", "business_id": "simulated", "data": data });
        let value = settings.xendit_callback_token.clone();
        let header = "x-callback-token";
        return Notification { gateway: "xendit", header, value, body: body.to_string() };
    }
    let body =
        midtrans_core::notification_at(charge, paid.at, &settings.midtrans_server_key).to_string();
    let (header, value) = ("content-type", "application/json".to_owned());
    Notification { gateway: "midtrans", header, value, body }
}

fn told(payout: &Booked, now: u64, settings: &Settings) -> Notification {
    if payout.gateway == "xendit" {
        let verb = match payout.standing(now) {
            Standing::Succeeded => "succeeded",
            Standing::Failed => "failed",
            Standing::Reversed => "reversed",
            _ => "requested",
        };
        let body = json!({
            "event": format!("payout.{verb}"), "business_id": "simulated",
            "data": xendit::payout_at(payout, now),
        });
        let value = settings.xendit_callback_token.clone();
        let header = "x-callback-token";
        return Notification { gateway: "xendit", header, value, body: body.to_string() };
    }
    let body = iris::payout_at(payout, now).to_string();
    let signed = Sha512::new_with_prefix(&body).chain_update(&settings.iris_merchant_key);
    let value = HEXLOWER.encode(&signed.finalize());
    Notification { gateway: "midtrans", header: "Iris-Signature", value, body }
}
