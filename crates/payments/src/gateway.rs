//! The port to licensed payment gateways: what we ask of one, in our own words.

mod amount;
mod midtrans;
mod notification;
mod statement;
mod wire;
mod xendit;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use primitives::{Invalid, Rupiah};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use midtrans::{Midtrans, MidtransKeys};
pub use notification::{Forged, Notice, Subject};
pub use statement::{FeeLine, IncomingLine, Movement, Period, StatementLine, StatementPage};
pub use wire::{Deadlines, Endpoint, WireError};
pub use xendit::{Xendit, XenditKeys};

use crate::{
    charge::{Charge, Heard, Incoming, PayInChannel},
    withdrawal::{Channel, Failure, Learnt, Withdrawal},
};

/// A licensed payment gateway. No call may be made inside a transaction.
///
/// The payout's name and idempotency key at the gateway is the withdrawal's id, for its whole life.
pub trait Gateway: Send + Sync {
    /// Which one this is.
    fn name(&self) -> GatewayName;

    /// Whether it pays out through the channel.
    fn serves(&self, channel: Channel) -> bool;

    /// Asks for the payout, harmlessly again under the same key.
    fn create<'a>(&'a self, withdrawal: &'a Withdrawal) -> BoxFuture<'a, Learnt>;

    /// Releases a payout that the gateway holds; a payout is released once, however often this is asked.
    fn approve<'a>(&'a self, withdrawal: &'a Withdrawal) -> BoxFuture<'a, Learnt>;

    /// Asks what became of the payout. Moves nothing.
    fn find<'a>(&'a self, withdrawal: &'a Withdrawal) -> BoxFuture<'a, Learnt>;

    /// Whether payments can come in through the channel.
    fn collects(&self, channel: PayInChannel) -> bool;

    /// Asks the gateway to wait for a payment, harmlessly again under the same name.
    fn create_charge<'a>(&'a self, charge: &'a Charge) -> BoxFuture<'a, Heard>;

    /// Asks what became of the charge, and which payments came in for it.
    fn find_charge<'a>(&'a self, charge: &'a Charge) -> BoxFuture<'a, Heard>;

    /// Whether `find` knows a payout by the name that we gave it, without asking for it again.
    fn finds_by_our_name(&self) -> bool;

    /// The payout that the gateway knows by this name of its own; none when it knows none.
    fn look_up<'a>(&'a self, reference: &'a str)
    -> BoxFuture<'a, Result<Option<Payout>, Unusable>>;

    /// What the gateway holds for us now.
    fn balance(&self) -> BoxFuture<'_, Result<Rupiah, Unusable>>;

    /// One page of what the gateway's own book says of a period; the first one without a `page`.
    ///
    /// Lines may come again on another page, and may lie a little outside of the period.
    fn statement<'a>(
        &'a self,
        period: Period,
        page: Option<&'a str>,
    ) -> BoxFuture<'a, Result<StatementPage, Unusable>>;

    /// Whom a notification is about, if the gateway sent it. A hint: what it says is not believed.
    fn verify_notification(&self, notice: &Notice<'_>) -> Result<Subject, Forged>;
}

/// The gateways of this installation: none, one or both.
pub type Gateways = Arc<[Arc<dyn Gateway>]>;

/// Each channel through the first gateway that serves it.
pub fn routes(gateways: &Gateways) -> Vec<(Channel, GatewayName)> {
    let first = |channel| gateways.iter().find(|gateway| gateway.serves(channel));
    let route = |channel| first(channel).map(|gateway| (channel, gateway.name()));
    Channel::ALL.into_iter().filter_map(route).collect()
}

/// Each way in through the first gateway that serves it.
pub fn charge_routes(gateways: &Gateways) -> Vec<(PayInChannel, GatewayName)> {
    let first = |channel| gateways.iter().find(|gateway| gateway.collects(channel));
    let route = |channel| first(channel).map(|gateway| (channel, gateway.name()));
    PayInChannel::ALL.into_iter().filter_map(route).collect()
}

/// The gateways that can be configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GatewayName {
    /// Xendit Payouts, version 2.
    Xendit,
    /// Midtrans Payouts (Iris).
    Midtrans,
}

impl GatewayName {
    /// Every gateway.
    pub const ALL: [Self; 2] = [Self::Xendit, Self::Midtrans];

    /// The word in the database, in the books' account names and in paths.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Xendit => "xendit",
            Self::Midtrans => "midtrans",
        }
    }

    pub(crate) fn parse(word: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|gateway| gateway.as_str() == word);
        known.ok_or(Invalid("gateway_unknown"))
    }
}

/// A payout as a gateway tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payout {
    /// The gateway's own name for it.
    pub reference: String,
    /// The name that we gave it.
    pub order: String,
    /// How much, in whole rupiah: other currencies and fractions are refused where they are read.
    pub amount: Rupiah,
    /// Where it stands.
    pub status: PayoutStatus,
}

/// Where a payout stands at the gateway, in our own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayoutStatus {
    /// Waits for an approval of ours; nothing moves without it.
    Held,
    /// On its way.
    Pending,
    /// Arrived.
    Succeeded,
    /// Will never arrive.
    Failed(Failure),
    /// Had arrived and came back.
    Reversed,
}

/// An answer that cannot be acted upon: what became of the payout stays unknown.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// None came.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// The gateway could not, or did not want to.
    #[error("status {0}")]
    Status(u16),
    /// It is not what it should be.
    #[error("not what the gateway's documentation promises: {0}")]
    Unreadable(&'static str),
}

/// Tells the night shift why nothing was learnt; the withdrawal is looked at again.
fn learnt(withdrawal: &Withdrawal, outcome: Result<Learnt, Unusable>) -> Learnt {
    outcome.unwrap_or_else(|error| {
        let (gateway, id) = (withdrawal.gateway.as_str(), withdrawal.id.to_string());
        tracing::warn!(gateway, withdrawal.id = id, %error, "a gateway gave no usable answer");
        Learnt::Nothing
    })
}

/// The same for charges.
fn heard(charge: &Charge, outcome: Result<Heard, Unusable>) -> Heard {
    outcome.unwrap_or_else(|error| {
        let (gateway, id) = (charge.gateway.as_str(), charge.id.to_string());
        tracing::warn!(gateway, top_up.id = id, %error, "a gateway gave no usable answer");
        Heard::Nothing
    })
}

/// A payment that a gateway took in; nothing is none.
fn incoming(reference: String, amount: Rupiah) -> Result<Incoming, Unusable> {
    if is_plain(&reference) && amount > Rupiah::new(0) {
        Ok(Incoming { reference, amount })
    } else {
        Err(Unusable::Unreadable("a payment"))
    }
}

/// A gateway's own name for something of ours: 1 – 100 letters, digits and dashes. It may become part of a path.
pub(crate) fn is_plain(reference: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (1..=100).contains(&reference.len()) && reference.bytes().all(plain)
}
