use database::{DatabaseError, UnitError};
use http_kit::{
    ErrorCode, Failure, FieldProblem, INVALID_FIELDS, NOT_FOUND, UNEXPECTED, database_code,
};
use ledger::LedgerError;
use primitives::{Invalid, ReconciliationId};

use crate::{WithdrawalError, error::OWN_WALLET};

/// Why something about a reconciliation was refused. The unit of work that met it must be undone.
#[derive(Debug, thiserror::Error)]
pub enum ReconciliationError {
    /// No such reconciliation or payout in it, or the gateway is not configured here.
    #[error("reconciliation not found")]
    NotFound,
    /// One of the gateway is under way.
    #[error("reconciliation {0} is under way")]
    UnderWay(ReconciliationId),
    /// The books agree about this payout, or nobody has to look into it yet.
    #[error("there is nothing to explain")]
    NothingToExplain,
    /// Somebody has said something else before.
    #[error("the difference is explained")]
    AlreadyExplained,
    /// A member of staff who would explain his own withdrawal.
    #[error("nobody explains his own withdrawal")]
    OwnWallet,
    /// One member of the command is unacceptable.
    #[error("{0} is unacceptable")]
    Refused(&'static str, Invalid),
    /// Somebody else has it by now; what was read is void.
    #[error("the lease is lost")]
    LeaseLost,
    /// A withdrawal could not be told of what was found.
    #[error(transparent)]
    Withdrawal(#[from] WithdrawalError),
    /// The books said no to something that our code should not have asked.
    #[error("the ledger refused")]
    Ledger(#[source] LedgerError),
    /// The database could not.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

pub(crate) const RECONCILIATION_UNDER_WAY: ErrorCode =
    ErrorCode { code: "reconciliation_under_way", status: 409 };
pub(crate) const NOTHING_TO_EXPLAIN: ErrorCode =
    ErrorCode { code: "nothing_to_explain", status: 409 };
pub(crate) const ALREADY_EXPLAINED: ErrorCode =
    ErrorCode { code: "already_explained", status: 409 };

impl From<LedgerError> for ReconciliationError {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Database(error) => Self::Database(error),
            other => Self::Ledger(other),
        }
    }
}

impl UnitError for ReconciliationError {
    fn database(&self) -> Option<&DatabaseError> {
        match self {
            Self::Database(error) => Some(error),
            Self::Withdrawal(error) => error.database(),
            Self::Ledger(error) => error.database(),
            _ => None,
        }
    }
}

impl Failure for ReconciliationError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::NotFound => NOT_FOUND,
            Self::UnderWay(_) => RECONCILIATION_UNDER_WAY,
            Self::NothingToExplain => NOTHING_TO_EXPLAIN,
            Self::AlreadyExplained => ALREADY_EXPLAINED,
            Self::OwnWallet => OWN_WALLET,
            Self::Refused(..) => INVALID_FIELDS,
            Self::LeaseLost | Self::Ledger(_) => UNEXPECTED,
            Self::Withdrawal(error) => error.code(),
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
            _ => None,
        }
    }

    fn member(&self) -> Option<(&'static str, String)> {
        match self {
            Self::UnderWay(id) => Some(("reconciliation_id", id.to_string())),
            _ => None,
        }
    }
}
