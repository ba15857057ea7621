use database::{DatabaseError, UnitError};
use http_kit::{ErrorCode, Failure, NOT_FOUND, UNEXPECTED, VERSION_CONFLICT, database_code};

/// What can go wrong between a person and their account.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The phone has been sent a message within the minute, or five within 24 hours.
    #[error("the phone has been sent enough messages for now")]
    TooManyCodes {
        /// When the next one may be sent.
        retry_after_seconds: u64,
    },
    /// The whole system has sent what it may send within an hour.
    #[error("the hour's messages are spent")]
    MessagesSpent {
        /// When there are more.
        retry_after_seconds: u64,
    },
    /// There have been so many wrong codes that somebody must be guessing.
    #[error("too many wrong codes today")]
    SignInPaused {
        /// When signing in works again.
        retry_after_seconds: u64,
    },
    /// So many wrong second factors were shown for this account that somebody must be guessing.
    #[error("too many wrong second factors today")]
    SecondFactorPaused {
        /// When it is asked again.
        retry_after_seconds: u64,
    },
    /// The code does not fit the challenge.
    #[error("wrong code")]
    CodeWrong,
    /// The challenge is unknown, used, expired or has been tried five times.
    #[error("the challenge is closed")]
    ChallengeClosed,
    /// Staff need their second factor.
    #[error("a second factor is required")]
    SecondFactorRequired,
    /// The second factor's code is wrong or has been used.
    #[error("wrong second factor")]
    SecondFactorWrong,
    /// The account has no second factor, so it cannot be staff.
    #[error("the account has no second factor")]
    SecondFactorMissing,
    /// The invitation is unknown, used, expired or for another phone.
    #[error("the invitation is not valid")]
    InvitationInvalid,
    /// The refresh token is unknown, or its session is over.
    #[error("the refresh token is not valid")]
    RefreshTokenInvalid,
    /// The account may not be used.
    #[error("the account is suspended")]
    Suspended,
    /// Not the caller's, or nobody's.
    #[error("not found")]
    NotFound,
    /// The account has changed since it was read.
    #[error("the account has changed since it was read")]
    VersionConflict,
    /// The token could not be signed.
    #[error("signing the access token failed")]
    Signing(#[from] jsonwebtoken::errors::Error),
    /// The database's own trouble.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl UnitError for AccountError {
    fn database(&self) -> Option<&DatabaseError> {
        match self {
            Self::Database(error) => Some(error),
            _ => None,
        }
    }
}

const fn code(status: u16, code: &'static str) -> ErrorCode {
    ErrorCode { code, status }
}

const CODE_WRONG: ErrorCode = code(401, "code_wrong");
const CHALLENGE_CLOSED: ErrorCode = code(401, "challenge_closed");
const SECOND_FACTOR_REQUIRED: ErrorCode = code(401, "second_factor_required");
const SECOND_FACTOR_WRONG: ErrorCode = code(401, "second_factor_wrong");
const INVITATION_INVALID: ErrorCode = code(401, "invitation_invalid");
const REFRESH_TOKEN_INVALID: ErrorCode = code(401, "refresh_token_invalid");
const ACCOUNT_SUSPENDED: ErrorCode = code(403, "account_suspended");
const SECOND_FACTOR_MISSING: ErrorCode = code(409, "second_factor_missing");
const TOO_MANY_CODES: ErrorCode = code(429, "too_many_codes");
const MESSAGES_SPENT: ErrorCode = code(429, "messages_spent");
const SIGN_IN_PAUSED: ErrorCode = code(429, "sign_in_paused");
const SECOND_FACTOR_PAUSED: ErrorCode = code(429, "second_factor_paused");

/// Every code of this crate.
pub const CODES: &[ErrorCode] = &[
    CODE_WRONG,
    CHALLENGE_CLOSED,
    SECOND_FACTOR_REQUIRED,
    SECOND_FACTOR_WRONG,
    INVITATION_INVALID,
    REFRESH_TOKEN_INVALID,
    ACCOUNT_SUSPENDED,
    SECOND_FACTOR_MISSING,
    TOO_MANY_CODES,
    MESSAGES_SPENT,
    SIGN_IN_PAUSED,
    SECOND_FACTOR_PAUSED,
];

impl Failure for AccountError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::TooManyCodes { .. } => TOO_MANY_CODES,
            Self::MessagesSpent { .. } => MESSAGES_SPENT,
            Self::SignInPaused { .. } => SIGN_IN_PAUSED,
            Self::SecondFactorPaused { .. } => SECOND_FACTOR_PAUSED,
            Self::CodeWrong => CODE_WRONG,
            Self::ChallengeClosed => CHALLENGE_CLOSED,
            Self::SecondFactorRequired => SECOND_FACTOR_REQUIRED,
            Self::SecondFactorWrong => SECOND_FACTOR_WRONG,
            Self::SecondFactorMissing => SECOND_FACTOR_MISSING,
            Self::InvitationInvalid => INVITATION_INVALID,
            Self::RefreshTokenInvalid => REFRESH_TOKEN_INVALID,
            Self::Suspended => ACCOUNT_SUSPENDED,
            Self::NotFound => NOT_FOUND,
            Self::VersionConflict => VERSION_CONFLICT,
            Self::Signing(_) => UNEXPECTED,
            Self::Database(error) => database_code(error),
        }
    }

    fn retry_after_seconds(&self) -> Option<u64> {
        match self {
            Self::TooManyCodes { retry_after_seconds }
            | Self::MessagesSpent { retry_after_seconds }
            | Self::SignInPaused { retry_after_seconds }
            | Self::SecondFactorPaused { retry_after_seconds } => Some(*retry_after_seconds),
            Self::Database(error) => error.retry_after_seconds(),
            _ => None,
        }
    }
}
