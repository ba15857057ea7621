use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Caller, Kit, Path, Problem};
use photos::{Photos, Picture};
use primitives::{PaymentId, PhotoId};

use crate::Payments;

/// A photo of a dispute about cash, for either side
///
/// The collector sees it until a day after the dispute has ended.
#[utoipa::path(
    tag = "payments", operation_id = "get_payment_photo",
    params(
        ("id" = PaymentId, Path, description = "The payment"),
        ("photo_id" = PhotoId, Path, description = "The photo"),
    ),
    responses((status = 200, description = "The picture", body = Picture, content_type = "image/jpeg")),
    extensions(("x-access" = json!("pickup-party"))), security(("bearer" = []))
)]
#[get("/v1/payments/{id}/dispute/photos/{photo_id}")]
pub(crate) async fn get_payment_photo(
    caller: Caller,
    path: Path<(PaymentId, PhotoId)>,
    payments: Data<Payments>,
    photos: Data<Photos>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let ((id, photo), account) = (path.into_inner(), caller.account);
    let found = kit.read(move |conn| payments.photo_for_party_in(conn, account, id, photo));
    photos.shown(&found.await?).await
}
