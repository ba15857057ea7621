use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, Caller, Command, Kit, Path, Problem, ProblemBody};
use primitives::{PaymentId, PhotoId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::shown;
use crate::{Objection, PaymentError, PaymentView, Payments};

/// What somebody objects to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ObjectionBody {
    /// In a few words.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
    /// The whole story.
    #[schema(max_length = 1_000)]
    detail: Option<String>,
    /// Photographs uploaded before. The other side sees them, and staff who decide.
    #[schema(max_items = 5)]
    photo_ids: Option<Vec<PhotoId>>,
}

/// Disputes a payment in cash
///
/// The household, while it has not answered: not what was agreed. The collector, when the household denied: he did pay.
/// Staff of the region decide; until then the household may still say yes. What staff have decided is not disputed again.
#[utoipa::path(
    tag = "payments", operation_id = "dispute_payment", request_body = ObjectionBody,
    params(("id" = PaymentId, Path, description = "The payment")),
    responses(
        (status = 200, description = "The payment, waiting for staff", body = PaymentView),
        (status = 409, description = "`wrong_state`, `dispute_open`, `dispute_decided` or `payment_exists`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("pickup-party"))), security(("bearer" = []))
)]
#[post("/v1/payments/{id}/dispute")]
pub(crate) async fn dispute_payment(
    caller: Caller,
    id: Path<PaymentId>,
    command: Command<ObjectionBody>,
    payments: Data<Payments>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, ObjectionBody { reason, detail, photo_ids }) = command.split();
    let objection = Objection { reason, detail, photos: photo_ids.unwrap_or_default() };
    let (id, account) = (id.into_inner(), caller.account);
    kit.run(once, move |conn| -> Result<Answer, PaymentError> {
        let payment = payments.dispute_in(conn, account, id, &objection)?;
        shown(&payments, conn, &payment)
    })
    .await
}
