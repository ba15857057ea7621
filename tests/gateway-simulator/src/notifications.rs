//! What the gateways tell without being asked: lost, late, doubled, out of order and forged.

use data_encoding::HEXLOWER;
use serde::Serialize;
use serde_json::json;
use sha2::{Digest as _, Sha512};

use crate::{
    book::{Book, Booked, Standing},
    iris,
    server::Settings,
    whim::{Chaos, drawn},
    xendit,
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
    let mut due = Vec::new();
    for payout in book.payouts() {
        let Some(released_at) = payout.released_at else { continue };
        for moment in MOMENTS.map(|moment| moment + released_at) {
            let whim = match book.chaos {
                Chaos::All => drawn(book.seed, &moment.to_string(), &payout.order) % 6,
                _ => 0,
            };
            // Late ones come an hour after their time.
            let told_at = if whim == 2 { moment + 3_600 } else { moment };
            let changed = payout.standing(moment) != payout.standing(moment - 1);
            if !changed || told_at <= since || told_at > book.now {
                continue;
            }
            let told = told(payout, moment, settings);
            match whim {
                1 => {}
                3 => due.extend([told.clone(), told]),
                4 => due.insert(0, told),
                5 => {
                    due.extend([Notification { value: "forged".to_owned(), ..told.clone() }, told])
                }
                _ => due.push(told),
            }
        }
    }
    due
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
