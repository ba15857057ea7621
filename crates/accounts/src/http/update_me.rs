use actix_web::{HttpResponse, patch, web::Data};
use http_kit::{Answer, Caller, Command, IfMatch, Kit, Problem, ProblemBody};
use serde::Deserialize;
use utoipa::ToSchema;

use super::views::{AccountView, LanguageTag};
use crate::{AccountError, Accounts, ProfileChange, ShortName};

/// What to change; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountChangeBody {
    #[schema(nullable = false)]
    full_name: Option<ShortName>,
    #[schema(nullable = false)]
    language: Option<LanguageTag>,
}

impl From<AccountChangeBody> for ProfileChange {
    fn from(body: AccountChangeBody) -> Self {
        Self { full_name: body.full_name, language: body.language.map(Into::into) }
    }
}

/// Changes the caller's name or language.
///
/// `If-Match` names the version that was read.
#[utoipa::path(
    tag = "accounts", operation_id = "update_me", request_body = AccountChangeBody,
    params(("If-Match" = String, Header, description = "The `ETag` of the account as it was read")),
    responses(
        (status = 200, description = "The account as it is now", body = AccountView),
        (status = 412, description = "`version_conflict`: it has changed since", body = ProblemBody),
        (status = 428, description = "`precondition_required`: `If-Match` is missing", body = ProblemBody),
    ),
    extensions(("x-access" = json!("account"))), security(("bearer" = [])),
)]
#[patch("/v1/me")]
pub(crate) async fn update_me(
    caller: Caller,
    read: IfMatch,
    command: Command<AccountChangeBody>,
    accounts: Data<Accounts>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, body) = command.split();
    let change = ProfileChange::from(body);
    let unit = move |conn: &mut _| -> Result<Answer, AccountError> {
        let id = caller.account;
        let profile = accounts.change_profile_in(conn, id, read.version(), &change)?;
        Ok(Answer::ok(&AccountView::from(&profile)).version(profile.account.version))
    };
    kit.run(once, unit).await
}
