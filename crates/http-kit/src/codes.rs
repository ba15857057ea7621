use actix_web::http::StatusCode;

use crate::ErrorCode;

const fn code(status: u16, code: &'static str) -> ErrorCode {
    ErrorCode { code, status }
}

/// The request makes no sense as HTTP.
pub const BAD_REQUEST: ErrorCode = code(400, "bad_request");
/// The body is no JSON, or says something twice.
pub const UNREADABLE_JSON: ErrorCode = code(400, "unreadable_json");
/// A key is required for this command.
pub const IDEMPOTENCY_KEY_MISSING: ErrorCode = code(400, "idempotency_key_missing");
/// The key is no 1–255 visible ASCII characters.
pub const IDEMPOTENCY_KEY_MALFORMED: ErrorCode = code(400, "idempotency_key_malformed");
/// No token, or one that is not ours, expired or revoked: which of them is nobody's business.
pub const UNAUTHENTICATED: ErrorCode = code(401, "unauthenticated");
/// The account has no collector's profile.
pub const COLLECTOR_PROFILE_REQUIRED: ErrorCode = code(403, "collector_profile_required");
/// The account has no such grant.
pub const STAFF_ROLE_REQUIRED: ErrorCode = code(403, "staff_role_required");
/// Unknown, or not the caller's to know of.
pub const NOT_FOUND: ErrorCode = code(404, "not_found");
/// The path exists, the verb does not.
pub const METHOD_NOT_ALLOWED: ErrorCode = code(405, "method_not_allowed");
/// The body did not arrive in time.
pub const REQUEST_TIMEOUT: ErrorCode = code(408, "request_timeout");
/// The same key is being worked on at this moment.
pub const REQUEST_IN_PROGRESS: ErrorCode = code(409, "request_in_progress");
/// The thing is in a state that does not allow the verb; its present one is the member `state`.
pub const WRONG_STATE: ErrorCode = code(409, "wrong_state");
/// Somebody changed the thing since the caller read it.
pub const VERSION_CONFLICT: ErrorCode = code(412, "version_conflict");
/// The body is larger than 64 KiB.
pub const PAYLOAD_TOO_LARGE: ErrorCode = code(413, "payload_too_large");
/// The body is not `application/json`.
pub const UNSUPPORTED_MEDIA_TYPE: ErrorCode = code(415, "unsupported_media_type");
/// Understood, but some members are not acceptable.
pub const INVALID_FIELDS: ErrorCode = code(422, "invalid_fields");
/// The cursor is not one of ours for this list.
pub const CURSOR_INVALID: ErrorCode = code(422, "cursor_invalid");
/// The key has already been used for another command.
pub const IDEMPOTENCY_KEY_REUSED: ErrorCode = code(422, "idempotency_key_reused");
/// `If-Match` is required.
pub const PRECONDITION_REQUIRED: ErrorCode = code(428, "precondition_required");
/// The caller is too fast.
pub const TOO_MANY_REQUESTS: ErrorCode = code(429, "too_many_requests");
/// Our own fault; the log knows which.
pub const UNEXPECTED: ErrorCode = code(500, "unexpected");
/// Not now; come back later.
pub const UNAVAILABLE: ErrorCode = code(503, "unavailable");

/// Every code above, for the document and for the test that each has its text.
pub const CODES: &[ErrorCode] = &[
    BAD_REQUEST,
    UNREADABLE_JSON,
    IDEMPOTENCY_KEY_MISSING,
    IDEMPOTENCY_KEY_MALFORMED,
    UNAUTHENTICATED,
    COLLECTOR_PROFILE_REQUIRED,
    STAFF_ROLE_REQUIRED,
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    REQUEST_TIMEOUT,
    REQUEST_IN_PROGRESS,
    WRONG_STATE,
    VERSION_CONFLICT,
    PAYLOAD_TOO_LARGE,
    UNSUPPORTED_MEDIA_TYPE,
    INVALID_FIELDS,
    CURSOR_INVALID,
    IDEMPOTENCY_KEY_REUSED,
    PRECONDITION_REQUIRED,
    TOO_MANY_REQUESTS,
    UNEXPECTED,
    UNAVAILABLE,
];

/// The code for a refusal that the framework made, of which only the status is known.
pub(crate) fn code_of_status(status: StatusCode) -> ErrorCode {
    match status.as_u16() {
        404 => NOT_FOUND,
        405 => METHOD_NOT_ALLOWED,
        408 => REQUEST_TIMEOUT,
        413 => PAYLOAD_TOO_LARGE,
        415 => UNSUPPORTED_MEDIA_TYPE,
        429 => TOO_MANY_REQUESTS,
        502..=504 => UNAVAILABLE,
        500.. => UNEXPECTED,
        _ => BAD_REQUEST,
    }
}
