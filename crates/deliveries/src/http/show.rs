use actix_web::{HttpResponse, get, web::Data};
use http_kit::{CollectorCaller, Kit, Path, Problem};
use primitives::DeliveryId;

use super::shown;
use crate::{Deliveries, DeliveryView};

/// A delivery, for either of its sides
#[utoipa::path(
    tag = "deliveries", operation_id = "get_delivery",
    params(("id" = DeliveryId, Path, description = "The delivery")),
    responses((status = 200, description = "The delivery", body = DeliveryView)),
    extensions(("x-access" = json!("collector"))), security(("bearer" = []))
)]
#[get("/v1/deliveries/{id}")]
pub(crate) async fn get_delivery(
    caller: CollectorCaller,
    id: Path<DeliveryId>,
    deliveries: Data<Deliveries>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let found = kit.read(move |conn| deliveries.find_party_in(conn, caller.collector, id));
    let (delivery, role) = found.await?;
    Ok(shown(&delivery, role).into_response())
}
