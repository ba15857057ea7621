use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, Caller, Command, Kit, Path, Problem, ProblemBody};
use primitives::PickupId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::seen_by;
use crate::{PickupError, PickupView, Pickups, Rating, Stars};

/// What one side says about the other.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RatingBody {
    stars: Stars,
    #[schema(max_length = 500)]
    comment: Option<String>,
}

/// Rates the other side
///
/// Once by either side, when the job is paid. The same rating again changes nothing.
#[utoipa::path(
    tag = "pickups", operation_id = "rate_pickup", request_body = RatingBody,
    params(("id" = PickupId, Path, description = "The job")),
    responses(
        (status = 200, description = "The job", body = PickupView),
        (status = 409, description = "`wrong_state`, `already_rated`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("pickup-party"))), security(("bearer" = []))
)]
#[post("/v1/pickups/{id}/rating")]
pub(crate) async fn rate_pickup(
    caller: Caller,
    id: Path<PickupId>,
    command: Command<RatingBody>,
    pickups: Data<Pickups>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, RatingBody { stars, comment }) = command.split();
    let (id, account) = (id.into_inner(), caller.account);
    let rating = Rating { stars, comment };
    kit.run(once, move |conn| -> Result<Answer, PickupError> {
        let pickup = pickups.rate_in(conn, account, id, &rating)?;
        seen_by(&pickups, conn, account, &pickup)
    })
    .await
}
