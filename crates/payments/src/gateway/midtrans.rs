//! Midtrans: Payouts (Iris), where a payout is asked for by a creator and moves only when an approver releases it, and,
//! with a key for it, payments that come in.

mod charging;
mod statement;

use std::fmt;

use data_encoding::HEXLOWER;
use futures_util::future::{BoxFuture, FutureExt as _};
use primitives::Rupiah;
use reqwest::RequestBuilder;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha512};
use subtle::ConstantTimeEq as _;

use self::charging::Collecting;
use super::{
    Forged, Gateway, GatewayName, Notice, Payout, PayoutStatus, Period, StatementPage, Subject,
    Unusable, amount, heard, learnt,
    wire::{Endpoint, exchange},
};
use crate::{
    charge::{Charge, Heard, PayInChannel},
    withdrawal::{Channel, Failure, Learnt, Withdrawal},
};

/// What Midtrans knows us by, and we it.
#[derive(Clone)]
pub struct MidtransKeys {
    /// Asks for payouts.
    pub creator_key: SecretString,
    /// Releases them.
    pub approver_key: SecretString,
    /// Signs notifications.
    pub merchant_key: SecretString,
}

/// Midtrans at one address.
pub struct Midtrans {
    endpoint: Endpoint,
    keys: MidtransKeys,
    collecting: Option<Collecting>,
}

impl fmt::Debug for Midtrans {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Midtrans at {:?}", self.endpoint)
    }
}

#[derive(Deserialize)]
struct Created {
    payouts: Vec<CreatedPayout>,
}

#[derive(Deserialize)]
struct CreatedPayout {
    reference_no: String,
}

#[derive(Deserialize)]
struct Told {
    reference_no: String,
    amount: Value,
    status: String,
    notes: String,
}

#[derive(Deserialize)]
struct Notified {
    reference_no: String,
}

impl Midtrans {
    /// Midtrans at this address, with these keys.
    pub const fn new(endpoint: Endpoint, keys: MidtransKeys) -> Self {
        Self { endpoint, keys, collecting: None }
    }

    /// The same, which takes in payments as well: at the address of the Core API, with its server key.
    pub fn with_payments(self, endpoint: Endpoint, server_key: SecretString) -> Self {
        Self { collecting: Some(Collecting { endpoint, server_key }), ..self }
    }

    async fn ask_for(&self, withdrawal: &Withdrawal) -> Result<Learnt, Unusable> {
        let (bank, account) = beneficiary(withdrawal).ok_or(Unusable::Unreadable("a channel"))?;
        let order = withdrawal.id.to_string();
        let body = json!({ "payouts": [{
            "beneficiary_name": withdrawal.destination.holder.as_str(),
            "beneficiary_account": account,
            "beneficiary_bank": bank,
            "amount": format!("{}.00", withdrawal.amount.get()),
            "notes": notes(&order),
        }]});
        let request = self.endpoint.post("/api/v1/payouts").header("X-Idempotency-Key", &order);
        let answer = exchange(signed(request, &self.keys.creator_key).json(&body)).await?;
        match answer.status {
            200..=299 => {
                let reference = created(&answer.body)?;
                // Midtrans repeats neither amount nor name here; both are compared before anything is booked.
                let (amount, status) = (withdrawal.amount, PayoutStatus::Held);
                Ok(Learnt::Known(Payout { reference, order, amount, status }))
            }
            400 | 422 => Ok(Learnt::Refused(Failure::GatewayRefused)),
            status => Err(Unusable::Status(status)),
        }
    }

    async fn release(&self, withdrawal: &Withdrawal) -> Result<Learnt, Unusable> {
        let reference = withdrawal.state.reference().ok_or(Unusable::Unreadable("a reference"))?;
        let body = json!({ "reference_nos": [reference] });
        let request = self.endpoint.post("/api/v1/payouts/approve");
        let answer = exchange(signed(request, &self.keys.approver_key).json(&body)).await?;
        match answer.status {
            200..=299 => Ok(Learnt::Known(Payout {
                reference: reference.to_owned(),
                order: withdrawal.id.to_string(),
                amount: withdrawal.amount,
                status: PayoutStatus::Pending,
            })),
            status => Err(Unusable::Status(status)),
        }
    }

