use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, Command, Kit, Officers, Path, Problem, ProblemBody, StaffCaller};
use primitives::PaymentId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::shown;
use crate::{CashOutcome, CashRuling, PaymentError, PaymentView, Payments};

/// How an officer decides.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CashRulingBody {
    outcome: CashOutcome,
    /// Why; both sides read it.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
}

/// Decides a dispute about cash
///
/// `received`: the payment is settled and the job paid. `not_received`: the payment has failed, and the collector owes
/// the money. Nobody decides his own.
#[utoipa::path(
    tag = "staff", operation_id = "resolve_payment", request_body = CashRulingBody,
    params(("id" = PaymentId, Path, description = "The payment")),
    responses(
        (status = 200, description = "The payment as decided", body = PaymentView),
        (status = 403, description = "`own_dispute`", body = ProblemBody),
        (status = 409, description = "`wrong_state`: nothing is open, or it was decided otherwise", body = ProblemBody),
    ),
    extensions(("x-access" = json!("staff:officer"))), security(("bearer" = []))
)]
#[post("/v1/staff/payments/{id}/resolve")]
pub(crate) async fn resolve_payment(
    caller: StaffCaller<Officers>,
    id: Path<PaymentId>,
    command: Command<CashRulingBody>,
    payments: Data<Payments>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, CashRulingBody { outcome, reason }) = command.split();
    let (id, ruling) = (id.into_inner(), CashRuling { outcome, reason });
    let (officer, regions) = (caller.account, caller.regions().to_vec());
    kit.run(once, move |conn| -> Result<Answer, PaymentError> {
        let payment = payments.resolve_in(conn, officer, &regions, id, &ruling)?;
        shown(&payments, conn, &payment)
    })
    .await
}
