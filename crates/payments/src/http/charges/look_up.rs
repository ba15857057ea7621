use actix_web::{HttpResponse, post, web::Data};
use http_kit::{
    Answer, Command, FinanceCheckers, Kit, NoBody, Path, Problem, ProblemBody, StaffCaller,
};
use primitives::TopUpId;

use crate::{ChargeError, Charges, EscalatedChargeView};

/// Has the gateway asked at once what became of a top-up
///
/// Moves nothing by itself: the worker fetches the truth some seconds later. Only for top-ups that wait for a person.
#[utoipa::path(
    tag = "staff", operation_id = "look_up_top_up", request_body = NoBody,
    params(("id" = TopUpId, Path, description = "The top-up")),
    responses(
        (status = 202, description = "It will be asked", body = EscalatedChargeView),
        (status = 403, description = "`own_wallet`", body = ProblemBody),
        (status = 409, description = "`wrong_state`: it waits for nobody", body = ProblemBody),
    ),
    extensions(("x-access" = json!("staff:finance_checker"))), security(("bearer" = []))
)]
#[post("/v1/staff/top-ups/{id}/look-up")]
pub(crate) async fn look_up_top_up(
    caller: StaffCaller<FinanceCheckers>,
    id: Path<TopUpId>,
    command: Command<NoBody>,
    charges: Data<Charges>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, NoBody {}) = command.split();
    let (id, checker) = (id.into_inner(), caller.account);
    kit.run(once, move |conn| -> Result<Answer, ChargeError> {
        charges.look_up_in(conn, checker, id)?;
        let (charge, payments) = charges.find_escalated_in(conn, id)?;
        let view = EscalatedChargeView::new(&charge, &payments);
        Ok(Answer::accepted(&view).version(charge.version))
    })
    .await
}
