//! Xendit: Payouts, version 2, and, with a key for it, payments that come in.

mod charging;
mod statement;

use std::fmt;

use futures_util::future::{BoxFuture, FutureExt as _};
use primitives::{Rupiah, TopUpId, WithdrawalId};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use subtle::ConstantTimeEq as _;

use super::{
    Forged, Gateway, GatewayName, Notice, Payout, PayoutStatus, Period, StatementPage, Subject,
    Unusable, amount, heard, learnt,
    wire::{Answer, Endpoint, exchange},
};
use crate::{
    charge::{Charge, Heard, PayInChannel},
    withdrawal::{Channel, Failure, Learnt, Withdrawal},
};

/// Errors after which nothing has been and nothing will be booked.
const REFUSALS: [&str; 6] = [
    "API_VALIDATION_ERROR",
    "CHANNEL_CODE_NOT_SUPPORTED",
    "INSUFFICIENT_BALANCE",
    "MAXIMUM_TRANSFER_LIMIT_ERROR",
    "MINIMUM_TRANSFER_LIMIT_ERROR",
    "RECIPIENT_ACCOUNT_NUMBER_ERROR",
];
const WRONG_DESTINATION: [&str; 2] = ["RECIPIENT_ACCOUNT_NUMBER_ERROR", "INVALID_DESTINATION"];

/// What Xendit knows us by, and we it.
#[derive(Clone)]
pub struct XenditKeys {
    /// The user name of every call.
    pub secret_key: SecretString,
    /// What every notification carries.
    pub callback_token: SecretString,
}

/// Xendit at one address.
pub struct Xendit {
    endpoint: Endpoint,
    keys: XenditKeys,
    payments_key: Option<SecretString>,
}

impl fmt::Debug for Xendit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Xendit at {:?}", self.endpoint)
    }
}

#[derive(Deserialize)]
struct Told {
    id: String,
    reference_id: String,
    amount: Value,
    currency: String,
    status: String,
    #[serde(default)]
    failure_code: Option<String>,
}

#[derive(Deserialize)]
struct Listed {
    data: Vec<Told>,
}

#[derive(Deserialize)]
struct Complaint {
    error_code: String,
}

#[derive(Deserialize)]
struct Notified {
    data: NotifiedPayout,
}

#[derive(Deserialize)]
struct NotifiedPayout {
    #[serde(default)]
    reference_id: Option<String>,
    /// Where the name of a virtual account or code stands.
    #[serde(default)]
    payment_method: Option<NotifiedMethod>,
}

#[derive(Deserialize)]
struct NotifiedMethod {
    #[serde(default)]
    reference_id: Option<String>,
}

impl Xendit {
    /// Xendit at this address, with these keys.
    pub const fn new(endpoint: Endpoint, keys: XenditKeys) -> Self {
        Self { endpoint, keys, payments_key: None }
    }

    /// The same, which takes in payments as well, with a key that may do nothing else.
    pub fn with_payments(self, payments_key: SecretString) -> Self {
        Self { payments_key: Some(payments_key), ..self }
    }

    async fn ask_for(&self, withdrawal: &Withdrawal) -> Result<Learnt, Unusable> {
        let destination = &withdrawal.destination;
        let order = withdrawal.id.to_string();
        let body = json!({
            "reference_id": order,
            "channel_code": channel_code(destination.channel),
            "channel_properties": {
                "account_number": destination.number.as_str(),
                "account_holder_name": destination.holder.as_str(),
            },
            "amount": withdrawal.amount.get(),
            "currency": "IDR",
            "description": "Jumpa Madu",
        });
        let request = self.endpoint.post("/v2/payouts").header("Idempotency-key", order);
        let answer = exchange(self.signed(request).json(&body)).await?;
        match answer.status {
            200..=299 => Ok(Learnt::Known(read(&answer.body)?)),
            400..=499 => refusal(&answer),
            status => Err(Unusable::Status(status)),
        }
    }

    async fn look_up_withdrawal(&self, withdrawal: &Withdrawal) -> Result<Learnt, Unusable> {
        let Some(reference) = withdrawal.state.reference() else {
            return self.look_up_order(withdrawal.id).await;
        };
        Ok(self.look_up_reference(reference).await?.map_or(Learnt::Unknown, Learnt::Known))
    }

