use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, CollectorCaller, Command, Kit, NoBody, Path, Problem, ProblemBody};
use pickups::{PickupView, Side};
use primitives::ReportId;

use super::given;
use crate::{Matcher, MatchingError};

/// The collector takes an instant report at his listed prices
///
/// Exactly one collector wins. The prices of his list are frozen for this job. Who has won already is answered with his
/// job.
#[utoipa::path(
    tag = "matching", operation_id = "accept_report", request_body = NoBody,
    params(
        ("id" = ReportId, Path, description = "The report"),
        ("Idempotency-Key" = String, Header, description = "1–255 characters, unique per command"),
    ),
    responses(
        (status = 201, description = "The job", body = PickupView),
        (status = 200, description = "The job that the caller had got before", body = PickupView),
        (status = 409, description = "`report_already_taken`, `report_not_instant`, `collector_not_eligible` with its \
            `reason`, `wrong_state`, `deposit_insufficient`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("collector"))), security(("bearer" = []))
)]
#[post("/v1/reports/{id}/accept")]
pub(crate) async fn accept_report(
    caller: CollectorCaller,
    id: Path<ReportId>,
    command: Command<NoBody>,
    matcher: Data<Matcher>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, NoBody {}) = command.split();
    let (once, id) = (once.required()?, id.into_inner());
    kit.run(once, move |conn| -> Result<Answer, MatchingError> {
        let accepted = matcher.accept_in(conn, caller.collector, id)?;
        given(&matcher, conn, &accepted, Side::Collector)
    })
    .await
}
