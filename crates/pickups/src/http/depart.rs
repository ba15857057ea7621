use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, CollectorCaller, Command, Kit, Path, Problem, ProblemBody};
use primitives::PickupId;

use super::{body::MomentBody, seen_by};
use crate::{PickupError, PickupView, Pickups};

/// The collector leaves for the home
///
/// From now until the weigh-in the household sees his live position. Repeated while on the way, it changes nothing.
#[utoipa::path(
    tag = "pickups", operation_id = "depart_pickup", request_body = MomentBody,
    params(("id" = PickupId, Path, description = "The job")),
    responses(
        (status = 200, description = "The job, on the way", body = PickupView),
        (status = 409, description = "`wrong_state`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("collector"))), security(("bearer" = []))
)]
#[post("/v1/pickups/{id}/depart")]
pub(crate) async fn depart_pickup(
    caller: CollectorCaller,
    id: Path<PickupId>,
    command: Command<MomentBody>,
    pickups: Data<Pickups>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, body) = command.split();
    let (id, account) = (id.into_inner(), caller.account);
    kit.run(once, move |conn| -> Result<Answer, PickupError> {
        let pickup = pickups.depart_in(conn, account, id, body.occurred_at)?;
        seen_by(&pickups, conn, account, &pickup)
    })
    .await
}
