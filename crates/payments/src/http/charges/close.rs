use accounts::{Accounts, Code};
use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, Command, FinanceCheckers, Kit, Path, Problem, ProblemBody, StaffCaller};
use primitives::TopUpId;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{ChargeError, Charges, EscalatedChargeView};

/// Why nothing more is waited for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClosingBody {
    /// How it is known; kept for ever.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
    /// What the authenticator app shows now; each code works once.
    totp_code: Code,
}

/// Ends a top-up that waits for a person
///
/// One that is not paid lapses: whatever comes in for it later goes to the gateway's suspense. One that is paid stays
/// so. What waits in suspense for it stays there until it is released. Nobody decides about his own money.
#[utoipa::path(
    tag = "staff", operation_id = "close_top_up", request_body = ClosingBody,
    params(
        ("id" = TopUpId, Path, description = "The top-up"),
        ("Idempotency-Key" = String, Header, description = "1–255 characters of the caller's choosing"),
    ),
    responses(
        (status = 200, description = "The top-up, ended", body = EscalatedChargeView),
        (status = 401, description = "`second_factor_wrong`", body = ProblemBody),
        (status = 403, description = "`own_wallet`", body = ProblemBody),
        (status = 409, description = "`wrong_state`: it waits for nobody", body = ProblemBody),
        (status = 429, description = "`second_factor_paused`: too many wrong codes", body = ProblemBody),
    ),
    extensions(("x-access" = json!("staff:finance_checker"))), security(("bearer" = []))
)]
#[post("/v1/staff/top-ups/{id}/close")]
pub(crate) async fn close_top_up(
    caller: StaffCaller<FinanceCheckers>,
    id: Path<TopUpId>,
    command: Command<ClosingBody>,
    accounts: Data<Accounts>,
    charges: Data<Charges>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, ClosingBody { reason, totp_code }) = command.split();
    let (once, id) = (once.required()?, id.into_inner());
    let counted = accounts.count_factor_try(&kit.database, caller.account).await?;
    kit.run(once, move |conn| -> Result<Answer, ChargeError> {
        let fresh = accounts.take_fresh_factor_in(conn, counted, &totp_code)?;
        charges.close_in(conn, fresh, id, &reason)?;
        let (charge, payments) = charges.find_escalated_in(conn, id)?;
        let view = EscalatedChargeView::new(&charge, &payments);
        Ok(Answer::ok(&view).version(charge.version))
    })
    .await
}
