use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, CollectorCaller, Command, Kit, Path, Problem, ProblemBody};
use primitives::{Location, PickupId, Timestamp};
use serde::Deserialize;
use utoipa::ToSchema;

use super::seen_by;
use crate::{PickupError, PickupView, Pickups};

/// Where the collector is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ArrivalBody {
    location: Location,
    /// At most 30 days ago; now unless stated.
    occurred_at: Option<Timestamp>,
}

/// The collector is at the door
///
/// More than 500 m from the home is written down as `far_from_home`, not refused: pins and phones err.
#[utoipa::path(
    tag = "pickups", operation_id = "arrive_pickup", request_body = ArrivalBody,
    params(("id" = PickupId, Path, description = "The job")),
    responses(
        (status = 200, description = "The job, at the door", body = PickupView),
        (status = 409, description = "`wrong_state`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("collector"))), security(("bearer" = []))
)]
#[post("/v1/pickups/{id}/arrive")]
pub(crate) async fn arrive_pickup(
    caller: CollectorCaller,
    id: Path<PickupId>,
    command: Command<ArrivalBody>,
    pickups: Data<Pickups>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, ArrivalBody { location, occurred_at }) = command.split();
    let (id, account) = (id.into_inner(), caller.account);
    kit.run(once, move |conn| -> Result<Answer, PickupError> {
        let pickup = pickups.arrive_in(conn, account, id, location, occurred_at)?;
        seen_by(&pickups, conn, account, &pickup)
    })
    .await
}
