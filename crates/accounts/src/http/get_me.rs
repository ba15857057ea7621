use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Caller, Kit, Problem};

use super::views::AccountView;
use crate::Accounts;

/// Shows the caller's own account.
///
/// The `ETag` is what `PATCH /v1/me` wants in `If-Match`.
#[utoipa::path(
    tag = "accounts", operation_id = "get_me",
    responses((status = 200, description = "The account", body = AccountView)),
    extensions(("x-access" = json!("account"))), security(("bearer" = [])),
)]
#[get("/v1/me")]
pub(crate) async fn get_me(
    caller: Caller,
    accounts: Data<Accounts>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let service = Accounts::clone(&accounts);
    let profile = kit.read(move |conn| service.profile_in(conn, caller.account)).await?;
    let version = profile.account.version;
    Ok(Answer::ok(&AccountView::from(&profile)).version(version).into_response())
}
