use std::{collections::BTreeMap, error::Error, fmt, sync::Arc};

use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{ErrorCode, Failure, FieldProblem};

/// A refusal on its way out: a code and what the caller may know; the cause stays with us.
#[derive(Clone)]
pub struct Problem(Box<Told>);

#[derive(Clone)]
struct Told {
    code: ErrorCode,
    fields: Vec<FieldProblem>,
    retry_after_seconds: Option<u64>,
    member: Option<(&'static str, String)>,
    cause: Option<Arc<dyn Error + Send + Sync>>,
}

impl Problem {
    /// A refusal of which the code says everything.
    pub fn new(code: ErrorCode) -> Self {
        let (fields, retry_after_seconds, member, cause) = (Vec::new(), None, None, None);
        Self(Box::new(Told { code, fields, retry_after_seconds, member, cause }))
    }

    /// Adds the members that were at fault.
    pub fn with_fields(mut self, fields: Vec<FieldProblem>) -> Self {
        self.0.fields = fields;
        self
    }

    /// Adds when to come back.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after_seconds = Some(seconds);
        self
    }

    /// Which refusal this is.
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// The members that were at fault.
    pub fn fields(&self) -> &[FieldProblem] {
        &self.0.fields
    }

    pub(crate) fn retry_after_seconds(&self) -> Option<u64> {
        self.0.retry_after_seconds
    }

    pub(crate) fn member(&self) -> Option<&(&'static str, String)> {
        self.0.member.as_ref()
    }

    /// The chain of causes in one line, for the log and for nobody else.
    pub(crate) fn causes(&self) -> String {
        let first = self.0.cause.as_deref().map(|cause| cause as &dyn Error);
        std::iter::successors(first, |error| (*error).source())
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(": ")
    }
}

impl<E: Failure> From<E> for Problem {
    fn from(failure: E) -> Self {
        Self(Box::new(Told {
            code: failure.code(),
            fields: failure.fields(),
            retry_after_seconds: failure.retry_after_seconds(),
            member: failure.member(),
            cause: Some(Arc::new(failure)),
        }))
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Problem").field(&self.0.code).field(&self.0.fields).finish()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.code.code)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.code.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Only the status: `present` knows the caller's language and writes the body.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// Why a request was refused (RFC 9457); further members such as `state` may stand beside these.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemBody {
    /// A name for this kind of problem, `urn:jumpa-madu:problem:<code>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind of problem in a few words, in the caller's language.
    pub title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What to do about it, in the caller's language.
    pub detail: String,
    /// The path that was asked for.
    pub instance: String,
    /// The stable word that programs decide by.
    pub code: String,
    /// What to tell support.
    pub request_id: String,
    /// Each member that was at fault; only with 422.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<FieldProblemBody>,
    /// The present state, when that is what stands in the way.
    #[serde(flatten)]
    #[schema(ignore)]
    pub member: BTreeMap<&'static str, String>,
}

/// One member that was at fault.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldProblemBody {
    /// A JSON pointer into the body such as `/items/0/material`, or `?name` for the query.
    pub pointer: String,
    /// The stable word.
    pub code: &'static str,
    /// A sentence in the caller's language.
    pub detail: String,
}
