use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{HeaderName, HeaderValue},
    },
};
use bytestring::ByteString;

/// A finished answer as plain data, so that it can be stored and sent again byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: ByteString,
}

impl Reply {
    pub(crate) fn status_code(&self) -> StatusCode {
        status_code(self.status)
    }

    /// The answer for actix; a header that HTTP cannot carry is left out.
    pub(crate) fn into_response(self) -> HttpResponse {
        let readable = |(name, value)| {
            Some((HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?))
        };
        let headers: Vec<_> = self.headers.into_iter().filter_map(readable).collect();
        response(self.status, headers, self.body)
    }
}

/// An answer for actix.
pub(crate) fn response(
    status: u16,
    headers: impl IntoIterator<Item = (HeaderName, HeaderValue)>,
    body: ByteString,
) -> HttpResponse {
    let mut response = HttpResponse::new(status_code(status));
    for (name, value) in headers {
        response.headers_mut().append(name, value);
    }
    response.set_body(body.into_bytes()).map_into_boxed_body()
}

fn status_code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
