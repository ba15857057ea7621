use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, Command, Kit, Problem, ProblemBody};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{unstored, views::CredentialsView};
use crate::{AccountError, Accounts, Refresh};

/// The token that the last answer gave.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefreshBody {
    /// Works once.
    refresh_token: String,
}

/// Renews a session.
///
/// The refresh token is spent and its successor given. A phone that missed the answer may ask again within 30
/// seconds and is told the same; a spent token shown at any other time ends the session.
#[utoipa::path(
    tag = "signing-in", operation_id = "refresh_session", request_body = RefreshBody,
    responses(
        (status = 200, description = "New tokens", body = CredentialsView),
        (status = 401, description = "`refresh_token_invalid`: sign in again", body = ProblemBody),
    ),
    extensions(("x-access" = json!("public"))),
)]
#[post("/v1/auth/sessions/refresh")]
pub(crate) async fn refresh_session(
    command: Command<RefreshBody>,
    accounts: Data<Accounts>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (_once, body) = command.split();
    let service = Accounts::clone(&accounts);
    let unit = move |conn: &mut _| service.refresh_in(conn, &body.refresh_token);
    match kit.database.write::<_, AccountError, _>(unit).await? {
        Refresh::Reused => Err(AccountError::RefreshTokenInvalid.into()),
        Refresh::Renewed(given) => unstored(Answer::ok(&CredentialsView::of(&accounts, &given)?)),
    }
}
