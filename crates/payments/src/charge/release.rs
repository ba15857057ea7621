use primitives::{AccountId, Invalid, Rupiah, SuspenseReleaseId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ChargeError, Received};
use crate::{
    ProposalState,
    gateway::{GatewayName, is_plain},
};

/// The most that one maker may propose on one day, and so the most that one payment may be; the table says the same.
pub(super) const RELEASED_PER_DAY: i64 = 100_000_000;

/// A payment that went to a gateway's suspense, with the release that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuspendedPayment {
    /// The payment.
    pub payment: Received,
    /// Whose top-up it was meant for.
    pub account: AccountId,
    /// The release that is proposed, or done.
    pub release: Option<SuspenseRelease>,
}

/// How money leaves a gateway's suspense: one proposes, another one releases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuspenseRelease {
    /// Identity.
    pub id: SuspenseReleaseId,
    /// Whose suspense.
    pub gateway: GatewayName,
    /// The gateway's own name for the payment.
    pub payment: String,
    /// What becomes of the money.
    pub outcome: SuspenseOutcome,
    /// All of the payment.
    pub amount: Rupiah,
    /// Why, in the maker's words.
    pub reason: String,
    /// Who proposed it.
    pub maker: AccountId,
    /// When.
    pub proposed_at: Timestamp,
    /// Where it stands.
    pub state: ProposalState,
    /// Counts every change.
    pub version: i64,
}

/// What becomes of money in suspense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SuspenseOutcome {
    /// It goes to this account's wallet.
    Credited(AccountId),
    /// The gateway has given it back, under this name of its own.
    Returned(String),
}

/// The outcomes by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SuspenseOutcomeName {
    /// It goes to a wallet.
    Credited,
    /// The gateway has given it back.
    Returned,
}

/// What a maker proposes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSuspenseRelease {
    /// Whose suspense.
    pub gateway: GatewayName,
    /// The gateway's own name for the payment.
    pub payment: String,
    /// What is to become of it.
    pub outcome: SuspenseOutcome,
    /// Why.
    pub reason: String,
}

impl SuspenseOutcomeName {
    /// The word in the database and in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Credited => "credited",
            Self::Returned => "returned",
        }
    }
}

impl SuspenseOutcome {
    /// The outcome with what belongs to it, and nothing that does not.
    pub fn parse(
        name: SuspenseOutcomeName,
        account: Option<AccountId>,
        return_reference: Option<String>,
    ) -> Result<Self, Invalid> {
        match (name, account, return_reference) {
            (SuspenseOutcomeName::Credited, Some(account), None) => Ok(Self::Credited(account)),
            (SuspenseOutcomeName::Returned, None, Some(reference)) => Ok(Self::Returned(reference)),
            _ => Err(Invalid("outcome_incomplete")),
        }
    }

    /// The outcome without its facts.
    pub const fn name(&self) -> SuspenseOutcomeName {
        match self {
            Self::Credited(_) => SuspenseOutcomeName::Credited,
            Self::Returned(_) => SuspenseOutcomeName::Returned,
        }
    }

    /// Whose wallet it goes to.
    pub const fn account(&self) -> Option<AccountId> {
        match self {
            Self::Credited(account) => Some(*account),
            Self::Returned(_) => None,
        }
    }

    /// The gateway's own name for the return.
    pub fn return_reference(&self) -> Option<&str> {
        match self {
            Self::Credited(_) => None,
            Self::Returned(reference) => Some(reference),
        }
    }
}

impl NewSuspenseRelease {
    /// A stated reason, and a name that a gateway may have given.
    pub(super) fn check(&self) -> Result<(), ChargeError> {
        reports::stated_reason(&self.reason)
            .map_err(|what| ChargeError::Refused("/reason", what))?;
        match self.outcome.return_reference().is_none_or(is_plain) {
            true => Ok(()),
            false => Err(ChargeError::Refused("/return_reference", Invalid("reference_malformed"))),
        }
    }
}

impl SuspenseRelease {
    /// The same, decided.
    pub(super) fn decided(self, state: ProposalState) -> Self {
        let version = self.version.saturating_add(1);
        Self { state, version, ..self }
    }
}
