use database::{DatabaseError, UnitError};
use http_kit::{
    ErrorCode, Failure, FieldProblem, Fields, INVALID_FIELDS, NOT_FOUND, WRONG_STATE, database_code,
};
use photos::PhotoError;
use primitives::{Invalid, Rupiah};
use reports::ReportError;

use crate::{DepositRefused, PickupStateName, WrongState};

/// Why something about a job was refused.
#[derive(Debug, thiserror::Error)]
pub enum PickupError {
    /// No such job, or none of the caller's business.
    #[error("pickup not found")]
    NotFound,
    /// The caller is a party, but this is the other side's to do.
    #[error("this is the other side's to do")]
    OtherSide,
    /// A collector's own household.
    #[error("nobody fetches from himself")]
    OwnReport,
    /// A member of staff who is a party himself.
    #[error("nobody decides his own dispute")]
    OwnDispute,
    /// Not from this state.
    #[error("the pickup is {0:?}")]
    WrongState(PickupStateName),
    /// Not the code that the household sees.
    #[error("the handover code is wrong")]
    CodeWrong,
    /// Guessed wrong too often.
    #[error("the handover code was wrong too often")]
    CodeShut,
    /// The collector's wallet does not hold what the job may cost.
    #[error("{needed:?} needed, {available:?} available")]
    DepositInsufficient {
        /// What the job may cost.
        needed: Rupiah,
        /// What the collector may dispose of.
        available: Rupiah,
    },
    /// Stars are given once.
    #[error("already rated")]
    AlreadyRated,
    /// The command says something that cannot be.
    #[error("the command has unacceptable fields")]
    Refused(Vec<FieldProblem>),
    /// The report said no.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// A photograph cannot be attached.
    #[error(transparent)]
    Photo(#[from] PhotoError),
    /// The database could not.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

const OTHER_SIDE: ErrorCode = ErrorCode { code: "other_side_only", status: 403 };
const OWN_REPORT: ErrorCode = ErrorCode { code: "own_report", status: 403 };
const OWN_DISPUTE: ErrorCode = ErrorCode { code: "own_dispute", status: 403 };
const CODE_WRONG: ErrorCode = ErrorCode { code: "handover_code_wrong", status: 422 };
const CODE_SHUT: ErrorCode = ErrorCode { code: "handover_code_shut", status: 409 };
const DEPOSIT_INSUFFICIENT: ErrorCode = ErrorCode { code: "deposit_insufficient", status: 409 };
const ALREADY_RATED: ErrorCode = ErrorCode { code: "already_rated", status: 409 };

/// The codes of this crate; each has a text in both languages.
pub const CODES: &[ErrorCode] = &[
    OTHER_SIDE,
    OWN_REPORT,
    OWN_DISPUTE,
    CODE_WRONG,
    CODE_SHUT,
    DEPOSIT_INSUFFICIENT,
    ALREADY_RATED,
];

impl PickupError {
    /// One field of the command is unacceptable.
    pub(crate) fn field(pointer: &str, Invalid(code): Invalid) -> Self {
        Self::Refused(vec![FieldProblem { pointer: pointer.to_owned(), code }])
    }

    /// Ends in a refusal when any field was refused.
    pub(crate) fn unless_acceptable(fields: Fields) -> Result<(), Self> {
        if fields.is_empty() { Ok(()) } else { Err(Self::Refused(fields.into_problems())) }
    }
}

impl From<WrongState> for PickupError {
    fn from(WrongState(state): WrongState) -> Self {
        Self::WrongState(state)
    }
}

impl From<DepositRefused> for PickupError {
    fn from(refused: DepositRefused) -> Self {
        match refused {
            DepositRefused::Insufficient { needed, available } => {
                Self::DepositInsufficient { needed, available }
            }
            DepositRefused::Database(error) => error.into(),
        }
    }
}

impl UnitError for PickupError {
    fn database(&self) -> Option<&DatabaseError> {
        match self {
            Self::Database(error) => Some(error),
            Self::Report(error) => error.database(),
            Self::Photo(error) => error.database(),
            _ => None,
        }
    }
}

impl Failure for PickupError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::NotFound => NOT_FOUND,
            Self::OtherSide => OTHER_SIDE,
            Self::OwnReport => OWN_REPORT,
            Self::OwnDispute => OWN_DISPUTE,
            Self::WrongState(_) => WRONG_STATE,
            Self::CodeWrong => CODE_WRONG,
            Self::CodeShut => CODE_SHUT,
            Self::DepositInsufficient { .. } => DEPOSIT_INSUFFICIENT,
            Self::AlreadyRated => ALREADY_RATED,
            Self::Refused(_) => INVALID_FIELDS,
            Self::Report(error) => error.code(),
            Self::Photo(error) => error.code(),
            Self::Database(error) => database_code(error),
        }
    }

    fn fields(&self) -> Vec<FieldProblem> {
        match self {
            Self::Refused(fields) => fields.clone(),
            Self::CodeWrong => vec![FieldProblem {
                pointer: "/handover_code".to_owned(),
                code: "handover_code_wrong",
            }],
            Self::Report(error) => error.fields(),
            Self::Photo(error) => error.fields(),
            _ => Vec::new(),
        }
    }

    fn retry_after_seconds(&self) -> Option<u64> {
        match self {
            Self::Report(error) => error.retry_after_seconds(),
            Self::Photo(error) => error.retry_after_seconds(),
            Self::Database(error) => error.retry_after_seconds(),
            _ => None,
        }
    }

    fn member(&self) -> Option<(&'static str, String)> {
        match self {
            Self::WrongState(state) => Some(("state", state.as_str().to_owned())),
            Self::DepositInsufficient { needed, .. } => {
                Some(("needed_rupiah", needed.get().to_string()))
            }
            Self::Report(error) => error.member(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_code_has_its_text() {
        assert_eq!(crate::TEXTS.untold(super::CODES), Vec::<String>::new());
    }
}
