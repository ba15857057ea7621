use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Kit, Officers, Path, Problem, StaffCaller};
use photos::{Photos, Picture};
use primitives::{PaymentId, PhotoId};

use crate::Payments;

/// A photo of a dispute about cash, while it waits for a decision
#[utoipa::path(
    tag = "staff", operation_id = "get_payment_dispute_photo",
    params(
        ("id" = PaymentId, Path, description = "The payment"),
        ("photo_id" = PhotoId, Path, description = "The photo"),
    ),
    responses((status = 200, description = "The picture", body = Picture, content_type = "image/jpeg")),
    extensions(("x-access" = json!("staff:officer"))), security(("bearer" = []))
)]
#[get("/v1/staff/payments/{id}/dispute/photos/{photo_id}")]
pub(crate) async fn get_payment_dispute_photo(
    caller: StaffCaller<Officers>,
    path: Path<(PaymentId, PhotoId)>,
    payments: Data<Payments>,
    photos: Data<Photos>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (path, officer) = (path.into_inner(), caller.account);
    let found =
        kit.read(move |conn| payments.photo_for_staff_in(conn, officer, caller.regions(), path));
    photos.shown(&found.await?).await
}
