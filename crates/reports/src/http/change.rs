use actix_web::{HttpResponse, patch, web::Data};
use http_kit::{Answer, Caller, Command, IfMatch, Kit, Path, Problem, ProblemBody};
use primitives::ReportId;

use super::{body::ReportChangeBody, shown};
use crate::{ReportError, ReportView, Reports};

/// Changes a report while nobody has accepted it
#[utoipa::path(
    tag = "reports", operation_id = "change_report", request_body = ReportChangeBody,
    params(
        ("id" = ReportId, Path, description = "The report"),
        ("If-Match" = String, Header, description = "The ETag of the report as last read"),
    ),
    responses(
        (status = 200, description = "The report as changed", body = ReportView),
        (status = 409, description = "`wrong_state`: no longer open", body = ProblemBody),
        (status = 412, description = "`version_conflict`", body = ProblemBody),
        (status = 422, description = "`invalid_fields`, `place_outside_regions`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("citizen-owner"))), security(("bearer" = []))
)]
#[patch("/v1/reports/{id}")]
pub(crate) async fn change_report(
    caller: Caller,
    id: Path<ReportId>,
    read: IfMatch,
    command: Command<ReportChangeBody>,
    reports: Data<Reports>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, body) = command.split();
    let (id, change) = (id.into_inner(), body.parse()?);
    kit.run(once, move |conn| -> Result<Answer, ReportError> {
        shown(&reports.change_in(conn, caller.account, id, read.version(), &change)?)
    })
    .await
}
