use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpMessage as _, HttpRequest, dev::Payload};
use data_encoding::HEXLOWER;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::{
    BodyLimit, Kit, Once, Problem,
    command::body::{arrive, is_packed},
};

/// The body of a command that is no JSON. It is read when the handler asks for it: what can be refused without it is
/// refused before it is in memory.
pub struct Upload {
    request: HttpRequest,
    payload: Payload,
}

impl Upload {
    /// What the caller says that it is, without parameters; none when he says nothing, or the body is packed.
    pub fn media_type(&self) -> Option<String> {
        let stated = self.request.mime_type().ok().flatten();
        stated.filter(|_| !is_packed(&self.request)).map(|it| it.essence_str().to_owned())
    }

    /// The whole body, in time, with what makes sending it twice harmless. The same command has the same bytes.
    pub async fn read(self, limit: BodyLimit) -> Result<(Once, Vec<u8>), Problem> {
        let deadline = Kit::of(&self.request)?.body_deadline;
        let stated = self.media_type().unwrap_or_default();
        let bytes = arrive(&self.request, self.payload, deadline, limit).await?;
        let digest = Sha256::new().chain_update(stated).chain_update("\n").chain_update(&bytes);
        let content = HEXLOWER.encode(digest.finalize().as_slice());
        Ok((Once::of(&self.request, &Value::String(content))?, bytes))
    }
}

impl FromRequest for Upload {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(Ok(Self { request: request.clone(), payload: payload.take() }))
    }
}