    async fn look_up_reference(&self, reference: &str) -> Result<Option<Payout>, Unusable> {
        let path = format!("/v2/payouts/{reference}");
        let answer = exchange(self.signed(self.endpoint.get(&path))).await?;
        match answer.status {
            200 => Ok(Some(read(&answer.body)?)),
            404 => Ok(None),
            status => Err(Unusable::Status(status)),
        }
    }

    async fn look_up_order(&self, order: WithdrawalId) -> Result<Learnt, Unusable> {
        let path = format!("/v2/payouts?reference_id={order}");
        let answer = exchange(self.signed(self.endpoint.get(&path))).await?;
        if answer.status != 200 {
            return Err(Unusable::Status(answer.status));
        }
        let listed: Listed = serde_json::from_slice(&answer.body)
            .map_err(|_malformed| Unusable::Unreadable("a list of payouts"))?;
        let mut found = listed.data.into_iter();
        match (found.next(), found.next()) {
            (None, _) => Ok(Learnt::Unknown),
            (Some(told), None) => Ok(Learnt::Known(told.into_payout()?)),
            (Some(_), Some(_)) => Err(Unusable::Unreadable("one payout under one name")),
        }
    }

    fn signed(&self, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        request.basic_auth(self.keys.secret_key.expose_secret(), Some(""))
    }
}

impl Gateway for Xendit {
    fn name(&self) -> GatewayName {
        GatewayName::Xendit
    }

    fn serves(&self, _every: Channel) -> bool {
        true
    }

    fn create<'a>(&'a self, withdrawal: &'a Withdrawal) -> BoxFuture<'a, Learnt> {
        self.ask_for(withdrawal).map(|outcome| learnt(withdrawal, outcome)).boxed()
    }

    /// Xendit holds nothing back.
    fn approve<'a>(&'a self, withdrawal: &'a Withdrawal) -> BoxFuture<'a, Learnt> {
        self.find(withdrawal)
    }

    fn find<'a>(&'a self, withdrawal: &'a Withdrawal) -> BoxFuture<'a, Learnt> {
        self.look_up_withdrawal(withdrawal).map(|outcome| learnt(withdrawal, outcome)).boxed()
    }

    fn finds_by_our_name(&self) -> bool {
        true
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

    fn collects(&self, _every: PayInChannel) -> bool {
        self.payments_key.is_some()
    }

    fn create_charge<'a>(&'a self, charge: &'a Charge) -> BoxFuture<'a, Heard> {
        self.charge(charge).map(|outcome| heard(charge, outcome)).boxed()
    }

    fn find_charge<'a>(&'a self, charge: &'a Charge) -> BoxFuture<'a, Heard> {
        self.look_up_charge(charge).map(|outcome| heard(charge, outcome)).boxed()
    }

    /// Only the token is checked: Xendit does not sign the body.
    fn verify_notification(&self, notice: &Notice<'_>) -> Result<Subject, Forged> {
        let expected = self.keys.callback_token.expose_secret().as_bytes();
        let given = notice.callback_token.unwrap_or_default().as_bytes();
        if expected.is_empty() || !bool::from(expected.ct_eq(given)) {
            return Err(Forged);
        }
        let named = serde_json::from_slice::<Notified>(notice.body).ok();
        Ok(named.map_or(Subject::Something, |it| it.data.subject()))
    }
}

impl NotifiedPayout {
    /// One of the names in it that we gave.
    fn subject(self) -> Subject {
        let method = self.payment_method.and_then(|method| method.reference_id);
        let named = |name: String| {
            let withdrawal = WithdrawalId::parse(&name).map(Subject::Order);
            withdrawal.or_else(|_other| TopUpId::parse(&name).map(Subject::TopUp)).ok()
        };
        self.reference_id.into_iter().chain(method).find_map(named).unwrap_or(Subject::Something)
    }
}

const fn channel_code(channel: Channel) -> &'static str {
    match channel {
        Channel::Bca => "ID_BCA",
        Channel::Bni => "ID_BNI",
        Channel::Bri => "ID_BRI",
        Channel::Mandiri => "ID_MANDIRI",
        Channel::Dana => "ID_DANA",
        Channel::Gopay => "ID_GOPAY",
        Channel::Ovo => "ID_OVO",
    }
}

