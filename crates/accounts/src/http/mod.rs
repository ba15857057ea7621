mod accept_invitation;
mod create_otp_challenge;
mod create_session;
mod delete_session;
mod get_key_set;
mod get_me;
mod list_sessions;
mod refresh_session;
mod update_me;
mod views;

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, HeaderValue},
};
use database::Database;
use http_kit::Problem;
use primitives::ChallengeId;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{AccountError, Accounts, Code, ProvenPhone};

/// Signing in and the person's own account.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_otp_challenge::create_otp_challenge)
        .service(create_session::create_session)
        .service(refresh_session::refresh_session)
        .service(list_sessions::list_sessions)
        .service(delete_session::delete_current_session)
        .service(delete_session::delete_session)
        .service(accept_invitation::accept_invitation)
        .service(get_key_set::get_key_set)
        .service(get_me::get_me)
        .service(update_me::update_me);
}

/// Counts a try in a write of its own, and only then compares.
async fn prove_code(
    accounts: &Accounts,
    database: &Database,
    challenge: ChallengeId,
    code: &Code,
) -> Result<ProvenPhone, AccountError> {
    let service = accounts.clone();
    let counted = database.write(move |conn| service.count_try_in(conn, challenge)).await?;
    accounts.prove(counted, code)
}

/// Answers with secrets inside are kept by nobody on the way.
fn unstored(answer: http_kit::Answer) -> Result<HttpResponse, Problem> {
    let mut response = answer.into_response();
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
