use database::{DatabaseError, UnitError};
use http_kit::{ErrorCode, Failure, FieldProblem, INVALID_FIELDS, NOT_FOUND, database_code};

/// Why figures were refused.
#[derive(Debug, thiserror::Error)]
pub enum StatisticsError {
    /// No such region, or none of the caller's.
    #[error("region not found")]
    NotFound,
    /// The question makes no sense.
    #[error("the question has unacceptable fields")]
    Refused(FieldProblem),
    /// The database could not.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl StatisticsError {
    pub(crate) fn field(pointer: &str, code: &'static str) -> Self {
        Self::Refused(FieldProblem { pointer: pointer.to_owned(), code })
    }
}

impl UnitError for StatisticsError {
    fn database(&self) -> Option<&DatabaseError> {
        match self {
            Self::Database(error) => Some(error),
            Self::NotFound | Self::Refused(_) => None,
        }
    }
}

impl Failure for StatisticsError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::NotFound => NOT_FOUND,
            Self::Refused(_) => INVALID_FIELDS,
            Self::Database(error) => database_code(error),
        }
    }

    fn fields(&self) -> Vec<FieldProblem> {
        match self {
            Self::Refused(field) => vec![field.clone()],
            Self::NotFound | Self::Database(_) => Vec::new(),
        }
    }

    fn retry_after_seconds(&self) -> Option<u64> {
        self.database().and_then(Failure::retry_after_seconds)
    }
}
