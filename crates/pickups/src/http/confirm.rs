use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, Caller, Command, Kit, NoBody, Path, Problem, ProblemBody};
use primitives::PickupId;

use super::seen_by;
use crate::{PickupError, PickupView, Pickups};

/// The household agrees with the weigh-in
#[utoipa::path(
    tag = "pickups", operation_id = "confirm_pickup", request_body = NoBody,
    params(("id" = PickupId, Path, description = "The job")),
    responses(
        (status = 200, description = "The job, ready to be paid", body = PickupView),
        (status = 409, description = "`wrong_state`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("citizen-owner"))), security(("bearer" = []))
)]
#[post("/v1/pickups/{id}/confirm")]
pub(crate) async fn confirm_pickup(
    caller: Caller,
    id: Path<PickupId>,
    command: Command<NoBody>,
    pickups: Data<Pickups>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, NoBody {}) = command.split();
    let (id, account) = (id.into_inner(), caller.account);
    kit.run(once, move |conn| -> Result<Answer, PickupError> {
        let pickup = pickups.confirm_in(conn, account, id)?;
        seen_by(&pickups, conn, account, &pickup)
    })
    .await
}
