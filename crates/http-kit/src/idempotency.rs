mod settle;
mod store;

use std::sync::Arc;

use actix_web::{
    HttpRequest,
    http::header::{HeaderName, HeaderValue},
};
use data_encoding::HEXLOWER;
use database::Migration;
use serde_json::Value;
use sha2::{Digest, Sha256};

pub(crate) use settle::{Settled, look_up_in, settle_in};
pub use store::{forget_in, prune_in};

use crate::{
    IDEMPOTENCY_KEY_MALFORMED, IDEMPOTENCY_KEY_MISSING, Problem, RequestFacts, identity::Presented,
    routes::Routes,
};

/// The tables of this crate.
pub const MIGRATIONS: &[Migration] = &[Migration {
    name: "http-kit/0001_idempotency",
    sql: include_str!("../migrations/0001_idempotency.sql"),
}];

const KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// What makes sending a command twice harmless: its key, whose key it is, and what it was used for.
#[derive(Debug, Clone)]
pub struct Once {
    keyed: bool,
    claim: Option<Claim>,
    facts: Arc<RequestFacts>,
}

/// A key in the hands of one caller, for one operation, with the fingerprint of one command.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    pub(crate) caller: String,
    pub(crate) route: String,
    pub(crate) key: String,
    pub(crate) fingerprint: String,
}

impl Once {
    /// Insists on the key: 400 when the request has none.
    pub fn required(self) -> Result<Self, Problem> {
        if self.keyed { Ok(self) } else { Err(Problem::new(IDEMPOTENCY_KEY_MISSING)) }
    }

    pub(crate) fn of(request: &HttpRequest, body: &Value) -> Result<Self, Problem> {
        let facts = RequestFacts::of(request);
        let mut headers = request.headers().get_all(KEY);
        let Some(header) = headers.next() else {
            return Ok(Self { keyed: false, claim: None, facts });
        };
        let key = key_in(header).filter(|_| headers.next().is_none());
        let key = key.ok_or_else(|| Problem::new(IDEMPOTENCY_KEY_MALFORMED))?;
        // Strangers cannot be told apart, so nothing of theirs is kept under a key.
        let claim = Presented::account(request).map(|account| Claim {
            caller: account.to_string(),
            route: format!("{} {}", request.method(), template(request)),
            key,
            fingerprint: fingerprint(request, body),
        });
        Ok(Self { keyed: true, claim, facts })
    }
}

fn template(request: &HttpRequest) -> Arc<str> {
    Routes::of(request)
        .map_or_else(|| Arc::from(request.path()), |route| Arc::clone(&route.template))
}

fn key_in(header: &HeaderValue) -> Option<String> {
    let text = header.to_str().ok()?;
    let fits = (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    fits.then(|| text.to_owned())
}

/// Over method, path and the body with its members in order, whatever spacing or order the phone chose.
fn fingerprint(request: &HttpRequest, body: &Value) -> String {
    let mut body = body.clone();
    body.sort_all_objects();
    let head = format!("{}\n{}\n", request.method(), request.path());
    let digest = Sha256::new().chain_update(head).chain_update(body.to_string()).finalize();
    HEXLOWER.encode(digest.as_slice())
}

#[cfg(test)]
mod tests;
