use std::time::Duration;

use actix_web::{
    HttpMessage, HttpRequest,
    dev::Payload,
    http::header::{CONTENT_ENCODING, CONTENT_LENGTH},
    rt::time::timeout,
};
use futures_util::StreamExt as _;

use crate::{
    BAD_REQUEST, ErrorCode, PAYLOAD_TOO_LARGE, Problem, REQUEST_TIMEOUT, UNSUPPORTED_MEDIA_TYPE,
};

/// How large a body may be, and how one that is larger is refused.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimit {
    /// In bytes.
    pub largest: usize,
    /// A 413 whose text names the limit.
    pub refusal: ErrorCode,
}

const COMMAND: BodyLimit = BodyLimit { largest: 64 * 1024, refusal: PAYLOAD_TOO_LARGE };

/// The whole body of a command, if it is JSON, small enough and in time.
pub(super) async fn read(
    request: &HttpRequest,
    payload: Payload,
    deadline: Duration,
) -> Result<Vec<u8>, Problem> {
    let bytes = arrive(request, payload, deadline, COMMAND).await?;
    if bytes.is_empty() || is_plain_json(request) {
        Ok(bytes)
    } else {
        Err(Problem::new(UNSUPPORTED_MEDIA_TYPE))
    }
}

/// The whole body, if it is small enough and in time.
pub(crate) async fn arrive(
    request: &HttpRequest,
    payload: Payload,
    deadline: Duration,
    limit: BodyLimit,
) -> Result<Vec<u8>, Problem> {
    let announced = request.headers().get(CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| usize::try_from(length).is_ok_and(|it| it > limit.largest)) {
        return Err(Problem::new(limit.refusal));
    }
    // The server's own request timeout ends with the headers: a body may trickle for ever.
    let arrived = timeout(deadline, collect(payload, limit)).await;
    arrived.map_err(|_too_late| Problem::new(REQUEST_TIMEOUT))?
}

async fn collect(mut payload: Payload, limit: BodyLimit) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_broken_off| Problem::new(BAD_REQUEST))?;
        if bytes.len() + chunk.len() > limit.largest {
            return Err(Problem::new(limit.refusal));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn is_plain_json(request: &HttpRequest) -> bool {
    let json = request.mime_type().ok().flatten().is_some_and(|mime| {
        let utf8 = mime.get_param("charset").is_none_or(|charset| charset == "utf-8");
        mime.essence_str() == "application/json" && utf8
    });
    json && !is_packed(request)
}

/// Nothing is unpacked here: a small body stays small.
pub(crate) fn is_packed(request: &HttpRequest) -> bool {
    let packed = request.headers().get(CONTENT_ENCODING);
    packed.is_some_and(|encoding| encoding != "identity")
}
