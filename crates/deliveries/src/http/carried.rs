use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, CollectorCaller, Kit, Problem};

use crate::{CarriedView, Deliveries};

/// What the caller carries
///
/// Weighed in at doors and paid, and not yet received by a facility; also what he has announced.
#[utoipa::path(
    tag = "deliveries", operation_id = "get_carried",
    responses((status = 200, description = "The goods", body = CarriedView)),
    extensions(("x-access" = json!("collector"))), security(("bearer" = []))
)]
#[get("/v1/collectors/me/carried")]
pub(crate) async fn get_carried(
    caller: CollectorCaller,
    deliveries: Data<Deliveries>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let carried = kit.read(move |conn| deliveries.carried_in(conn, caller.collector)).await?;
    // Every movement of any of the goods adds a link to a chain.
    let links = carried.iter().map(|(_, balance)| balance.version).sum();
    Ok(Answer::ok(&CarriedView::from(carried.as_slice())).version(links).into_response())
}
