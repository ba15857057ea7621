use std::time::Duration;

use actix_web::{
    HttpMessage, HttpRequest,
    dev::Payload,
    http::header::{CONTENT_ENCODING, CONTENT_LENGTH},
    rt::time::timeout,
};
use futures_util::StreamExt as _;

use crate::{BAD_REQUEST, PAYLOAD_TOO_LARGE, Problem, REQUEST_TIMEOUT, UNSUPPORTED_MEDIA_TYPE};

const LARGEST: usize = 64 * 1024;

/// The whole body, if it is JSON, small enough and in time.
pub(super) async fn read(
    request: &HttpRequest,
    payload: Payload,
    deadline: Duration,
) -> Result<Vec<u8>, Problem> {
    let announced = request.headers().get(CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| usize::try_from(length).is_ok_and(|it| it > LARGEST)) {
        return Err(Problem::new(PAYLOAD_TOO_LARGE));
    }
    // The server's own request timeout ends with the headers: a body may trickle for ever.
    let arrived = timeout(deadline, collect(payload)).await;
    let bytes = arrived.map_err(|_too_late| Problem::new(REQUEST_TIMEOUT))??;
    if bytes.is_empty() || is_plain_json(request) {
        Ok(bytes)
    } else {
        Err(Problem::new(UNSUPPORTED_MEDIA_TYPE))
    }
}

async fn collect(mut payload: Payload) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_broken_off| Problem::new(BAD_REQUEST))?;
        if bytes.len() + chunk.len() > LARGEST {
            return Err(Problem::new(PAYLOAD_TOO_LARGE));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn is_plain_json(request: &HttpRequest) -> bool {
    let packed = request.headers().get(CONTENT_ENCODING);
    let json = request.mime_type().ok().flatten().is_some_and(|mime| {
        let utf8 = mime.get_param("charset").is_none_or(|charset| charset == "utf-8");
        mime.essence_str() == "application/json" && utf8
    });
    json && packed.is_none_or(|encoding| encoding == "identity")
}
