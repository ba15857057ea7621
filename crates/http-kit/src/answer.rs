use actix_web::{HttpResponse, http::header};
use serde::Serialize;

use crate::{Problem, UNEXPECTED, reply::Reply};

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
    Json(String),
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
        match self.reply() {
            Ok(reply) => reply.into_response(),
            Err(problem) => HttpResponse::from_error(problem),
        }
    }

    pub(crate) fn reply(&self) -> Result<Reply, Problem> {
        let mut headers = Vec::new();
        let mut say = |name: header::HeaderName, value: String| {
            headers.push((name.as_str().to_owned(), value));
        };
        if let Some(version) = self.version {
            say(header::ETAG, format!("\"{version}\""));
        }
        if let Some(location) = &self.location {
            say(header::LOCATION, location.clone());
        }
        let body = match &self.body {
            Body::Nothing => String::new(),
            Body::Json(json) => {
                say(header::CONTENT_TYPE, "application/json".to_owned());
                json.clone()
            }
            Body::Unwritable => return Err(Problem::new(UNEXPECTED)),
        };
        Ok(Reply { status: self.status, headers, body })
    }

    const fn with(status: u16, body: Body) -> Self {
        Self { status, version: None, location: None, body }
    }
}

impl Body {
    fn of(view: &impl Serialize) -> Self {
        serde_json::to_string(view).map_or(Self::Unwritable, Self::Json)
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
