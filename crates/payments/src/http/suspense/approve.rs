use accounts::Accounts;
use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, Command, FinanceCheckers, Kit, Path, Problem, ProblemBody, StaffCaller};
use primitives::SuspenseReleaseId;

use super::shown;
use crate::{ChargeError, Charges, SuspenseReleaseView, http::adjustments::approve::ApprovalBody};

/// Releases a payment from suspense
///
/// The money moves at once. Neither the maker, nor the holder of the wallet, nor whoever asked for the top-up may do it.
#[utoipa::path(
    tag = "staff", operation_id = "approve_suspense_release", request_body = ApprovalBody,
    params(
        ("id" = SuspenseReleaseId, Path, description = "The release"),
        ("Idempotency-Key" = String, Header, description = "1–255 characters of the caller's choosing"),
    ),
    responses(
        (status = 200, description = "The release, done", body = SuspenseReleaseView),
        (status = 401, description = "`second_factor_wrong`", body = ProblemBody),
        (status = 403, description = "`own_adjustment` or `own_wallet`", body = ProblemBody),
        (status = 409, description = "`wrong_state`", body = ProblemBody),
        (status = 429, description = "`second_factor_paused`: too many wrong codes", body = ProblemBody),
    ),
    extensions(("x-access" = json!("staff:finance_checker"))), security(("bearer" = []))
)]
#[post("/v1/staff/suspense-releases/{id}/approve")]
pub(crate) async fn approve_suspense_release(
    caller: StaffCaller<FinanceCheckers>,
    id: Path<SuspenseReleaseId>,
    command: Command<ApprovalBody>,
    accounts: Data<Accounts>,
    charges: Data<Charges>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, ApprovalBody { totp_code }) = command.split();
    let (once, id) = (once.required()?, id.into_inner());
    let counted = accounts.count_factor_try(&kit.database, caller.account).await?;
    kit.run(once, move |conn| -> Result<Answer, ChargeError> {
        let fresh = accounts.take_fresh_factor_in(conn, counted, &totp_code)?;
        Ok(shown(&charges.approve_release_in(conn, fresh, id)?))
    })
    .await
}
