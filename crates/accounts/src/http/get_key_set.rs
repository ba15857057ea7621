use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Problem};

use crate::{Accounts, tokens::KeySet};

/// Shows the public keys that check access tokens.
///
/// A JSON Web Key Set (RFC 7517) with one Ed25519 key.
#[utoipa::path(
    tag = "signing-in", operation_id = "get_key_set",
    responses((status = 200, description = "The key set", body = KeySet)),
    extensions(("x-access" = json!("public"))),
)]
#[get("/.well-known/jwks.json")]
pub(crate) async fn get_key_set(accounts: Data<Accounts>) -> Result<HttpResponse, Problem> {
    Ok(Answer::ok(&accounts.tokens.key_set()).into_response())
}