    async fn look_up_withdrawal(&self, withdrawal: &Withdrawal) -> Result<Learnt, Unusable> {
        let Some(reference) = withdrawal.state.reference() else {
            // There is no look-up by our name. Asking again under the same key is one: it moves nothing.
            return self.ask_for(withdrawal).await;
        };
        Ok(self.look_up_reference(reference).await?.map_or(Learnt::Unknown, Learnt::Known))
    }

    async fn look_up_reference(&self, reference: &str) -> Result<Option<Payout>, Unusable> {
        let request = self.endpoint.get(&format!("/api/v1/payouts/{reference}"));
        let answer = exchange(signed(request, &self.keys.creator_key)).await?;
        match answer.status {
            200 => Ok(Some(read(&answer.body)?)),
            404 => Ok(None),
            status => Err(Unusable::Status(status)),
        }
    }
}

impl Gateway for Midtrans {
    fn name(&self) -> GatewayName {
        GatewayName::Midtrans
    }

    fn serves(&self, channel: Channel) -> bool {
        bank_of(channel).is_some()
    }

    fn create<'a>(&'a self, withdrawal: &'a Withdrawal) -> BoxFuture<'a, Learnt> {
        self.ask_for(withdrawal).map(|outcome| learnt(withdrawal, outcome)).boxed()
    }

    fn approve<'a>(&'a self, withdrawal: &'a Withdrawal) -> BoxFuture<'a, Learnt> {
        self.release(withdrawal).map(|outcome| learnt(withdrawal, outcome)).boxed()
    }

    fn find<'a>(&'a self, withdrawal: &'a Withdrawal) -> BoxFuture<'a, Learnt> {
        self.look_up_withdrawal(withdrawal).map(|outcome| learnt(withdrawal, outcome)).boxed()
    }

    fn finds_by_our_name(&self) -> bool {
        false
    }

    fn look_up<'a>(
        &'a self,
        reference: &'a str,
    ) -> BoxFuture<'a, Result<Option<Payout>, Unusable>> {
        self.look_up_reference(reference).boxed()
    }

    fn balance(&self) -> BoxFuture<'_, Result<Rupiah, Unusable>> {
        self.ask_balance().boxed()
    }

    fn statement<'a>(
        &'a self,
        period: Period,
        page: Option<&'a str>,
    ) -> BoxFuture<'a, Result<StatementPage, Unusable>> {
        self.ask_statement(period, page).boxed()
    }

    fn collects(&self, channel: PayInChannel) -> bool {
        self.collecting.is_some() && charging::serves(channel)
    }

    fn create_charge<'a>(&'a self, charge: &'a Charge) -> BoxFuture<'a, Heard> {
        self.charge(charge).map(|outcome| heard(charge, outcome)).boxed()
    }

    fn find_charge<'a>(&'a self, charge: &'a Charge) -> BoxFuture<'a, Heard> {
        self.look_up_charge(charge).map(|outcome| heard(charge, outcome)).boxed()
    }

    /// Payouts are signed in a header, incoming payments within the body.
    fn verify_notification(&self, notice: &Notice<'_>) -> Result<Subject, Forged> {
        if notice.signature.is_none() {
            return self.collecting.as_ref().ok_or(Forged)?.verify_notification(notice.body);
        }
        let key = self.keys.merchant_key.expose_secret().as_bytes();
        let expected = Sha512::new_with_prefix(notice.body).chain_update(key).finalize();
        let expected = HEXLOWER.encode(&expected);
        let given = notice.signature.unwrap_or_default().as_bytes();
        if key.is_empty() || !bool::from(expected.as_bytes().ct_eq(given)) {
            return Err(Forged);
        }
        let named = serde_json::from_slice::<Notified>(notice.body).ok();
        Ok(named.map_or(Subject::Something, |it| Subject::Reference(it.reference_no)))
    }
}

