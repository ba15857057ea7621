pub(crate) mod body;
mod refusal;
mod strict_json;

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use futures_util::future::LocalBoxFuture;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use utoipa::ToSchema;

pub(crate) use refusal::Refusal;

use crate::{Kit, Once, Problem};

/// The JSON body of a command, together with what makes sending it twice harmless.
///
/// `T` denies unknown members; an empty body is read as `{}`.
#[derive(Debug)]
pub struct Command<T> {
    once: Once,
    body: T,
}

/// The body of a verb that needs none.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoBody {}

impl<T> Command<T> {
    /// The key and what belongs to it, and the body.
    pub fn split(self) -> (Once, T) {
        (self.once, self.body)
    }
}

impl<T: DeserializeOwned> Command<T> {
    async fn read(request: HttpRequest, payload: Payload) -> Result<Self, Problem> {
        let kit = Kit::of(&request)?;
        let bytes = body::read(&request, payload, kit.body_deadline).await?;
        let value = match bytes.as_slice() {
            [] => Value::Object(serde_json::Map::new()),
            bytes => strict_json::parse(bytes)?,
        };
        let once = Once::of(&request, &value)?;
        let body = refusal::typed(value, &kit.texts)?;
        Ok(Self { once, body })
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Command<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        Box::pin(Self::read(request.clone(), payload.take()))
    }
}

#[cfg(test)]
mod tests;
