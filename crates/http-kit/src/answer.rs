use actix_web::{
    HttpResponse,
    http::header::{self, HeaderName, HeaderValue},
};
use bytestring::ByteString;
use serde::Serialize;

use crate::{
    Problem, UNEXPECTED,
    reply::{Reply, response},
};

/// A successful answer as plain data, so that it can be stored with the work it answers for.
#[derive(Debug, Clone)]
pub struct Answer {
    status: u16,
    version: Option<i64>,
    location: Option<String>,
    body: Body,
}

#[derive(Debug, Clone)]
enum Body {
    Nothing,
    /// Shared, so that an answer that is given again and again is never copied.
    Json(ByteString),
    /// The view could not be written as JSON: our own fault, found out before anything is committed.
    Unwritable,
}

impl Answer {
    /// 200 with a view.
    pub fn ok(view: &impl Serialize) -> Self {
        Self::with(200, Body::of(view))
    }

    /// 201 with a view, and where it can be read from now on.
    pub fn created(location: impl Into<String>, view: &impl Serialize) -> Self {
        Self { location: Some(location.into()), ..Self::with(201, Body::of(view)) }
    }

    /// 202 with a view: begun, not finished.
    pub fn accepted(view: &impl Serialize) -> Self {
        Self::with(202, Body::of(view))
    }

    /// 204.
    pub fn no_content() -> Self {
        Self::with(204, Body::Nothing)
    }

    /// Sets the strong `ETag`.
    pub fn version(self, version: i64) -> Self {
        Self { version: Some(version), ..self }
    }

    /// The answer for actix.
    pub fn into_response(self) -> HttpResponse {
        match self.written() {
            Ok(body) => response(self.status, self.headers(), body),
            Err(problem) => HttpResponse::from_error(problem),
        }
    }

    /// The same in a form that can be kept.
    pub(crate) fn reply(&self) -> Result<Reply, Problem> {
        let body = self.written()?;
        let text = |(name, value): (HeaderName, HeaderValue)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        };
        Ok(Reply { status: self.status, headers: self.headers().filter_map(text).collect(), body })
    }

    fn written(&self) -> Result<ByteString, Problem> {
        match &self.body {
            Body::Nothing => Ok(ByteString::new()),
            Body::Json(json) => Ok(json.clone()),
            Body::Unwritable => Err(Problem::new(UNEXPECTED)),
        }
    }

    /// A header that HTTP cannot carry is left out.
    fn headers(&self) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
        let version = self.version.and_then(|it| HeaderValue::try_from(format!("\"{it}\"")).ok());
        let location = self.location.as_deref().and_then(|it| HeaderValue::try_from(it).ok());
        let json = matches!(self.body, Body::Json(_));
        let kind = json.then(|| HeaderValue::from_static("application/json"));
        [(header::ETAG, version), (header::LOCATION, location), (header::CONTENT_TYPE, kind)]
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
    }

    const fn with(status: u16, body: Body) -> Self {
        Self { status, version: None, location: None, body }
    }
}

impl Body {
    fn of(view: &impl Serialize) -> Self {
        serde_json::to_string(view).map_or(Self::Unwritable, |json| Self::Json(json.into()))
    }
}

impl From<Answer> for HttpResponse {
    fn from(answer: Answer) -> Self {
        answer.into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_becomes_an_answer_with_its_version() {
        let response = Answer::created("/v1/things/1", &[1, 2]).version(7).into_response();
        assert_eq!(response.status(), 201);
        assert_eq!(response.headers().get(header::ETAG).unwrap(), "\"7\"");
        assert_eq!(response.headers().get(header::LOCATION).unwrap(), "/v1/things/1");
        assert_eq!(Answer::no_content().into_response().status(), 204);
    }

    #[test]
    fn a_view_that_cannot_be_written_is_our_fault() {
        let unwritable = std::collections::BTreeMap::from([((1, 2), 3)]);
        assert_eq!(Answer::ok(&unwritable).into_response().status(), 500);
    }
}
