use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, CollectorCaller, Command, Kit, Problem, ProblemBody};
use primitives::CollectorId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::{LoadBody, loads_of};
use crate::{Deliveries, DeliveryError, DeliveryView, NewDelivery, Role};

/// What the collector brings, and to whom.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeliveryBody {
    /// A verified main waste bank, TPS3R or TPST; never the caller's own.
    facility_id: CollectorId,
    /// Each material once, 1 g to 5,000 kg of it, at most what the caller carries.
    #[schema(min_items = 1, max_items = 100)]
    lines: Vec<LoadBody>,
}

/// Announces a delivery to a facility
///
/// One delivery of a collector is under way at a time. The goods stay his until the facility has received them; what
/// nobody has received for three days expires.
#[utoipa::path(
    tag = "deliveries", operation_id = "announce_delivery", request_body = DeliveryBody,
    params(("Idempotency-Key" = String, Header, description = "1–255 characters of the caller's choosing")),
    responses(
        (status = 201, description = "The delivery", body = DeliveryView),
        (status = 409, description = "`delivery_under_way` names it in `delivery_id`; `carried_insufficient` names the `material`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("collector"))), security(("bearer" = []))
)]
#[post("/v1/deliveries")]
pub(crate) async fn announce_delivery(
    caller: CollectorCaller,
    command: Command<DeliveryBody>,
    deliveries: Data<Deliveries>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, DeliveryBody { facility_id: facility, lines }) = command.split();
    let (once, new) = (once.required()?, NewDelivery { facility, loads: loads_of(lines) });
    kit.run(once, move |conn| -> Result<Answer, DeliveryError> {
        let delivery = deliveries.announce_in(conn, caller.collector, &new)?;
        let view = DeliveryView::of(&delivery, Role::Collector);
        let place = format!("/v1/deliveries/{}", delivery.id);
        Ok(Answer::created(place, &view).version(delivery.version))
    })
    .await
}
