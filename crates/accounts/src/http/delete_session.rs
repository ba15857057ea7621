use actix_web::{HttpResponse, delete, web::Data};
use http_kit::{Answer, Caller, Command, Kit, NoBody, Path, Problem, ProblemBody};
use primitives::SessionId;

use crate::{AccountError, Accounts};

/// Signs another device of the caller out.
///
/// Its access token stops working within a second. Doing it again changes nothing.
#[utoipa::path(
    tag = "signing-in", operation_id = "delete_session",
    params(("id" = SessionId, Path, description = "One of the caller's own sessions")),
    responses(
        (status = 204, description = "The session is over"),
        (status = 404, description = "Not one of the caller's sessions", body = ProblemBody),
    ),
    extensions(("x-access" = json!("account"))), security(("bearer" = [])),
)]
#[delete("/v1/auth/sessions/{id}")]
pub(crate) async fn delete_session(
    caller: Caller,
    session: Path<SessionId>,
    command: Command<NoBody>,
    accounts: Data<Accounts>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    end(caller, session.into_inner(), command, accounts, kit).await
}

/// Signs this device out.
///
/// Its access token stops working within a second.
#[utoipa::path(
    tag = "signing-in", operation_id = "delete_current_session",
    responses((status = 204, description = "Signed out")),
    extensions(("x-access" = json!("account"))), security(("bearer" = [])),
)]
#[delete("/v1/auth/sessions/current")]
pub(crate) async fn delete_current_session(
    caller: Caller,
    command: Command<NoBody>,
    accounts: Data<Accounts>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let session = caller.session;
    end(caller, session, command, accounts, kit).await
}

async fn end(
    caller: Caller,
    session: SessionId,
    command: Command<NoBody>,
    accounts: Data<Accounts>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, NoBody {}) = command.split();
    let unit = move |conn: &mut _| -> Result<Answer, AccountError> {
        accounts.sign_out_in(conn, caller.account, session)?;
        Ok(Answer::no_content())
    };
    kit.run(once, unit).await
}
