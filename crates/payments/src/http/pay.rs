use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, CollectorCaller, Command, Kit, Path, Problem, ProblemBody};
use primitives::PickupId;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{Method, PaymentError, PaymentView, Payments};

/// How the collector pays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PaymentBody {
    method: Method,
}

/// Pays a confirmed job
///
/// `wallet` settles at once. `cash` waits for the household to say that it arrived. One weigh-in has one payment that
/// counts, whatever keys are used; the refusal of a second one names the first in `payment_id`.
#[utoipa::path(
    tag = "payments", operation_id = "pay_pickup", request_body = PaymentBody,
    params(
        ("id" = PickupId, Path, description = "The job"),
        ("Idempotency-Key" = String, Header, description = "1–255 characters of the phone's choosing"),
    ),
    responses(
        (status = 201, description = "The payment", body = PaymentView),
        (status = 409, description = "`payment_exists`, `wrong_state` or `balance_insufficient`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("collector"))), security(("bearer" = []))
)]
#[post("/v1/pickups/{id}/payment")]
pub(crate) async fn pay_pickup(
    caller: CollectorCaller,
    id: Path<PickupId>,
    command: Command<PaymentBody>,
    payments: Data<Payments>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, PaymentBody { method }) = command.split();
    let (id, collector) = (id.into_inner(), caller.account);
    kit.run(once.required()?, move |conn| -> Result<Answer, PaymentError> {
        let payment = payments.pay_in(conn, collector, id, method)?;
        let location = format!("/v1/payments/{}", payment.id);
        Ok(Answer::created(location, &PaymentView::from(&payment)).version(payment.version))
    })
    .await
}