fn signed(request: RequestBuilder, key: &SecretString) -> RequestBuilder {
    request.basic_auth(key.expose_secret(), Some(""))
}

/// What Iris calls the bank, and what stands before the holder's number there; DANA is not served.
const fn bank_of(channel: Channel) -> Option<(&'static str, &'static str)> {
    match channel {
        Channel::Bca => Some(("bca", "")),
        Channel::Bni => Some(("bni", "")),
        Channel::Bri => Some(("bri", "")),
        Channel::Mandiri => Some(("mandiri", "")),
        Channel::Gopay => Some(("gopay", "")),
        // OVO is reached through a virtual account at CIMB Niaga.
        Channel::Ovo => Some(("cimb_va", "8066")),
        Channel::Dana => None,
    }
}

fn beneficiary(withdrawal: &Withdrawal) -> Option<(&'static str, String)> {
    let (bank, prefix) = bank_of(withdrawal.destination.channel)?;
    Some((bank, format!("{prefix}{}", withdrawal.destination.number.as_str())))
}

/// Iris wants letters, digits and spaces in notes.
fn notes(order: &str) -> String {
    order.replace('_', " ")
}

fn created(body: &[u8]) -> Result<String, Unusable> {
    const WANTED: Unusable = Unusable::Unreadable("one new payout");
    let created: Created = serde_json::from_slice(body).map_err(|_malformed| WANTED)?;
    let mut payouts = created.payouts.into_iter();
    match (payouts.next(), payouts.next()) {
        (Some(payout), None) if is_plain(&payout.reference_no) => Ok(payout.reference_no),
        _ => Err(WANTED),
    }
}

fn read(body: &[u8]) -> Result<Payout, Unusable> {
    let told: Told =
        serde_json::from_slice(body).map_err(|_malformed| Unusable::Unreadable("a payout"))?;
    let status = match told.status.as_str() {
        "queued" => PayoutStatus::Held,
        "approved" | "processed" => PayoutStatus::Pending,
        "completed" => PayoutStatus::Succeeded,
        "rejected" => PayoutStatus::Failed(Failure::GatewayRefused),
        "failed" => PayoutStatus::Failed(Failure::DestinationInvalid),
        _ => return Err(Unusable::Unreadable("a known status")),
    };
    let (reference, order) = (told.reference_no, told.notes.replace(' ', "_"));
    Ok(Payout { reference, order, amount: amount::read(&told.amount)?, status })
}

/// A reference becomes part of a path of ours.
fn is_plain(reference: &str) -> bool {
    !reference.is_empty() && reference.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_come_as_text_with_two_zeros() {
        let told = json!({
            "reference_no": "1d4f8423", "amount": "50000.00", "status": "processed",
            "notes": "wdr 01h455vb4pex5vsknk084sn02q", "beneficiary_bank": "bca",
        });
        let payout = read(told.to_string().as_bytes()).unwrap();
        assert_eq!((payout.amount, payout.status), (Rupiah::new(50_000), PayoutStatus::Pending));
        assert_eq!(payout.order, "wdr_01h455vb4pex5vsknk084sn02q");
    }

    #[test]
    fn a_new_payout_is_one_with_a_plain_reference() {
        let body = |references: &[&str]| {
            let payouts: Vec<Value> = references
                .iter()
                .map(|it| json!({ "status": "queued", "reference_no": it }))
                .collect();
            json!({ "payouts": payouts }).to_string().into_bytes()
        };
        assert_eq!(created(&body(&["1d4f"])).unwrap(), "1d4f");
        for wrong in [&[][..], &["a", "b"], &[""], &["../x"]] {
            assert!(created(&body(wrong)).is_err(), "{wrong:?}");
        }
    }
}
