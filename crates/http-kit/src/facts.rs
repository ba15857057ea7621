use std::{
    future::{Ready, ready},
    sync::Arc,
};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::{Payload, ServiceRequest},
    http::header::{ACCEPT_LANGUAGE, HeaderMap},
};
use primitives::{Ambient, Id, Kind, Language};

use crate::Problem;

enum Request {}

impl Kind for Request {
    const PREFIX: &'static str = "req";
}

/// What every answer to one request has in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestFacts {
    /// `req_…`, also in the header `X-Request-Id`.
    pub request_id: String,
    /// The language to answer in.
    pub language: Language,
    /// The path that was asked for, without its query.
    pub instance: String,
}

impl RequestFacts {
    pub(crate) fn begin(request: &ServiceRequest, ambient: &Ambient) -> Arc<Self> {
        let request_id: Id<Request> = ambient.mint();
        let facts =
            Arc::new(Self { request_id: request_id.to_string(), ..Self::read(request.request()) });
        request.extensions_mut().insert(Arc::clone(&facts));
        facts
    }

    /// The facts that `present` left, or those that can be read from the request itself.
    pub fn of(request: &HttpRequest) -> Arc<Self> {
        let known = request.extensions().get::<Arc<Self>>().cloned();
        known.unwrap_or_else(|| Arc::new(Self::read(request)))
    }

    fn read(request: &HttpRequest) -> Self {
        Self {
            request_id: String::new(),
            language: preferred(request.headers()),
            instance: request.path().to_owned(),
        }
    }
}

/// The language that the caller wants to be answered in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Speaks(pub Language);

impl FromRequest for Speaks {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Ok(Self(RequestFacts::of(request).language)))
    }
}

/// The language of ours with the highest weight, the first of equals; Indonesian when none is asked for.
fn preferred(headers: &HeaderMap) -> Language {
    let ranges = headers.get_all(ACCEPT_LANGUAGE).filter_map(|value| value.to_str().ok());
    let mut best = (0, Language::default());
    for range in ranges.flat_map(|value| value.split(',')) {
        let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
        let Some(language) = language_of(tag.trim()) else { continue };
        let weight = thousandths(parameters.trim());
        if weight > best.0 {
            best = (weight, language);
        }
    }
    best.1
}

fn language_of(tag: &str) -> Option<Language> {
    let primary = tag.split('-').next().unwrap_or(tag).to_ascii_lowercase();
    if primary == "*" { Some(Language::default()) } else { Language::from_tag(&primary) }
}

/// `q=0.85` is 850; no weight is 1000, an unreadable one counts as never.
fn thousandths(parameters: &str) -> u16 {
    if parameters.is_empty() {
        return 1_000;
    }
    let Some(weight) = parameters.strip_prefix("q=") else { return 0 };
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    match (whole, format!("{fraction:0<3}").parse::<u16>()) {
        ("1", Ok(0)) => 1_000,
        ("0", Ok(fraction)) if fraction < 1_000 => fraction,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn asked(header: &str) -> Language {
        let request = TestRequest::default().insert_header((ACCEPT_LANGUAGE, header));
        RequestFacts::of(&request.to_http_request()).language
    }

    #[test]
    fn the_highest_weight_wins() {
        assert_eq!(asked("en"), Language::English);
        assert_eq!(asked("en-US,en;q=0.9,id;q=0.8"), Language::English);
        assert_eq!(asked("en;q=0.5, id;q=0.85"), Language::Indonesian);
        assert_eq!(asked("fr, EN-gb;q=0.1"), Language::English);
    }

    #[test]
    fn indonesian_when_nothing_of_ours_is_asked_for() {
        for header in ["", "fr", "*", "en;q=0", "en;q=2", "en;q=x", ";;;,,,=", "en;level=1"] {
            assert_eq!(asked(header), Language::Indonesian, "{header}");
        }
    }
}
