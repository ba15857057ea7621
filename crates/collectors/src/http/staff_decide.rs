use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, Command, Kit, NoBody, Officers, Path, Problem, ProblemBody, StaffCaller};
use primitives::CollectorId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::CollectorView;
use crate::{CollectorError, Collectors, Decider, Reason};

/// Lets a collector work
///
/// Also lifts a suspension. Verifying again changes nothing. Nobody verifies himself.
#[utoipa::path(
    tag = "staff", operation_id = "verify_collector", request_body = NoBody,
    params(("id" = CollectorId, Path, description = "The collector")),
    responses(
        (status = 200, description = "The collector as verified", body = CollectorView),
        (status = 403, description = "`own_case`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("staff:officer"))), security(("bearer" = []))
)]
#[post("/v1/staff/collectors/{id}/verify")]
pub(crate) async fn verify_collector(
    caller: StaffCaller<Officers>,
    id: Path<CollectorId>,
    command: Command<NoBody>,
    collectors: Data<Collectors>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, _body) = command.split();
    let id = id.into_inner();
    kit.run(once, move |conn| -> Result<Answer, CollectorError> {
        let decider = Decider { account: caller.account, regions: caller.regions() };
        let after = collectors.verify_in(conn, decider, id)?;
        Ok(Answer::ok(&CollectorView::from(&after)).version(after.version))
    })
    .await
}

/// Why a collector may no longer work.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SuspensionBody {
    /// In words that the collector reads.
    reason: Reason,
}

/// Stops a collector from working
///
/// He goes offline at once; jobs he has accepted stay his. Suspending again changes nothing.
#[utoipa::path(
    tag = "staff", operation_id = "suspend_collector", request_body = SuspensionBody,
    params(("id" = CollectorId, Path, description = "The collector")),
    responses(
        (status = 200, description = "The collector as suspended", body = CollectorView),
        (status = 403, description = "`own_case`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("staff:officer"))), security(("bearer" = []))
)]
#[post("/v1/staff/collectors/{id}/suspend")]
pub(crate) async fn suspend_collector(
    caller: StaffCaller<Officers>,
    id: Path<CollectorId>,
    command: Command<SuspensionBody>,
    collectors: Data<Collectors>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, body) = command.split();
    let id = id.into_inner();
    kit.run(once, move |conn| -> Result<Answer, CollectorError> {
        let decider = Decider { account: caller.account, regions: caller.regions() };
        let after = collectors.suspend_in(conn, decider, id, &body.reason)?;
        Ok(Answer::ok(&CollectorView::from(&after)).version(after.version))
    })
    .await
}
