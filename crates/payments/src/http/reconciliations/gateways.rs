use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Finance, Kit, Problem, StaffCaller};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{GatewayView, Reconciliations};

/// The gateways of this installation.
#[derive(Serialize, ToSchema)]
struct GatewayList {
    /// None, one or both.
    data: Vec<GatewayView>,
}

/// How each gateway stands to us
///
/// As far as our own books tell; no gateway is asked. After a restore nothing is sent through a gateway until a
/// reconciliation over the gap has accounted for every payout in its book.
#[utoipa::path(
    tag = "staff", operation_id = "list_gateways",
    responses((status = 200, description = "Every gateway", body = GatewayList)),
    extensions(("x-access" = json!("staff:finance"))), security(("bearer" = []))
)]
#[get("/v1/staff/gateways")]
pub(crate) async fn list_gateways(
    _caller: StaffCaller<Finance>,
    reconciliations: Data<Reconciliations>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let standings = kit.read(move |conn| reconciliations.standings_in(conn)).await?;
    let data = standings.iter().map(GatewayView::from).collect();
    Ok(Answer::ok(&GatewayList { data }).into_response())
}
