use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Caller, Kit, Path, Problem};
use primitives::{CollectorId, PickupId};

use super::tagged;
use crate::{PickupError, PickupView, Pickups, Side, rules, view::PositionView};

/// One of the caller's own jobs
///
/// Each side sees what it needs: the household the handover code and, while the collector is on the way, his live
/// position; the collector the home and the phone, until a day after the job ended.
#[utoipa::path(
    tag = "pickups", operation_id = "get_pickup",
    params(("id" = PickupId, Path, description = "The job")),
    responses((status = 200, description = "The job", body = PickupView)),
    extensions(("x-access" = json!("pickup-party"))), security(("bearer" = []))
)]
#[get("/v1/pickups/{id}")]
pub(crate) async fn get_pickup(
    caller: Caller,
    id: Path<PickupId>,
    pickups: Data<Pickups>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let found = kit.read(move |conn| -> Result<(PickupView, bool), PickupError> {
        let (pickup, side) = pickups.find_party_in(conn, caller.account, id)?;
        let follows = side == Side::Household && rules::position_is_visible(&pickup);
        Ok((pickups.view_in(conn, &pickup, side)?, follows))
    });
    let (mut view, follows) = found.await?;
    if follows {
        view.position = last_seen(&kit, view.collector.id).await;
    }
    Ok(tagged(&view).into_response())
}

/// Where the collector was last seen, as the crate `collectors` keeps it.
async fn last_seen(kit: &Kit, collector: CollectorId) -> Option<PositionView> {
    let stored = kit.live_state.get(&format!("position:{collector}")).await?;
    serde_json::from_slice(&stored).ok()
}
