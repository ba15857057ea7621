use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, Caller, Command, Kit, NoBody, Path, Problem, ProblemBody};
use primitives::PaymentId;

use super::shown;
use crate::{PaymentError, PaymentView, Payments};

/// The household says that the cash arrived
///
/// Said again, it changes nothing.
#[utoipa::path(
    tag = "payments", operation_id = "confirm_payment", request_body = NoBody,
    params(("id" = PaymentId, Path, description = "The payment")),
    responses(
        (status = 200, description = "The payment, settled", body = PaymentView),
        (status = 409, description = "`wrong_state`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("citizen-owner"))), security(("bearer" = []))
)]
#[post("/v1/payments/{id}/confirm")]
pub(crate) async fn confirm_payment(
    caller: Caller,
    id: Path<PaymentId>,
    command: Command<NoBody>,
    payments: Data<Payments>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, NoBody {}) = command.split();
    let (id, household) = (id.into_inner(), caller.account);
    kit.run(once, move |conn| -> Result<Answer, PaymentError> {
        let payment = payments.confirm_in(conn, household, id)?;
        shown(&payments, conn, &payment)
    })
    .await
}
