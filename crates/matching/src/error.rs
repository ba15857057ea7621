use collectors::CollectorError;
use database::{DatabaseError, UnitError};
use http_kit::{
    ErrorCode, Failure, FieldProblem, INVALID_FIELDS, NOT_FOUND, VERSION_CONFLICT, WRONG_STATE,
};
use pickups::PickupError;
use reports::ReportError;

use crate::{OfferStateName, ranking::Ineligible};

/// Why collector and report did not come together.
#[derive(Debug, thiserror::Error)]
pub enum MatchingError {
    /// No such report or offer, or none of the caller's business.
    #[error("not found")]
    NotFound,
    /// The household wants to choose among offers.
    #[error("the report waits for offers")]
    NotInstant,
    /// The first to accept gets this report.
    #[error("the report does not wait for offers")]
    NotChoose,
    /// This collector may not take this report.
    #[error("the collector is not eligible: {}", .0.as_str())]
    NotEligible(Ineligible),
    /// He has offered already, and the household has not decided.
    #[error("an offer of this collector is pending")]
    OfferPending,
    /// The household changed its report since the offer was made.
    #[error("the report changed since the offer was made")]
    OfferOutdated,
    /// Not from this state.
    #[error("the offer is {0:?}")]
    WrongState(OfferStateName),
    /// Somebody changed the thing since the caller read it.
    #[error("changed meanwhile")]
    VersionConflict,
    /// The command says something that cannot be.
    #[error("the command has unacceptable fields")]
    Refused(Vec<FieldProblem>),
    /// The report said no.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// The collector's profile said no.
    #[error(transparent)]
    Collector(#[from] CollectorError),
    /// The job said no.
    #[error(transparent)]
    Pickup(#[from] PickupError),
    /// The database could not.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

const NOT_INSTANT: ErrorCode = ErrorCode { code: "report_not_instant", status: 409 };
const NOT_CHOOSE: ErrorCode = ErrorCode { code: "report_not_choose", status: 409 };
const NOT_ELIGIBLE: ErrorCode = ErrorCode { code: "collector_not_eligible", status: 409 };
const OFFER_PENDING: ErrorCode = ErrorCode { code: "offer_already_pending", status: 409 };
const OFFER_OUTDATED: ErrorCode = ErrorCode { code: "offer_outdated", status: 409 };

/// The codes of this crate; each has a text in both languages.
pub const CODES: &[ErrorCode] =
    &[NOT_INSTANT, NOT_CHOOSE, NOT_ELIGIBLE, OFFER_PENDING, OFFER_OUTDATED];

impl MatchingError {
    /// The error of another crate that is passed on as it is.
    fn passed_on(&self) -> Option<&dyn Failure> {
        match self {
            Self::Report(error) => Some(error),
            Self::Collector(error) => Some(error),
            Self::Pickup(error) => Some(error),
            Self::Database(error) => Some(error),
            _ => None,
        }
    }
}

impl UnitError for MatchingError {
    fn database(&self) -> Option<&DatabaseError> {
        match self {
            Self::Database(error) => Some(error),
            Self::Report(error) => error.database(),
            Self::Collector(error) => error.database(),
            Self::Pickup(error) => error.database(),
            _ => None,
        }
    }
}

impl Failure for MatchingError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::NotFound => NOT_FOUND,
            Self::NotInstant => NOT_INSTANT,
            Self::NotChoose => NOT_CHOOSE,
            Self::NotEligible(_) => NOT_ELIGIBLE,
            Self::OfferPending => OFFER_PENDING,
            Self::OfferOutdated => OFFER_OUTDATED,
            Self::WrongState(_) => WRONG_STATE,
            Self::VersionConflict => VERSION_CONFLICT,
            Self::Refused(_) => INVALID_FIELDS,
            Self::Report(error) => error.code(),
            Self::Collector(error) => error.code(),
            Self::Pickup(error) => error.code(),
            Self::Database(error) => error.code(),
        }
    }

    fn fields(&self) -> Vec<FieldProblem> {
        match self {
            Self::Refused(fields) => fields.clone(),
            _ => self.passed_on().map(Failure::fields).unwrap_or_default(),
        }
    }

    fn retry_after_seconds(&self) -> Option<u64> {
        self.passed_on().and_then(Failure::retry_after_seconds)
    }

    fn member(&self) -> Option<(&'static str, String)> {
        match self {
            Self::NotEligible(reason) => Some(("reason", reason.as_str().to_owned())),
            Self::WrongState(state) => Some(("state", state.as_str().to_owned())),
            _ => self.passed_on().and_then(Failure::member),
        }
    }
}
