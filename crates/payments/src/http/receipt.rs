use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Caller, Kit, Path, Problem, ProblemBody};
use primitives::PickupId;

use crate::{Payments, ReceiptView};

/// The receipt of a paid job, for either of its sides
#[utoipa::path(
    tag = "payments", operation_id = "get_receipt",
    params(("id" = PickupId, Path, description = "The job")),
    responses(
        (status = 200, description = "The receipt", body = ReceiptView),
        (status = 404, description = "`no_receipt_yet`, or `not_found`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("pickup-party"))), security(("bearer" = []))
)]
#[get("/v1/pickups/{id}/receipt")]
pub(crate) async fn get_receipt(
    caller: Caller,
    id: Path<PickupId>,
    payments: Data<Payments>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (id, account) = (id.into_inner(), caller.account);
    let receipt = kit.read(move |conn| payments.receipt_in(conn, account, id)).await?;
    Ok(tagged(&ReceiptView::from(&receipt)).into_response())
}

/// People may change their names after the deal, so the tag is of the view and not of the payment.
fn tagged(view: &ReceiptView) -> Answer {
    let mut hasher = DefaultHasher::new();
    // A view that cannot be written is refused by the answer itself.
    serde_json::to_string(view).unwrap_or_default().hash(&mut hasher);
    Answer::ok(view).version(i64::try_from(hasher.finish() >> 1).unwrap_or_default())
}
