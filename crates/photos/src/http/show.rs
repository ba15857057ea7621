use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Caller, Kit, Path, Problem};
use primitives::PhotoId;

use super::Picture;
use crate::Photos;

/// One of the caller's own photos
///
/// What others may see of it is found below the thing that it is attached to.
#[utoipa::path(
    tag = "photos", operation_id = "get_photo",
    params(("id" = PhotoId, Path, description = "The photo")),
    responses((status = 200, description = "The picture", body = Picture, content_type = "image/jpeg")),
    extensions(("x-access" = json!("account"))), security(("bearer" = []))
)]
#[get("/v1/photos/{id}")]
pub(crate) async fn get_photo(
    caller: Caller,
    id: Path<PhotoId>,
    photos: Data<Photos>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (id, album) = (id.into_inner(), photos.clone());
    let photo = kit.read(move |conn| album.find_owned_in(conn, caller.account, id)).await?;
    photos.shown(&photo).await
}
