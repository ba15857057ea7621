use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, Caller, Command, Kit, Path, Problem, ProblemBody};
use primitives::ReportId;
use reports::ReportView;

use super::body::ReasonBody;
use crate::{PickupError, Pickups};

/// The household calls its report off
///
/// When a collector has accepted already, his job is called off in the same moment. Possible until the weigh-in.
#[utoipa::path(
    tag = "reports", operation_id = "cancel_report", request_body = ReasonBody,
    params(("id" = ReportId, Path, description = "The report")),
    responses(
        (status = 200, description = "The report, called off", body = ReportView),
        (status = 409, description = "`wrong_state`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("citizen-owner"))), security(("bearer" = []))
)]
#[post("/v1/reports/{id}/cancel")]
pub(crate) async fn cancel_report(
    caller: Caller,
    id: Path<ReportId>,
    command: Command<ReasonBody>,
    pickups: Data<Pickups>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, ReasonBody { reason }) = command.split();
    let id = id.into_inner();
    kit.run(once, move |conn| -> Result<Answer, PickupError> {
        let report = pickups.cancel_report_in(conn, caller.account, id, &reason)?;
        Ok(reports::shown(&report)?)
    })
    .await
}
