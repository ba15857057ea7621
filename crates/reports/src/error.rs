use database::{DatabaseError, UnitError};
use http_kit::{
    ErrorCode, Failure, FieldProblem, Fields, NOT_FOUND, VERSION_CONFLICT, WRONG_STATE,
    database_code,
};
use photos::PhotoError;
use primitives::Invalid;
use regions::PLACE_OUTSIDE_REGIONS;

use crate::{ReportStateName, state::WrongState};

/// Why something about a report was refused.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// No such report, or none of the caller's business.
    #[error("report not found")]
    NotFound,
    /// The id that the phone minted belongs to another report.
    #[error("the id belongs to another report")]
    IdTaken,
    /// Another collector was faster.
    #[error("another collector was faster")]
    AlreadyTaken,
    /// Not from this state.
    #[error("the report is {0:?}")]
    WrongState(ReportStateName),
    /// The report changed since the caller read it.
    #[error("the report changed meanwhile")]
    VersionConflict,
    /// No known region is anywhere near the pin.
    #[error("the place is outside of all known regions")]
    OutsideRegions,
    /// The command says something that cannot be.
    #[error("the command has unacceptable fields")]
    Refused(Vec<FieldProblem>),
    /// A photograph cannot be attached.
    #[error(transparent)]
    Photo(#[from] PhotoError),
    /// The database could not.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

const ID_TAKEN: ErrorCode = ErrorCode { code: "id_taken", status: 409 };
const ALREADY_TAKEN: ErrorCode = ErrorCode { code: "report_already_taken", status: 409 };

/// The codes of this crate; each has a text in both languages.
pub const CODES: &[ErrorCode] = &[ID_TAKEN, ALREADY_TAKEN];

impl ReportError {
    /// One field of the command is unacceptable.
    pub fn field(pointer: &str, Invalid(code): Invalid) -> Self {
        Self::Refused(vec![FieldProblem { pointer: pointer.to_owned(), code }])
    }

    /// Ends in a refusal when any field was refused.
    pub(crate) fn unless_acceptable(fields: Fields) -> Result<(), Self> {
        if fields.is_empty() { Ok(()) } else { Err(Self::Refused(fields.into_problems())) }
    }
}

impl From<WrongState> for ReportError {
    fn from(WrongState(state): WrongState) -> Self {
        Self::WrongState(state)
    }
}

impl UnitError for ReportError {
    fn database(&self) -> Option<&DatabaseError> {
        match self {
            Self::Database(error) => Some(error),
            Self::Photo(error) => error.database(),
            _ => None,
        }
    }
}

impl Failure for ReportError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::NotFound => NOT_FOUND,
            Self::IdTaken => ID_TAKEN,
            Self::AlreadyTaken => ALREADY_TAKEN,
            Self::WrongState(_) => WRONG_STATE,
            Self::VersionConflict => VERSION_CONFLICT,
            Self::OutsideRegions => PLACE_OUTSIDE_REGIONS,
            Self::Refused(_) => http_kit::INVALID_FIELDS,
            Self::Photo(error) => error.code(),
            Self::Database(error) => database_code(error),
        }
    }

    fn fields(&self) -> Vec<FieldProblem> {
        match self {
            Self::Refused(fields) => fields.clone(),
            Self::Photo(error) => error.fields(),
            _ => Vec::new(),
        }
    }

    fn retry_after_seconds(&self) -> Option<u64> {
        match self {
            Self::Photo(error) => error.retry_after_seconds(),
            Self::Database(error) => error.retry_after_seconds(),
            _ => None,
        }
    }

    fn member(&self) -> Option<(&'static str, String)> {
        match self {
            Self::WrongState(state) => Some(("state", state.as_str().to_owned())),
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
