use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, Command, Kit, Officers, Path, Problem, ProblemBody, StaffCaller};
use primitives::{PickupId, ReportId, Rupiah};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Outcome, Pickup, PickupError, PickupStateName, Pickups, Ruling};

/// How an officer decides.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RulingBody {
    outcome: Outcome,
    /// Why; kept with the dispute.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
}

/// What an officer sees of a decided job: neither home nor names.
#[derive(Serialize, ToSchema)]
pub(crate) struct ResolvedView {
    id: PickupId,
    report_id: ReportId,
    state: PickupStateName,
    /// What is to be paid; absent when nothing was sold.
    #[serde(skip_serializing_if = "Option::is_none")]
    amount_rupiah: Option<Rupiah>,
}

impl From<&Pickup> for ResolvedView {
    fn from(pickup: &Pickup) -> Self {
        Self {
            id: pickup.id,
            report_id: pickup.report,
            state: pickup.state.name(),
            amount_rupiah: pickup.weighing().map(|weighing| weighing.amount),
        }
    }
}

/// Decides a dispute
///
/// `confirm`: the weigh-in stands and is to be paid. `cancel`: nothing was sold; job and report are called off.
#[utoipa::path(
    tag = "staff", operation_id = "resolve_dispute", request_body = RulingBody,
    params(("id" = PickupId, Path, description = "The job")),
    responses(
        (status = 200, description = "The job as decided", body = ResolvedView),
        (status = 409, description = "`wrong_state`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("staff:officer"))), security(("bearer" = []))
)]
#[post("/v1/staff/pickups/{id}/resolve")]
pub(crate) async fn resolve_dispute(
    caller: StaffCaller<Officers>,
    id: Path<PickupId>,
    command: Command<RulingBody>,
    pickups: Data<Pickups>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, RulingBody { outcome, reason }) = command.split();
    let (id, ruling) = (id.into_inner(), Ruling { outcome, reason });
    let (officer, regions) = (caller.account, caller.regions().to_vec());
    kit.run(once, move |conn| -> Result<Answer, PickupError> {
        let pickup = pickups.resolve_dispute_in(conn, officer, &regions, id, &ruling)?;
        Ok(Answer::ok(&ResolvedView::from(&pickup)).version(pickup.version))
    })
    .await
}
