use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, CollectorCaller, Command, Kit, Path, Problem, ProblemBody};
use primitives::DeliveryId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::shown;
use crate::{Deliveries, DeliveryError, DeliveryView, Reason, Role};

/// Why the facility does not take it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefusalBody {
    /// The collector reads it.
    reason: Reason,
}

/// Refuses a delivery
///
/// The goods stay with the collector. Said again, it changes nothing.
#[utoipa::path(
    tag = "deliveries", operation_id = "refuse_delivery", request_body = RefusalBody,
    params(("id" = DeliveryId, Path, description = "The delivery")),
    responses(
        (status = 200, description = "The delivery, refused", body = DeliveryView),
        (status = 403, description = "`other_sides_delivery`", body = ProblemBody),
        (status = 409, description = "`wrong_state`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("collector"))), security(("bearer" = []))
)]
#[post("/v1/deliveries/{id}/refuse")]
pub(crate) async fn refuse_delivery(
    caller: CollectorCaller,
    id: Path<DeliveryId>,
    command: Command<RefusalBody>,
    deliveries: Data<Deliveries>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, RefusalBody { reason }) = command.split();
    let id = id.into_inner();
    kit.run(once, move |conn| -> Result<Answer, DeliveryError> {
        let refused = deliveries.refuse_in(conn, caller.collector, id, &reason)?;
        Ok(shown(&refused, Role::Facility))
    })
    .await
}
