use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, Caller, Command, Kit, Path, Problem, ProblemBody};
use primitives::{PhotoId, PickupId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::seen_by;
use crate::{Objection, PickupError, PickupView, Pickups};

/// What the household objects to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DisputeBody {
    /// In a few words.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
    /// The whole story.
    #[schema(max_length = 1_000)]
    detail: Option<String>,
    /// Photographs uploaded before. The collector sees them, and staff who decide.
    #[schema(max_items = 5)]
    photo_ids: Option<Vec<PhotoId>>,
}

/// The household disagrees with the weigh-in
///
/// Nothing is paid until an officer of the region has decided.
#[utoipa::path(
    tag = "pickups", operation_id = "dispute_pickup", request_body = DisputeBody,
    params(("id" = PickupId, Path, description = "The job")),
    responses(
        (status = 200, description = "The job, waiting for staff", body = PickupView),
        (status = 409, description = "`wrong_state`", body = ProblemBody),
        (status = 422, description = "`invalid_fields`, such as a photo that cannot be attached", body = ProblemBody),
    ),
    extensions(("x-access" = json!("citizen-owner"))), security(("bearer" = []))
)]
#[post("/v1/pickups/{id}/dispute")]
pub(crate) async fn dispute_pickup(
    caller: Caller,
    id: Path<PickupId>,
    command: Command<DisputeBody>,
    pickups: Data<Pickups>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, DisputeBody { reason, detail, photo_ids }) = command.split();
    let objection = Objection { reason, detail, photos: photo_ids.unwrap_or_default() };
    let (id, account) = (id.into_inner(), caller.account);
    kit.run(once, move |conn| -> Result<Answer, PickupError> {
        let pickup = pickups.dispute_in(conn, account, id, &objection)?;
        seen_by(&pickups, conn, account, &pickup)
    })
    .await
}
