use collectors::CollectorError;
use database::{DatabaseError, UnitError};
use http_kit::{
    ErrorCode, Failure, FieldProblem, Fields, INVALID_FIELDS, NOT_FOUND, UNEXPECTED, WRONG_STATE,
    database_code,
};
use ledger::LedgerError;
use primitives::{DeliveryId, Invalid};

use crate::{DeliveryStateName, WrongState};

/// Why something about a delivery was refused. The unit of work that met it must be undone.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// No such delivery or region, or none of the caller's business.
    #[error("delivery not found")]
    NotFound,
    /// The collector withdraws, the facility receives and refuses.
    #[error("this is for the other side to do")]
    OtherSide,
    /// The collector has another delivery under way.
    #[error("delivery {0} is under way")]
    UnderWay(DeliveryId),
    /// The collector does not carry so much of a material.
    #[error("not so much {0} is carried")]
    CarriedInsufficient(String),
    /// Not from this state.
    #[error("the delivery is {0:?}")]
    WrongState(DeliveryStateName),
    /// The command says something that cannot be.
    #[error("the command has unacceptable fields")]
    Refused(Vec<FieldProblem>),
    /// The collector or the facility is not what it should be.
    #[error(transparent)]
    Collector(#[from] CollectorError),
    /// The books said no to something that our code should not have asked.
    #[error("the ledger refused")]
    Ledger(#[source] LedgerError),
    /// The database could not.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

const OTHER_SIDE: ErrorCode = ErrorCode { code: "other_sides_delivery", status: 403 };
const UNDER_WAY: ErrorCode = ErrorCode { code: "delivery_under_way", status: 409 };
const CARRIED_INSUFFICIENT: ErrorCode = ErrorCode { code: "carried_insufficient", status: 409 };

/// The codes of this crate; each has a text in both languages.
pub const CODES: &[ErrorCode] = &[OTHER_SIDE, UNDER_WAY, CARRIED_INSUFFICIENT];

impl DeliveryError {
    pub(crate) fn field(pointer: &str, Invalid(code): Invalid) -> Self {
        Self::Refused(vec![FieldProblem { pointer: pointer.to_owned(), code }])
    }

    /// Refuses everything that was found at once.
    pub(crate) fn unless_acceptable(fields: Fields) -> Result<(), Self> {
        if fields.is_empty() { Ok(()) } else { Err(Self::Refused(fields.into_problems())) }
    }
}

impl From<WrongState> for DeliveryError {
    fn from(WrongState(state): WrongState) -> Self {
        Self::WrongState(state)
    }
}

impl From<LedgerError> for DeliveryError {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Insufficient { account, .. } => {
                let material = account.rsplit(':').next().unwrap_or_default();
                Self::CarriedInsufficient(material.to_owned())
            }
            LedgerError::Database(error) => Self::Database(error),
            other => Self::Ledger(other),
        }
    }
}

impl UnitError for DeliveryError {
    fn database(&self) -> Option<&DatabaseError> {
        match self {
            Self::Database(error) => Some(error),
            Self::Collector(error) => error.database(),
            Self::Ledger(error) => error.database(),
            _ => None,
        }
    }
}

impl Failure for DeliveryError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::NotFound => NOT_FOUND,
            Self::OtherSide => OTHER_SIDE,
            Self::UnderWay(_) => UNDER_WAY,
            Self::CarriedInsufficient(_) => CARRIED_INSUFFICIENT,
            Self::WrongState(_) => WRONG_STATE,
            Self::Refused(_) => INVALID_FIELDS,
            Self::Collector(error) => error.code(),
            Self::Ledger(_) => UNEXPECTED,
            Self::Database(error) => database_code(error),
        }
    }

    fn fields(&self) -> Vec<FieldProblem> {
        match self {
            Self::Refused(fields) => fields.clone(),
            Self::Collector(error) => error.fields(),
            _ => Vec::new(),
        }
    }

    fn retry_after_seconds(&self) -> Option<u64> {
        self.database().and_then(Failure::retry_after_seconds)
    }

    fn member(&self) -> Option<(&'static str, String)> {
        match self {
            Self::UnderWay(delivery) => Some(("delivery_id", delivery.to_string())),
            Self::CarriedInsufficient(material) => Some(("material", material.clone())),
            Self::WrongState(state) => Some(("state", state.as_str().to_owned())),
            _ => None,
        }
    }
}
