use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, Caller, Command, Kit, Problem, ProblemBody};

use super::{body::NewReportBody, view};
use crate::{ReportError, ReportView, Reports};

/// Offers recyclables
///
/// With `selection` `instant` the first eligible collector who accepts fetches them at his listed prices; with `choose`
/// collectors offer and the household picks. The same report with the same `id` again answers with the first one.
#[utoipa::path(
    tag = "reports", operation_id = "submit_report", request_body = NewReportBody,
    params(("Idempotency-Key" = String, Header, description = "1–255 characters, unique per command")),
    responses(
        (status = 201, description = "The report, waiting for a collector", body = ReportView),
        (status = 409, description = "`id_taken`", body = ProblemBody),
        (status = 422, description = "`invalid_fields`, `place_outside_regions`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("account"))), security(("bearer" = []))
)]
#[post("/v1/reports")]
pub(crate) async fn submit_report(
    caller: Caller,
    command: Command<NewReportBody>,
    reports: Data<Reports>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, body) = command.split();
    let (once, new) = (once.required()?, body.parse()?);
    kit.run(once, move |conn| -> Result<Answer, ReportError> {
        let report = reports.submit_in(conn, caller.account, &new)?;
        let place = format!("/v1/reports/{}", report.id);
        Ok(Answer::created(place, &view(&report)?).version(report.version))
    })
    .await
}
