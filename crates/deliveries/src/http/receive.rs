use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, CollectorCaller, Command, Kit, Path, Problem, ProblemBody};
use primitives::DeliveryId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    body::{LoadBody, loads_of},
    shown,
};
use crate::{Deliveries, DeliveryError, DeliveryView, Role, ScaleName, Weighed};

/// What the facility's scale says.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReceiptBody {
    /// Every material that was announced, once; 0 g for what did not arrive.
    #[schema(min_items = 1, max_items = 100)]
    lines: Vec<LoadBody>,
    /// Which scale, if it has a name.
    scale_id: Option<ScaleName>,
}

/// Receives a delivery
///
/// The facility's own scale counts: all that was announced leaves the collector, and what did not arrive is kept as a
/// loss. Of each material at most 5 % or 500 g more than announced can arrive, whichever is more. Said again alike, it
/// changes nothing.
#[utoipa::path(
    tag = "deliveries", operation_id = "receive_delivery", request_body = ReceiptBody,
    params(
        ("id" = DeliveryId, Path, description = "The delivery"),
        ("Idempotency-Key" = String, Header, description = "1–255 characters of the caller's choosing"),
    ),
    responses(
        (status = 200, description = "The delivery, received", body = DeliveryView),
        (status = 403, description = "`other_sides_delivery`", body = ProblemBody),
        (status = 409, description = "`wrong_state`, `collector_not_verified`, `carried_insufficient`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("collector"))), security(("bearer" = []))
)]
#[post("/v1/deliveries/{id}/receive")]
pub(crate) async fn receive_delivery(
    caller: CollectorCaller,
    id: Path<DeliveryId>,
    command: Command<ReceiptBody>,
    deliveries: Data<Deliveries>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, ReceiptBody { lines, scale_id: scale }) = command.split();
    let (once, id) = (once.required()?, id.into_inner());
    let weighed = Weighed { loads: loads_of(lines), scale };
    kit.run(once, move |conn| -> Result<Answer, DeliveryError> {
        let received = deliveries.receive_in(conn, caller.collector, id, &weighed)?;
        Ok(shown(&received, Role::Facility))
    })
    .await
}
