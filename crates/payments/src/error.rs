use accounts::AccountError;
use database::{DatabaseError, UnitError};
use http_kit::{
    ErrorCode, Failure, FieldProblem, INVALID_FIELDS, NOT_FOUND, UNEXPECTED, WRONG_STATE,
    database_code,
};
use ledger::LedgerError;
use photos::PhotoError;
use pickups::PickupError;
use primitives::{Invalid, PaymentId};

use crate::{
    ProposalStateName,
    charge::{RELEASE_EXISTS, RELEASES_SPENT, TOP_UP_UNDER_WAY},
    inbox::NOTIFICATION_UNVERIFIED,
    payment::{PaymentStateName, WrongState},
    reconciliation::{ALREADY_EXPLAINED, NOTHING_TO_EXPLAIN, RECONCILIATION_UNDER_WAY},
    withdrawal::{CHANNEL_UNAVAILABLE, WITHDRAWAL_LIMIT_EXCEEDED, WITHDRAWAL_UNDER_WAY},
};

/// Why something about money was refused. The unit of work that met it must be undone.
#[derive(Debug, thiserror::Error)]
pub enum PaymentError {
    /// No such payment or person, or none of the caller's business.
    #[error("payment not found")]
    NotFound,
    /// The job is not paid yet.
    #[error("there is no receipt yet")]
    NoReceiptYet,
    /// The job has a payment that counts.
    #[error("the pickup has payment {0}")]
    PaymentExists(PaymentId),
    /// Not from this state.
    #[error("the payment is {0:?}")]
    WrongState(PaymentStateName),
    /// The other side, or the house, has opened a dispute that is not decided yet.
    #[error("a dispute is open")]
    DisputeOpen,
    /// Staff have decided about this payment.
    #[error("the dispute was decided")]
    DisputeDecided,
    /// The wallet does not hold enough.
    #[error("the wallet does not hold enough")]
    BalanceInsufficient,
    /// Not from this state.
    #[error("the proposal is {0:?}")]
    ProposalDecided(ProposalStateName),
    /// A maker who would release what he proposed.
    #[error("nobody decides what he proposed")]
    OwnProposal,
    /// The maker has proposed what he may within a day.
    #[error("the maker has proposed enough for today")]
    AdjustmentsSpent,
    /// A member of staff who would fill a wallet of his own.
    #[error("nobody tops up his own wallet")]
    OwnWallet,
    /// One member of the command is unacceptable.
    #[error("{pointer} is unacceptable")]
    Refused {
        /// Which.
        pointer: &'static str,
        /// Why.
        code: &'static str,
    },
    /// The second factor said no.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The job said no.
    #[error(transparent)]
    Pickup(#[from] PickupError),
    /// A photograph cannot be attached.
    #[error(transparent)]
    Photo(#[from] PhotoError),
    /// The books said no to something that our code should not have asked.
    #[error("the ledger refused")]
    Ledger(#[source] LedgerError),
    /// The database could not.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

const NO_RECEIPT_YET: ErrorCode = ErrorCode { code: "no_receipt_yet", status: 404 };
const PAYMENT_EXISTS: ErrorCode = ErrorCode { code: "payment_exists", status: 409 };
pub(crate) const BALANCE_INSUFFICIENT: ErrorCode =
    ErrorCode { code: "balance_insufficient", status: 409 };
const DISPUTE_OPEN: ErrorCode = ErrorCode { code: "dispute_open", status: 409 };
const DISPUTE_DECIDED: ErrorCode = ErrorCode { code: "dispute_decided", status: 409 };
pub(crate) const OWN_ADJUSTMENT: ErrorCode = ErrorCode { code: "own_adjustment", status: 403 };
const ADJUSTMENTS_SPENT: ErrorCode = ErrorCode { code: "adjustments_spent", status: 409 };
pub(crate) const OWN_WALLET: ErrorCode = ErrorCode { code: "own_wallet", status: 403 };
/// Told on staff's view of a gateway, not as an answer: nobody's request is refused for it.
pub(crate) const PAYOUTS_QUARANTINED: ErrorCode =
    ErrorCode { code: "payouts_quarantined", status: 409 };

/// The codes of this crate; each has a text in both languages.
pub const CODES: &[ErrorCode] = &[
    NO_RECEIPT_YET,
    PAYMENT_EXISTS,
    DISPUTE_OPEN,
    DISPUTE_DECIDED,
    BALANCE_INSUFFICIENT,
    OWN_WALLET,
    OWN_ADJUSTMENT,
    ADJUSTMENTS_SPENT,
    WITHDRAWAL_UNDER_WAY,
    WITHDRAWAL_LIMIT_EXCEEDED,
    CHANNEL_UNAVAILABLE,
    NOTIFICATION_UNVERIFIED,
    TOP_UP_UNDER_WAY,
    RELEASE_EXISTS,
    RELEASES_SPENT,
    RECONCILIATION_UNDER_WAY,
    NOTHING_TO_EXPLAIN,
    ALREADY_EXPLAINED,
    PAYOUTS_QUARANTINED,
];

impl PaymentError {
    /// One member of the command is unacceptable.
    pub(crate) const fn field(pointer: &'static str, Invalid(code): Invalid) -> Self {
        Self::Refused { pointer, code }
    }
}

impl From<WrongState> for PaymentError {
    fn from(WrongState(state): WrongState) -> Self {
        Self::WrongState(state)
    }
}

impl From<LedgerError> for PaymentError {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Insufficient { .. } => Self::BalanceInsufficient,
            LedgerError::Database(error) => Self::Database(error),
            other => Self::Ledger(other),
        }
    }
}

impl UnitError for PaymentError {
    fn database(&self) -> Option<&DatabaseError> {
        match self {
            Self::Database(error) => Some(error),
            Self::Account(error) => error.database(),
            Self::Pickup(error) => error.database(),
            Self::Photo(error) => error.database(),
            Self::Ledger(error) => error.database(),
            _ => None,
        }
    }
}

impl Failure for PaymentError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::NotFound => NOT_FOUND,
            Self::NoReceiptYet => NO_RECEIPT_YET,
            Self::PaymentExists(_) => PAYMENT_EXISTS,
            Self::WrongState(_) | Self::ProposalDecided(_) => WRONG_STATE,
            Self::DisputeOpen => DISPUTE_OPEN,
            Self::DisputeDecided => DISPUTE_DECIDED,
            Self::BalanceInsufficient => BALANCE_INSUFFICIENT,
            Self::OwnWallet => OWN_WALLET,
            Self::OwnProposal => OWN_ADJUSTMENT,
            Self::AdjustmentsSpent => ADJUSTMENTS_SPENT,
            Self::Refused { .. } => INVALID_FIELDS,
            Self::Account(error) => error.code(),
            Self::Pickup(error) => error.code(),
            Self::Photo(error) => error.code(),
            Self::Ledger(_) => UNEXPECTED,
            Self::Database(error) => database_code(error),
        }
    }

    fn fields(&self) -> Vec<FieldProblem> {
        match self {
            Self::Refused { pointer, code } => {
                vec![FieldProblem { pointer: (*pointer).to_owned(), code }]
            }
            Self::Pickup(error) => error.fields(),
            Self::Photo(error) => error.fields(),
            _ => Vec::new(),
        }
    }

    fn retry_after_seconds(&self) -> Option<u64> {
        match self {
            Self::Account(error) => error.retry_after_seconds(),
            Self::Pickup(error) => error.retry_after_seconds(),
            Self::Photo(error) => error.retry_after_seconds(),
            Self::Database(error) => error.retry_after_seconds(),
            _ => None,
        }
    }

    fn member(&self) -> Option<(&'static str, String)> {
        match self {
            Self::PaymentExists(payment) => Some(("payment_id", payment.to_string())),
            Self::WrongState(state) => Some(("state", state.as_str().to_owned())),
            Self::ProposalDecided(state) => Some(("state", state.as_str().to_owned())),
            Self::Pickup(error) => error.member(),
            _ => None,
        }
    }
}
