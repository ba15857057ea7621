use accounts::AccountError;
use database::{DatabaseError, UnitError};
use http_kit::{
    ErrorCode, Failure, FieldProblem, INVALID_FIELDS, NOT_FOUND, UNEXPECTED, WRONG_STATE,
    database_code,
};
use ledger::LedgerError;
use primitives::{Rupiah, WithdrawalId};

use super::WithdrawalStateName;
use crate::error::{BALANCE_INSUFFICIENT, OWN_WALLET};

/// Why something about a withdrawal was refused. The unit of work that met it must be undone.
#[derive(Debug, thiserror::Error)]
pub enum WithdrawalError {
    /// No such withdrawal, or none of the caller's business.
    #[error("withdrawal not found")]
    NotFound,
    /// This installation pays out through no gateway, or through none that knows the channel.
    #[error("no gateway serves this channel")]
    ChannelUnavailable,
    /// Another withdrawal of the account is under way.
    #[error("withdrawal {0} is under way")]
    UnderWay(WithdrawalId),
    /// A member of staff who would decide about his own money.
    #[error("nobody decides about his own wallet")]
    OwnWallet,
    /// Not from this state.
    #[error("the withdrawal is {0:?}")]
    WrongState(WithdrawalStateName),
    /// The wallet does not hold amount and fee.
    #[error("the wallet does not hold enough")]
    BalanceInsufficient,
    /// More than may leave the account today.
    #[error("only {} more may leave today", .0.get())]
    LimitExceeded(Rupiah),
    /// Some members of the command are unacceptable.
    #[error("the withdrawal is unacceptable")]
    Refused(Vec<FieldProblem>),
    /// Somebody else has the withdrawal by now; what was found out is void.
    #[error("the lease is lost")]
    LeaseLost,
    /// The member of staff did not prove to be himself.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The books said no to something that our code should not have asked.
    #[error("the ledger refused")]
    Ledger(#[source] LedgerError),
    /// The database could not.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

pub(crate) const WITHDRAWAL_UNDER_WAY: ErrorCode =
    ErrorCode { code: "withdrawal_under_way", status: 409 };
pub(crate) const WITHDRAWAL_LIMIT_EXCEEDED: ErrorCode =
    ErrorCode { code: "withdrawal_limit_exceeded", status: 409 };
pub(crate) const CHANNEL_UNAVAILABLE: ErrorCode =
    ErrorCode { code: "channel_unavailable", status: 409 };

impl From<LedgerError> for WithdrawalError {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Insufficient { .. } => Self::BalanceInsufficient,
            LedgerError::Database(error) => Self::Database(error),
            other => Self::Ledger(other),
        }
    }
}

impl UnitError for WithdrawalError {
    fn database(&self) -> Option<&DatabaseError> {
        match self {
            Self::Database(error) => Some(error),
            Self::Account(error) => error.database(),
            Self::Ledger(error) => error.database(),
            _ => None,
        }
    }
}

impl Failure for WithdrawalError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::NotFound => NOT_FOUND,
            Self::ChannelUnavailable => CHANNEL_UNAVAILABLE,
            Self::UnderWay(_) => WITHDRAWAL_UNDER_WAY,
            Self::OwnWallet => OWN_WALLET,
            Self::WrongState(_) => WRONG_STATE,
            Self::BalanceInsufficient => BALANCE_INSUFFICIENT,
            Self::LimitExceeded(_) => WITHDRAWAL_LIMIT_EXCEEDED,
            Self::Refused(_) => INVALID_FIELDS,
            Self::Account(error) => error.code(),
            Self::LeaseLost | Self::Ledger(_) => UNEXPECTED,
            Self::Database(error) => database_code(error),
        }
    }

    fn fields(&self) -> Vec<FieldProblem> {
        match self {
            Self::Refused(problems) => problems.clone(),
            _ => Vec::new(),
        }
    }

    fn retry_after_seconds(&self) -> Option<u64> {
        match self {
            Self::Account(error) => error.retry_after_seconds(),
            Self::Database(error) => error.retry_after_seconds(),
            _ => None,
        }
    }

    fn member(&self) -> Option<(&'static str, String)> {
        match self {
            Self::UnderWay(withdrawal) => Some(("withdrawal_id", withdrawal.to_string())),
            Self::WrongState(state) => Some(("state", state.as_str().to_owned())),
            Self::LimitExceeded(remaining) => {
                Some(("remaining_today_rupiah", remaining.get().to_string()))
            }
            _ => None,
        }
    }
}
