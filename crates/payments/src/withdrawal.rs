//! Money leaving a wallet: from the wish to the answer of a gateway.

mod channel;
mod decision;
mod dispatcher;
mod error;
mod learning;
mod row;
mod service;
mod store;
mod terms;
pub(crate) mod verify;
mod view;

use primitives::{AccountId, Invalid, JournalId, Rupiah, Timestamp, WithdrawalId};
use serde::Serialize;
use utoipa::ToSchema;

pub use channel::{AccountNumber, Channel, Destination};
pub use decision::{DecidedOutcome, Decision};
pub use dispatcher::Dispatcher;
pub use error::WithdrawalError;
pub(crate) use error::{CHANNEL_UNAVAILABLE, WITHDRAWAL_LIMIT_EXCEEDED, WITHDRAWAL_UNDER_WAY};
pub use learning::{Call, Learnt};
pub(crate) use service::label;
pub use service::{NewWithdrawal, Withdrawals};
pub use terms::{Allowance, Terms};
pub use view::{AllowanceView, ChannelView, EscalatedView, WithdrawalView};

use crate::gateway::GatewayName;

/// Money on its way from a wallet to an account of the holder's elsewhere.
///
/// Its id is also its name towards the gateway and its idempotency key there, for its whole life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// Identity.
    pub id: WithdrawalId,
    /// Whose wallet.
    pub account: AccountId,
    /// Through which gateway.
    pub gateway: GatewayName,
    /// Where it goes.
    pub destination: Destination,
    /// What arrives there.
    pub amount: Rupiah,
    /// What the wallet gave on top.
    pub fee: Rupiah,
    /// The journal by which the money left the wallet.
    pub journal: JournalId,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When a worker looks at it next; until then it belongs to whoever set this.
    pub due_at: Option<Timestamp>,
    /// Since when a person has to look into it.
    pub escalated_at: Option<Timestamp>,
    /// Where it stands.
    pub state: WithdrawalState,
    /// Counts every change; a worker may only write over the version it claimed.
    pub version: i64,
}

/// Where a withdrawal stands, with what is known there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WithdrawalState {
    /// Waits for a worker; no gateway has heard of it.
    Created,
    /// A call to the gateway may be under way.
    Sending {
        /// Since the first call.
        sent_at: Timestamp,
    },
    /// A call was made and its answer never came.
    InDoubt {
        /// Since the first call.
        sent_at: Timestamp,
    },
    /// The gateway has it.
    Pending(Accepted),
    /// The money arrived.
    Succeeded(Accepted, Paid),
    /// The money never left; it is back in the wallet.
    Failed {
        /// Since the first call.
        sent_at: Timestamp,
        /// The gateway's own name for it, if it got one.
        reference: Option<String>,
        /// Why.
        failure: Failure,
        /// How it came back.
        returned: Returned,
    },
    /// The money had arrived and was sent back; it is in the wallet again.
    Reversed(Accepted, Paid, Returned),
}

/// What is known since a gateway has taken it on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// Since the first call.
    pub sent_at: Timestamp,
    /// The gateway's own name for it.
    pub reference: String,
}

/// The proof that the money left the gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paid {
    /// When we learnt of it.
    pub at: Timestamp,
    /// The ledger's journal.
    pub journal: JournalId,
}

/// The proof that the money is back in the wallet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Returned {
    /// When.
    pub at: Timestamp,
    /// The mirror of the journal by which it had left.
    pub journal: JournalId,
}

/// Why a withdrawal failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// There is no such account, or it takes nothing.
    DestinationInvalid,
    /// The gateway did not want to, or could not.
    GatewayRefused,
}

impl Failure {
    /// The word in the database and in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DestinationInvalid => "destination_invalid",
            Self::GatewayRefused => "gateway_refused",
        }
    }

    fn parse(word: &str) -> Result<Self, Invalid> {
        match word {
            "destination_invalid" => Ok(Self::DestinationInvalid),
            "gateway_refused" => Ok(Self::GatewayRefused),
            _ => Err(Invalid("failure_unknown")),
        }
    }
}

/// The states by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WithdrawalStateName {
    /// Waits to be sent.
    Created,
    /// Is being sent.
    Sending,
    /// Was sent; what became of it is being looked up.
    InDoubt,
    /// Is with the gateway.
    Pending,
    /// Arrived.
    Succeeded,
    /// Never left; the money is back in the wallet.
    Failed,
    /// Came back; the money is in the wallet again.
    Reversed,
}

impl WithdrawalStateName {
    /// The word in the database, in events and in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Sending => "sending",
            Self::InDoubt => "in_doubt",
            Self::Pending => "pending",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Reversed => "reversed",
        }
    }

    /// The money has left the wallet and we do not know yet that it arrived.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Created | Self::Sending | Self::InDoubt | Self::Pending)
    }
}

impl WithdrawalState {
    /// The state without its facts.
    pub const fn name(&self) -> WithdrawalStateName {
        match self {
            Self::Created => WithdrawalStateName::Created,
            Self::Sending { .. } => WithdrawalStateName::Sending,
            Self::InDoubt { .. } => WithdrawalStateName::InDoubt,
            Self::Pending(_) => WithdrawalStateName::Pending,
            Self::Succeeded(..) => WithdrawalStateName::Succeeded,
            Self::Failed { .. } => WithdrawalStateName::Failed,
            Self::Reversed(..) => WithdrawalStateName::Reversed,
        }
    }

    /// When the first call to the gateway was about to be made.
    pub const fn sent_at(&self) -> Option<Timestamp> {
        match self {
            Self::Created => None,
            Self::Sending { sent_at }
            | Self::InDoubt { sent_at }
            | Self::Failed { sent_at, .. } => Some(*sent_at),
            Self::Pending(accepted)
            | Self::Succeeded(accepted, _)
            | Self::Reversed(accepted, ..) => Some(accepted.sent_at),
        }
    }

    /// The gateway's own name for it.
    pub fn reference(&self) -> Option<&str> {
        match self {
            Self::Created | Self::Sending { .. } | Self::InDoubt { .. } => None,
            Self::Failed { reference, .. } => reference.as_deref(),
            Self::Pending(accepted)
            | Self::Succeeded(accepted, _)
            | Self::Reversed(accepted, ..) => Some(&accepted.reference),
        }
    }

    /// The proof that the money left the gateway, also if it came back later.
    pub const fn paid(&self) -> Option<&Paid> {
        match self {
            Self::Succeeded(_, paid) | Self::Reversed(_, paid, _) => Some(paid),
            _ => None,
        }
    }

    /// The proof that the money is back in the wallet.
    pub const fn returned(&self) -> Option<&Returned> {
        match self {
            Self::Failed { returned, .. } | Self::Reversed(.., returned) => Some(returned),
            _ => None,
        }
    }
}
