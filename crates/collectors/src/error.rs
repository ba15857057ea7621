use database::{DatabaseError, UnitError};
use http_kit::{ErrorCode, Failure, FieldProblem, NOT_FOUND, VERSION_CONFLICT, database_code};

/// Why something about a collector was refused.
#[derive(Debug, thiserror::Error)]
pub enum CollectorError {
    /// No such collector, or none of the caller's business.
    #[error("collector not found")]
    NotFound,
    /// One collector per account.
    #[error("the account already has a collector")]
    Exists,
    /// Somebody else has the id that the phone minted.
    #[error("the id belongs to another collector")]
    IdTaken,
    /// The collector changed since the caller read it.
    #[error("the collector changed meanwhile")]
    VersionConflict,
    /// Only verified collectors take jobs.
    #[error("the collector is not verified")]
    NotVerified,
    /// Without prices nobody can choose him.
    #[error("no price list is in force")]
    PricesMissing,
    /// Nobody decides about himself.
    #[error("a member of staff may not decide about himself")]
    OwnCase,
    /// The command says something that cannot be.
    #[error("the command has unacceptable fields")]
    Refused(Vec<FieldProblem>),
    /// The database could not.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

const EXISTS: ErrorCode = ErrorCode { code: "collector_exists", status: 409 };
const ID_TAKEN: ErrorCode = ErrorCode { code: "collector_id_taken", status: 409 };
const NOT_VERIFIED: ErrorCode = ErrorCode { code: "collector_not_verified", status: 409 };
const PRICES_MISSING: ErrorCode = ErrorCode { code: "prices_missing", status: 409 };
const OWN_CASE: ErrorCode = ErrorCode { code: "own_case", status: 403 };

/// The codes of this crate; each has a text in both languages.
pub const CODES: &[ErrorCode] = &[EXISTS, ID_TAKEN, NOT_VERIFIED, PRICES_MISSING, OWN_CASE];

impl CollectorError {
    pub(crate) fn field(pointer: &str, code: &'static str) -> Self {
        Self::Refused(vec![FieldProblem { pointer: pointer.to_owned(), code }])
    }
}

impl UnitError for CollectorError {
    fn database(&self) -> Option<&DatabaseError> {
        match self {
            Self::Database(error) => Some(error),
            _ => None,
        }
    }
}

impl Failure for CollectorError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::NotFound => NOT_FOUND,
            Self::Exists => EXISTS,
            Self::IdTaken => ID_TAKEN,
            Self::VersionConflict => VERSION_CONFLICT,
            Self::NotVerified => NOT_VERIFIED,
            Self::PricesMissing => PRICES_MISSING,
            Self::OwnCase => OWN_CASE,
            Self::Refused(_) => http_kit::INVALID_FIELDS,
            Self::Database(error) => database_code(error),
        }
    }

    fn fields(&self) -> Vec<FieldProblem> {
        match self {
            Self::Refused(fields) => fields.clone(),
            _ => Vec::new(),
        }
    }

    fn retry_after_seconds(&self) -> Option<u64> {
        self.database().and_then(Failure::retry_after_seconds)
    }
}
