use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{HeaderMap, IF_MATCH},
};

use crate::{PRECONDITION_REQUIRED, Problem, VERSION_CONFLICT};

/// The version that the caller read last; 428 when it is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IfMatch(i64);

impl IfMatch {
    /// The version; when the thing is at another one, answer `VERSION_CONFLICT`.
    pub const fn version(self) -> i64 {
        self.0
    }

    fn read(headers: &HeaderMap) -> Result<Self, Problem> {
        let mut given = headers.get_all(IF_MATCH);
        let header = given.next().ok_or_else(|| Problem::new(PRECONDITION_REQUIRED))?;
        // A weak, foreign or second tag can never be the one strong tag that a thing of ours has.
        let version = header.to_str().ok().and_then(version_of).filter(|_| given.next().is_none());
        version.map(Self).ok_or_else(|| Problem::new(VERSION_CONFLICT))
    }
}

fn version_of(tag: &str) -> Option<i64> {
    tag.trim().strip_prefix('"')?.strip_suffix('"')?.parse().ok()
}

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Self::read(request.headers()))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn read(header: &str) -> Result<IfMatch, crate::ErrorCode> {
        let request = TestRequest::default().insert_header((IF_MATCH, header)).to_http_request();
        IfMatch::read(request.headers()).map_err(|problem| problem.code())
    }

    #[test]
    fn only_a_strong_tag_of_ours_is_a_version() {
        assert_eq!(read("\"7\""), Ok(IfMatch(7)));
        for foreign in ["W/\"7\"", "7", "\"seven\"", "\"7\", \"8\"", "*", "\""] {
            assert_eq!(read(foreign), Err(VERSION_CONFLICT), "{foreign}");
        }
    }

    #[test]
    fn without_the_header_it_is_required() {
        let request = TestRequest::default().to_http_request();
        let problem = IfMatch::read(request.headers()).unwrap_err();
        assert_eq!(problem.code(), PRECONDITION_REQUIRED);
    }
}
