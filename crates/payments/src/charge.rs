//! Money coming into a wallet: from the wish to the payment that a gateway has taken in.

mod channel;
mod dispatcher;
mod error;
mod learning;
mod payment;
mod release;
mod row;
mod service;
mod store;
mod terms;
pub(crate) mod verify;
mod view;

use primitives::{AccountId, Invalid, JournalId, Rupiah, Timestamp, TopUpId};
use serde::Serialize;
use utoipa::ToSchema;

pub use channel::PayInChannel;
pub use dispatcher::ChargeDispatcher;
pub use error::ChargeError;
pub(crate) use error::{RELEASE_EXISTS, RELEASES_SPENT, TOP_UP_UNDER_WAY};
pub use learning::{Heard, Question, Standing, Told};
pub use payment::{Incoming, Place, Received};
pub use release::{
    NewSuspenseRelease, SuspendedPayment, SuspenseOutcome, SuspenseOutcomeName, SuspenseRelease,
};
pub use service::{Charges, NewCharge};
pub use view::{
    ChargeTermsView, ChargeView, EscalatedChargeView, PayInChannelView, SuspendedPaymentView,
    SuspendedView, SuspenseReleaseView,
};

use crate::gateway::GatewayName;

/// Money that somebody wants to bring into his wallet through a gateway: to the world, a top-up.
///
/// Its id is also its name towards the gateway and its idempotency key there, for its whole life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// Identity.
    pub id: TopUpId,
    /// Whose wallet.
    pub account: AccountId,
    /// Through which gateway.
    pub gateway: GatewayName,
    /// By which bank, or by QRIS.
    pub channel: PayInChannel,
    /// How much, exactly.
    pub amount: Rupiah,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// Until when it may be paid.
    pub expires_at: Timestamp,
    /// When a worker looks at it next; until then it belongs to whoever set this.
    pub due_at: Option<Timestamp>,
    /// Since when a person has to look into it.
    pub escalated_at: Option<Timestamp>,
    /// Where it stands.
    pub state: ChargeState,
    /// Counts every change; a worker may only write over the version it claimed.
    pub version: i64,
}

/// Where a charge stands, with what is known there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChargeState {
    /// Waits for the gateway to say how it can be paid.
    Created,
    /// Can be paid.
    Asked(Asked),
    /// One payment of exactly this amount came in and is in the wallet.
    Paid(Option<Asked>, Credited),
    /// Nothing came in time. What comes later is credited all the same.
    Expired {
        /// How it could have been paid, if it ever could.
        asked: Option<Asked>,
        /// When this was found.
        at: Timestamp,
    },
    /// It cannot be paid.
    Failed {
        /// How it could have been paid, if it ever could.
        asked: Option<Asked>,
        /// When this was found.
        at: Timestamp,
        /// Why.
        failure: ChargeFailure,
    },
}

/// What is known since the gateway waits for the payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The gateway's own name for it.
    pub reference: String,
    /// The number of the virtual account, or the text of the QRIS code.
    pub pay_to: String,
}

/// The proof that the money is in the wallet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credited {
    /// When.
    pub at: Timestamp,
    /// The gateway's own name for the payment.
    pub payment: String,
    /// The ledger's journal.
    pub journal: JournalId,
}

/// Why a charge cannot be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChargeFailure {
    /// The gateway did not want to, or ended it.
    GatewayRefused,
    /// The gateway never said how it can be paid.
    GatewaySilent,
    /// Staff have looked into it and wait no more. What comes later goes to suspense.
    Lapsed,
}

impl ChargeFailure {
    /// The word in the database and in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GatewayRefused => "gateway_refused",
            Self::GatewaySilent => "gateway_silent",
            Self::Lapsed => "lapsed",
        }
    }

    fn parse(word: &str) -> Result<Self, Invalid> {
        match word {
            "gateway_refused" => Ok(Self::GatewayRefused),
            "gateway_silent" => Ok(Self::GatewaySilent),
            "lapsed" => Ok(Self::Lapsed),
            _ => Err(Invalid("failure_unknown")),
        }
    }
}

/// The states by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChargeStateName {
    /// How to pay is not known yet; look again in some seconds.
    Created,
    /// Can be paid.
    Asked,
    /// Paid; the money is in the wallet.
    Paid,
    /// Was not paid in time.
    Expired,
    /// Cannot be paid.
    Failed,
}

impl ChargeStateName {
    /// The word in the database, in events and in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Asked => "asked",
            Self::Paid => "paid",
            Self::Expired => "expired",
            Self::Failed => "failed",
        }
    }
}

impl ChargeState {
    /// The state without its facts.
    pub const fn name(&self) -> ChargeStateName {
        match self {
            Self::Created => ChargeStateName::Created,
            Self::Asked(_) => ChargeStateName::Asked,
            Self::Paid(..) => ChargeStateName::Paid,
            Self::Expired { .. } => ChargeStateName::Expired,
            Self::Failed { .. } => ChargeStateName::Failed,
        }
    }

    /// How it can, or could, be paid.
    pub const fn asked(&self) -> Option<&Asked> {
        match self {
            Self::Created => None,
            Self::Asked(asked) => Some(asked),
            Self::Paid(asked, _) | Self::Expired { asked, .. } | Self::Failed { asked, .. } => {
                asked.as_ref()
            }
        }
    }

    /// The proof that the money is in the wallet.
    pub const fn credited(&self) -> Option<&Credited> {
        match self {
            Self::Paid(_, credited) => Some(credited),
            _ => None,
        }
    }

    /// Whether staff wait for nothing more.
    pub(crate) const fn is_lapsed(&self) -> bool {
        matches!(self, Self::Failed { failure: ChargeFailure::Lapsed, .. })
    }

    /// When it was paid, expired or failed.
    pub const fn ended_at(&self) -> Option<Timestamp> {
        match self {
            Self::Created | Self::Asked(_) => None,
            Self::Paid(_, credited) => Some(credited.at),
            Self::Expired { at, .. } | Self::Failed { at, .. } => Some(*at),
        }
    }
}
