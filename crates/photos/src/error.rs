use database::{DatabaseError, UnitError};
use http_kit::{
    ErrorCode, Failure, FieldProblem, INVALID_FIELDS, NOT_FOUND, UNAVAILABLE, UNEXPECTED,
    database_code,
};

use crate::darkroom::Flaw;

/// Why something about a photograph was refused.
#[derive(Debug, thiserror::Error)]
pub enum PhotoError {
    /// No such photograph, or none of the caller's business.
    #[error("photo not found")]
    NotFound,
    /// Neither JPEG nor PNG nor WebP, says the caller himself.
    #[error("the media type is not a photograph's")]
    WrongType,
    /// Broken, cut off, or something else than it claims to be.
    #[error("the photo cannot be read")]
    Unreadable,
    /// Decoding it would need more memory than a photograph may have.
    #[error("the photo has too many pixels")]
    TooManyPixels,
    /// An animation, or a WebP that is lossless or transparent.
    #[error("this form of picture is not supported")]
    UnsupportedForm,
    /// The account has uploaded enough for a day.
    #[error("the account has uploaded enough for now")]
    AllowanceSpent {
        /// When there is more.
        retry_after_seconds: u64,
    },
    /// Too many uploads at once, or this one took too long.
    #[error("the darkroom is busy")]
    Busy,
    /// Some of the named photographs cannot be attached.
    #[error("the command names photos that cannot be attached")]
    Refused(Vec<FieldProblem>),
    /// The row is there and its file is not.
    #[error("the file is missing")]
    FileMissing,
    /// The shelf could not.
    #[error("the shelf could not")]
    Shelf(#[from] object_store::Error),
    /// The database could not.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// The body of an upload is larger than 8 MiB.
pub(crate) const PHOTO_TOO_LARGE: ErrorCode = ErrorCode { code: "photo_too_large", status: 413 };
const WRONG_TYPE: ErrorCode = ErrorCode { code: "photo_type_unsupported", status: 415 };
const UNREADABLE: ErrorCode = ErrorCode { code: "photo_unreadable", status: 422 };
const TOO_MANY_PIXELS: ErrorCode = ErrorCode { code: "photo_too_many_pixels", status: 422 };
const UNSUPPORTED_FORM: ErrorCode = ErrorCode { code: "photo_form_unsupported", status: 422 };
const ALLOWANCE_SPENT: ErrorCode = ErrorCode { code: "photos_spent", status: 429 };

/// The codes of this crate; each has a text in both languages.
pub const CODES: &[ErrorCode] =
    &[PHOTO_TOO_LARGE, WRONG_TYPE, UNREADABLE, TOO_MANY_PIXELS, UNSUPPORTED_FORM, ALLOWANCE_SPENT];

impl From<Flaw> for PhotoError {
    fn from(flaw: Flaw) -> Self {
        match flaw {
            Flaw::Unreadable => Self::Unreadable,
            Flaw::TooManyPixels => Self::TooManyPixels,
            Flaw::UnsupportedForm => Self::UnsupportedForm,
        }
    }
}

impl UnitError for PhotoError {
    fn database(&self) -> Option<&DatabaseError> {
        match self {
            Self::Database(error) => Some(error),
            _ => None,
        }
    }
}

impl Failure for PhotoError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::NotFound => NOT_FOUND,
            Self::WrongType => WRONG_TYPE,
            Self::Unreadable => UNREADABLE,
            Self::TooManyPixels => TOO_MANY_PIXELS,
            Self::UnsupportedForm => UNSUPPORTED_FORM,
            Self::AllowanceSpent { .. } => ALLOWANCE_SPENT,
            Self::Refused(_) => INVALID_FIELDS,
            Self::Busy | Self::Shelf(_) => UNAVAILABLE,
            Self::FileMissing => UNEXPECTED,
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
        match self {
            Self::AllowanceSpent { retry_after_seconds } => Some(*retry_after_seconds),
            Self::Database(error) => error.retry_after_seconds(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use primitives::Language;

    #[test]
    fn every_code_has_its_text_in_both_languages() {
        assert_eq!(crate::TEXTS.untold(super::CODES), Vec::<String>::new());
        let keys = |language| crate::TEXTS.keys(language);
        assert_eq!(keys(Language::Indonesian), keys(Language::English));
    }
}
