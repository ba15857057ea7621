use accounts::AccountError;
use database::{DatabaseError, UnitError};
use http_kit::{
    ErrorCode, Failure, FieldProblem, INVALID_FIELDS, NOT_FOUND, UNEXPECTED, WRONG_STATE,
    database_code,
};
use ledger::LedgerError;
use primitives::{Invalid, SuspenseReleaseId, TopUpId};

use super::ChargeStateName;
use crate::{
    ProposalStateName,
    error::{OWN_ADJUSTMENT, OWN_WALLET},
    withdrawal::CHANNEL_UNAVAILABLE,
};

/// Why something about a charge was refused. The unit of work that met it must be undone.
#[derive(Debug, thiserror::Error)]
pub enum ChargeError {
    /// No such charge, or none of the caller's business.
    #[error("charge not found")]
    NotFound,
    /// No gateway of this installation takes in money through the channel.
    #[error("no gateway takes in money through this channel")]
    ChannelUnavailable,
    /// Another charge of the account waits for its payment on the channel.
    #[error("charge {0} waits for its payment")]
    UnderWay(TopUpId),
    /// Not from this state, or nobody has to look into it.
    #[error("the charge is {0:?}")]
    WrongState(ChargeStateName),
    /// The payment has a release that counts.
    #[error("the payment has release {0}")]
    ReleaseExists(SuspenseReleaseId),
    /// Somebody has decided about the release.
    #[error("the release is {0:?}")]
    ReleaseDecided(ProposalStateName),
    /// The maker has proposed what he may within a day.
    #[error("the maker has proposed enough for today")]
    ReleasesSpent,
    /// Somebody who would release what he proposed.
    #[error("nobody decides what he proposed")]
    OwnProposal,
    /// A member of staff who would decide about his own money.
    #[error("nobody decides about his own money")]
    OwnWallet,
    /// One member of the command is unacceptable.
    #[error("{0} is unacceptable")]
    Refused(&'static str, Invalid),
    /// The second factor said no.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// Somebody else has the charge by now; what was found out is void.
    #[error("the lease is lost")]
    LeaseLost,
    /// The books said no to something that our code should not have asked.
    #[error("the ledger refused")]
    Ledger(#[source] LedgerError),
    /// The database could not.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

pub(crate) const TOP_UP_UNDER_WAY: ErrorCode = ErrorCode { code: "top_up_under_way", status: 409 };
pub(crate) const RELEASE_EXISTS: ErrorCode = ErrorCode { code: "release_exists", status: 409 };
pub(crate) const RELEASES_SPENT: ErrorCode = ErrorCode { code: "releases_spent", status: 409 };

impl From<LedgerError> for ChargeError {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Database(error) => Self::Database(error),
            other => Self::Ledger(other),
        }
    }
}

impl UnitError for ChargeError {
    fn database(&self) -> Option<&DatabaseError> {
        match self {
            Self::Database(error) => Some(error),
            Self::Ledger(error) => error.database(),
            Self::Account(error) => error.database(),
            _ => None,
        }
    }
}

impl Failure for ChargeError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::NotFound => NOT_FOUND,
            Self::ChannelUnavailable => CHANNEL_UNAVAILABLE,
            Self::UnderWay(_) => TOP_UP_UNDER_WAY,
            Self::WrongState(_) | Self::ReleaseDecided(_) => WRONG_STATE,
            Self::ReleaseExists(_) => RELEASE_EXISTS,
            Self::ReleasesSpent => RELEASES_SPENT,
            Self::OwnProposal => OWN_ADJUSTMENT,
            Self::OwnWallet => OWN_WALLET,
            Self::Refused(..) => INVALID_FIELDS,
            Self::Account(error) => error.code(),
            Self::LeaseLost | Self::Ledger(_) => UNEXPECTED,
            Self::Database(error) => database_code(error),
        }
    }

    fn fields(&self) -> Vec<FieldProblem> {
        match self {
            Self::Refused(pointer, Invalid(code)) => {
                vec![FieldProblem { pointer: (*pointer).to_owned(), code }]
            }
            _ => Vec::new(),
        }
    }

    fn retry_after_seconds(&self) -> Option<u64> {
        match self {
            Self::Database(error) => error.retry_after_seconds(),
            Self::Account(error) => error.retry_after_seconds(),
            _ => None,
        }
    }

    fn member(&self) -> Option<(&'static str, String)> {
        match self {
            Self::UnderWay(charge) => Some(("top_up_id", charge.to_string())),
            Self::WrongState(state) => Some(("state", state.as_str().to_owned())),
            Self::ReleaseExists(release) => Some(("release_id", release.to_string())),
            Self::ReleaseDecided(state) => Some(("state", state.as_str().to_owned())),
            _ => None,
        }
    }
}
