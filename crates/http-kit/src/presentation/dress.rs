use actix_web::{
    HttpResponse,
    body::BoxBody,
    dev::ServiceResponse,
    http::{
        Method, StatusCode,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
};

use crate::{RequestFacts, identity::Presented};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What every answer of ours wears, whatever it says.
pub(super) fn common(
    response: &mut ServiceResponse<BoxBody>,
    facts: &RequestFacts,
    method: &Method,
) {
    let signed_in = Presented::account(response.request()).is_some();
    let private = signed_in || *method != Method::GET || response.status().is_client_error();
    let headers = response.headers_mut();
    if let Ok(request_id) = HeaderValue::from_str(&facts.request_id) {
        headers.insert(REQUEST_ID, request_id);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.append(header::VARY, HeaderValue::from_static("accept-language"));
    if private && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if headers.contains_key(header::CONTENT_TYPE) && !headers.contains_key(header::CONTENT_LANGUAGE)
    {
        let language = HeaderValue::from_static(facts.language.tag());
        headers.insert(header::CONTENT_LANGUAGE, language);
    }
}

/// The same for a refusal that reaches the caller without passing `common`.
pub(super) fn of_every_refusal(facts: &RequestFacts) -> [(String, String); 4] {
    [
        (REQUEST_ID, facts.request_id.as_str()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::VARY, "accept-language"),
        (header::CACHE_CONTROL, "no-store"),
    ]
    .map(|(name, value)| (name.as_str().to_owned(), value.to_owned()))
}

/// Another answer in the place of this one, with the headers that inner middleware had added.
pub(super) fn replaced(
    response: ServiceResponse<BoxBody>,
    mut other: HttpResponse,
) -> ServiceResponse<BoxBody> {
    for (name, value) in response.headers() {
        let about_the_body = name == header::CONTENT_TYPE || name == header::CONTENT_LENGTH;
        if !about_the_body && !other.headers().contains_key(name) {
            other.headers_mut().append(name.clone(), value.clone());
        }
    }
    response.into_response(other)
}

/// The 304 for an answer that the caller has already.
pub(super) fn not_modified(response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    replaced(response, HttpResponse::new(StatusCode::NOT_MODIFIED))
}

/// True when `If-None-Match` names the answer's tag; weakly compared, as RFC 9110 has it for reading.
pub(super) fn matches(known: &HeaderValue, headers: &HeaderMap) -> bool {
    let tag = headers.get(header::ETAG).and_then(|tag| tag.to_str().ok());
    let (Some(tag), Ok(known)) = (tag, known.to_str()) else { return false };
    known.split(',').map(str::trim).any(|one| one == "*" || one.trim_start_matches("W/") == tag)
}
