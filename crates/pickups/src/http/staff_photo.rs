use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Kit, Officers, Path, Problem, StaffCaller};
use photos::{Photos, Picture};
use primitives::{PhotoId, PickupId};

use crate::Pickups;

/// A photo of the scale or of the objection, while the dispute waits for a decision
#[utoipa::path(
    tag = "staff", operation_id = "get_pickup_dispute_photo",
    params(
        ("id" = PickupId, Path, description = "The job"),
        ("photo_id" = PhotoId, Path, description = "The photo"),
    ),
    responses((status = 200, description = "The picture", body = Picture, content_type = "image/jpeg")),
    extensions(("x-access" = json!("staff:officer"))), security(("bearer" = []))
)]
#[get("/v1/staff/pickups/{id}/dispute/photos/{photo_id}")]
pub(crate) async fn get_pickup_dispute_photo(
    caller: StaffCaller<Officers>,
    path: Path<(PickupId, PhotoId)>,
    pickups: Data<Pickups>,
    photos: Data<Photos>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (path, officer) = (path.into_inner(), caller.account);
    let found =
        kit.read(move |conn| pickups.photo_for_staff_in(conn, officer, caller.regions(), path));
    photos.shown(&found.await?).await
}