fn read(body: &[u8]) -> Result<Payout, Unusable> {
    let told: Told =
        serde_json::from_slice(body).map_err(|_malformed| Unusable::Unreadable("a payout"))?;
    told.into_payout()
}

/// A refusal counts only when it is one of those after which nothing is booked.
fn refusal(answer: &Answer) -> Result<Learnt, Unusable> {
    let complaint: Complaint = serde_json::from_slice(&answer.body)
        .map_err(|_malformed| Unusable::Status(answer.status))?;
    let code = complaint.error_code.as_str();
    if REFUSALS.contains(&code) {
        Ok(Learnt::Refused(why(code)))
    } else {
        Err(Unusable::Status(answer.status))
    }
}

fn why(code: &str) -> Failure {
    if WRONG_DESTINATION.contains(&code) {
        Failure::DestinationInvalid
    } else {
        Failure::GatewayRefused
    }
}

impl Told {
    fn into_payout(self) -> Result<Payout, Unusable> {
        if self.currency != "IDR" {
            return Err(Unusable::Unreadable("rupiah"));
        }
        if self.id.is_empty() || !self.id.bytes().all(is_plain) {
            return Err(Unusable::Unreadable("a reference"));
        }
        let status = match self.status.as_str() {
            "ACCEPTED" | "REQUESTED" => PayoutStatus::Pending,
            "SUCCEEDED" => PayoutStatus::Succeeded,
            "FAILED" => PayoutStatus::Failed(why(self.failure_code.as_deref().unwrap_or_default())),
            "CANCELLED" => PayoutStatus::Failed(Failure::GatewayRefused),
            "REVERSED" => PayoutStatus::Reversed,
            _ => return Err(Unusable::Unreadable("a known status")),
        };
        let amount = amount::read(&self.amount)?;
        Ok(Payout { reference: self.id, order: self.reference_id, amount, status })
    }
}

/// A reference becomes part of a path of ours.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(change: impl Fn(&mut Value)) -> Result<Payout, Unusable> {
        let mut payout = json!({
            "id": "disb-1", "reference_id": "wdr_1", "amount": 50_000, "currency": "IDR",
            "status": "ACCEPTED", "channel_code": "ID_BCA",
        });
        change(&mut payout);
        read(payout.to_string().as_bytes())
    }

    #[test]
    fn every_documented_status_has_a_meaning_and_others_have_none() {
        let status = |word: &str| told(|it| it["status"] = json!(word)).map(|it| it.status);
        assert_eq!(status("REQUESTED").unwrap(), PayoutStatus::Pending);
        assert_eq!(status("SUCCEEDED").unwrap(), PayoutStatus::Succeeded);
        assert_eq!(status("REVERSED").unwrap(), PayoutStatus::Reversed);
        assert!(matches!(status("CANCELLED").unwrap(), PayoutStatus::Failed(_)));
        assert!(status("succeeded").is_err() && status("DONE").is_err());
    }

    #[test]
    fn other_money_and_other_paths_are_unreadable() {
        assert!(told(|it| it["currency"] = json!("USD")).is_err());
        assert!(told(|it| it["amount"] = json!(50_000.5)).is_err());
        assert!(told(|it| it["id"] = json!("../balance")).is_err());
        assert!(told(|it| it["id"] = json!("")).is_err());
        assert!(told(|_| ()).is_ok());
    }

    #[test]
    fn only_some_refusals_are_final() {
        let answer = |code: &str| Answer {
            status: 400,
            body: json!({ "error_code": code }).to_string().into_bytes(),
        };
        let refused = |code| refusal(&answer(code)).ok();
        assert_eq!(refused("INSUFFICIENT_BALANCE"), Some(Learnt::Refused(Failure::GatewayRefused)));
        assert_eq!(
            refused("RECIPIENT_ACCOUNT_NUMBER_ERROR"),
            Some(Learnt::Refused(Failure::DestinationInvalid))
        );
        assert_eq!(refused("DUPLICATE_ERROR"), None);
        assert_eq!(refused("RATE_LIMIT_EXCEEDED"), None);
    }
}
