use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Caller, Kit, Page, PageLimit, Problem, Query};
use primitives::{SessionId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{Accounts, Session, ShortName};

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SessionsQuery {
    /// How many to show.
    limit: Option<PageLimit>,
    /// Where the last page ended.
    cursor: Option<String>,
}

/// One signed-in device.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionView {
    id: SessionId,
    /// What the person called it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    device_name: Option<ShortName>,
    /// True for the device that asks.
    current: bool,
    created_at: Timestamp,
    /// When it last renewed its tokens.
    last_used_at: Timestamp,
}

impl SessionView {
    fn of(session: Session, current: SessionId) -> Self {
        let Session { id, device_name, created_at, last_used_at, .. } = session;
        Self { id, device_name, current: id == current, created_at, last_used_at }
    }
}

/// Lists the devices on which the caller is signed in, the oldest sign-in first.
///
/// Sessions that have ended are not shown.
#[utoipa::path(
    tag = "signing-in", operation_id = "list_sessions", params(SessionsQuery),
    responses((status = 200, description = "One page of sessions", body = Page<SessionView>)),
    extensions(("x-access" = json!("account"))), security(("bearer" = [])),
)]
#[get("/v1/auth/sessions")]
pub(crate) async fn list_sessions(
    caller: Caller,
    query: Query<SessionsQuery>,
    accounts: Data<Accounts>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let SessionsQuery { limit, cursor } = query.into_inner();
    let (limit, scope) = (limit.unwrap_or_default(), format!("list_sessions {}", caller.account));
    let after: Option<SessionId> = kit.cursors.open(&scope, cursor)?;
    let service = Accounts::clone(&accounts);
    let list =
        move |conn: &mut _| service.list_sessions_in(conn, caller.account, after, limit.fetch());
    let sessions = kit.read(list).await?.into_iter();
    let views = sessions.map(|session| SessionView::of(session, caller.session)).collect();
    let page = Page::from_rows(views, limit, |last| last.id, &kit.cursors, &scope);
    Ok(Answer::ok(&page).into_response())
}
