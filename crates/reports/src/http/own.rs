use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Caller, Kit, Path, Problem};
use primitives::ReportId;

use super::shown;
use crate::{ReportView, Reports};

/// One of the caller's own reports
#[utoipa::path(
    tag = "reports", operation_id = "get_report",
    params(("id" = ReportId, Path, description = "The report")),
    responses((status = 200, description = "The report", body = ReportView)),
    extensions(("x-access" = json!("citizen-owner"))), security(("bearer" = []))
)]
#[get("/v1/reports/{id}")]
pub(crate) async fn get_report(
    caller: Caller,
    id: Path<ReportId>,
    reports: Data<Reports>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let report = kit.read(move |conn| reports.find_owned(conn, caller.account, id)).await?;
    Ok(shown(&report)?.into_response())
}
