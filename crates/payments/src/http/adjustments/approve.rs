use accounts::{Accounts, Code};
use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, Command, FinanceCheckers, Kit, Path, Problem, ProblemBody, StaffCaller};
use primitives::AdjustmentId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::shown;
use crate::{AdjustmentView, PaymentError, Payments};

/// The checker's second factor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApprovalBody {
    /// What the authenticator app shows now; each code works once.
    pub(in crate::http) totp_code: Code,
}

/// Releases an adjustment
///
/// The money moves at once. Neither the maker nor the holder of the wallet may do it.
#[utoipa::path(
    tag = "staff", operation_id = "approve_adjustment", request_body = ApprovalBody,
    params(
        ("id" = AdjustmentId, Path, description = "The adjustment"),
        ("Idempotency-Key" = String, Header, description = "1–255 characters of the caller's choosing"),
    ),
    responses(
        (status = 200, description = "The adjustment, done", body = AdjustmentView),
        (status = 401, description = "`second_factor_wrong`", body = ProblemBody),
        (status = 403, description = "`own_adjustment` or `own_wallet`", body = ProblemBody),
        (status = 409, description = "`wrong_state` or `balance_insufficient`", body = ProblemBody),
        (status = 429, description = "`second_factor_paused`: too many wrong codes", body = ProblemBody),
    ),
    extensions(("x-access" = json!("staff:finance_checker"))), security(("bearer" = []))
)]
#[post("/v1/staff/adjustments/{id}/approve")]
pub(crate) async fn approve_adjustment(
    caller: StaffCaller<FinanceCheckers>,
    id: Path<AdjustmentId>,
    command: Command<ApprovalBody>,
    accounts: Data<Accounts>,
    payments: Data<Payments>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, ApprovalBody { totp_code }) = command.split();
    let (once, id, regions) = (once.required()?, id.into_inner(), caller.regions().to_vec());
    let counted = accounts.count_factor_try(&kit.database, caller.account).await?;
    kit.run(once, move |conn| -> Result<Answer, PaymentError> {
        let fresh = accounts.take_fresh_factor_in(conn, counted, &totp_code)?;
        Ok(shown(&payments.approve_adjustment_in(conn, fresh, &regions, id)?))
    })
    .await
}
