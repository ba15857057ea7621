use database::{DatabaseError, UnitError};
use http_kit::{
    ErrorCode, Failure, FieldProblem, INVALID_FIELDS, NOT_FOUND, UNEXPECTED, database_code,
};
use ledger::LedgerError;
use primitives::{Invalid, TopUpId};

use crate::withdrawal::CHANNEL_UNAVAILABLE;

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
    /// The amount is beyond what the channel takes.
    #[error("the amount is unacceptable")]
    Amount(Invalid),
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
            Self::Amount(_) => INVALID_FIELDS,
            Self::LeaseLost | Self::Ledger(_) => UNEXPECTED,
            Self::Database(error) => database_code(error),
        }
    }

    fn fields(&self) -> Vec<FieldProblem> {
        match self {
            Self::Amount(Invalid(code)) => {
                vec![FieldProblem { pointer: "/amount_rupiah".to_owned(), code }]
            }
            _ => Vec::new(),
        }
    }

    fn retry_after_seconds(&self) -> Option<u64> {
        match self {
            Self::Database(error) => error.retry_after_seconds(),
            _ => None,
        }
    }

    fn member(&self) -> Option<(&'static str, String)> {
        match self {
            Self::UnderWay(charge) => Some(("top_up_id", charge.to_string())),
            _ => None,
        }
    }
}
