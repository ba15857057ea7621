use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Caller, Kit, Path, Problem};
use photos::{Photos, Picture};
use primitives::{PhotoId, PickupId};

use crate::Pickups;

/// A photo of a job, for either of its sides
///
/// Those of the report, of the scale and of a dispute. The collector sees them until a day after the job ended.
#[utoipa::path(
    tag = "pickups", operation_id = "get_pickup_photo",
    params(
        ("id" = PickupId, Path, description = "The job"),
        ("photo_id" = PhotoId, Path, description = "The photo"),
    ),
    responses((status = 200, description = "The picture", body = Picture, content_type = "image/jpeg")),
    extensions(("x-access" = json!("pickup-party"))), security(("bearer" = []))
)]
#[get("/v1/pickups/{id}/photos/{photo_id}")]
pub(crate) async fn get_pickup_photo(
    caller: Caller,
    path: Path<(PickupId, PhotoId)>,
    pickups: Data<Pickups>,
    photos: Data<Photos>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let ((id, photo), account) = (path.into_inner(), caller.account);
    let found = kit.read(move |conn| pickups.photo_for_party_in(conn, account, id, photo));
    photos.shown(&found.await?).await
}
