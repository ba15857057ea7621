use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, Caller, Command, Kit, Path, Problem, ProblemBody};
use primitives::PickupId;

use super::{body::ReasonBody, seen_by};
use crate::{PickupError, PickupView, Pickups};

/// One of the two calls the job off
///
/// The report is cancelled with it. Possible until the weigh-in.
#[utoipa::path(
    tag = "pickups", operation_id = "cancel_pickup", request_body = ReasonBody,
    params(("id" = PickupId, Path, description = "The job")),
    responses(
        (status = 200, description = "The job, called off", body = PickupView),
        (status = 409, description = "`wrong_state`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("pickup-party"))), security(("bearer" = []))
)]
#[post("/v1/pickups/{id}/cancel")]
pub(crate) async fn cancel_pickup(
    caller: Caller,
    id: Path<PickupId>,
    command: Command<ReasonBody>,
    pickups: Data<Pickups>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, ReasonBody { reason }) = command.split();
    let (id, account) = (id.into_inner(), caller.account);
    kit.run(once, move |conn| -> Result<Answer, PickupError> {
        let pickup = pickups.cancel_in(conn, account, id, &reason)?;
        seen_by(&pickups, conn, account, &pickup)
    })
    .await
}
