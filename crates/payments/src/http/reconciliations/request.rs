use actix_web::{HttpResponse, post, web::Data};
use event_log::Actor;
use http_kit::{Answer, Command, Finance, Kit, Problem, ProblemBody, StaffCaller};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{GatewayName, ReconciliationError, ReconciliationView, Reconciliations};

/// With whom.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReconciliationBody {
    gateway: GatewayName,
}

/// Asks for a comparison of our withdrawals with a gateway's own book
///
/// A worker makes one every day, and this one soon. It moves nothing. One of a gateway is under way at a time.
#[utoipa::path(
    tag = "staff", operation_id = "request_reconciliation", request_body = ReconciliationBody,
    responses(
        (status = 202, description = "The reconciliation, to be looked at again", body = ReconciliationView),
        (status = 404, description = "The gateway is not configured here", body = ProblemBody),
        (status = 409, description = "`reconciliation_under_way`, with its `reconciliation_id`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("staff:finance"))), security(("bearer" = []))
)]
#[post("/v1/staff/reconciliations")]
pub(crate) async fn request_reconciliation(
    caller: StaffCaller<Finance>,
    command: Command<ReconciliationBody>,
    reconciliations: Data<Reconciliations>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, ReconciliationBody { gateway }) = command.split();
    let by = Actor::Account(caller.account);
    kit.run(once, move |conn| -> Result<Answer, ReconciliationError> {
        let requested = reconciliations.request_in(conn, gateway, &by)?;
        Ok(Answer::accepted(&ReconciliationView::from(&requested)).version(requested.version))
    })
    .await
}
