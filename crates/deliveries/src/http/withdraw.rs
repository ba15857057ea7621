use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, CollectorCaller, Command, Kit, NoBody, Path, Problem, ProblemBody};
use primitives::DeliveryId;

use super::shown;
use crate::{Deliveries, DeliveryError, DeliveryView, Role};

/// Withdraws a delivery that the facility has not received
///
/// The goods stay with the collector, who may announce anew. Said again, it changes nothing.
#[utoipa::path(
    tag = "deliveries", operation_id = "withdraw_delivery", request_body = NoBody,
    params(("id" = DeliveryId, Path, description = "The delivery")),
    responses(
        (status = 200, description = "The delivery, withdrawn", body = DeliveryView),
        (status = 403, description = "`other_sides_delivery`", body = ProblemBody),
        (status = 409, description = "`wrong_state`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("collector"))), security(("bearer" = []))
)]
#[post("/v1/deliveries/{id}/withdraw")]
pub(crate) async fn withdraw_delivery(
    caller: CollectorCaller,
    id: Path<DeliveryId>,
    command: Command<NoBody>,
    deliveries: Data<Deliveries>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, NoBody {}) = command.split();
    let id = id.into_inner();
    kit.run(once, move |conn| -> Result<Answer, DeliveryError> {
        let withdrawn = deliveries.withdraw_in(conn, caller.collector, id)?;
        Ok(shown(&withdrawn, Role::Collector))
    })
    .await
}
