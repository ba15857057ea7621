use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, CollectorCaller, Command, Kit, Path, Problem, ProblemBody};
use primitives::PickupId;

use super::{body::ReasonBody, seen_by};
use crate::{PickupError, PickupView, Pickups};

/// The collector gives the job back
///
/// The report is open again and another collector may take it. Possible until the weigh-in.
#[utoipa::path(
    tag = "pickups", operation_id = "release_pickup", request_body = ReasonBody,
    params(("id" = PickupId, Path, description = "The job")),
    responses(
        (status = 200, description = "The job, given back", body = PickupView),
        (status = 409, description = "`wrong_state`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("collector"))), security(("bearer" = []))
)]
#[post("/v1/pickups/{id}/release")]
pub(crate) async fn release_pickup(
    caller: CollectorCaller,
    id: Path<PickupId>,
    command: Command<ReasonBody>,
    pickups: Data<Pickups>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, ReasonBody { reason }) = command.split();
    let (id, account) = (id.into_inner(), caller.account);
    kit.run(once, move |conn| -> Result<Answer, PickupError> {
        let pickup = pickups.release_in(conn, account, id, &reason)?;
        seen_by(&pickups, conn, account, &pickup)
    })
    .await
}
