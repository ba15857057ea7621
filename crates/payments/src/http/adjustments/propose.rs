use accounts::{Accounts, Code};
use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, Command, FinanceMakers, Kit, Problem, ProblemBody, StaffCaller};
use primitives::{AccountId, RegionCode, Rupiah};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{AdjustmentView, NewAdjustment, PaymentError, Payments};

/// What is to be put right.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AdjustmentBody {
    /// Whose staff answer for it; one of the caller's regions, or below one.
    region: RegionCode,
    /// Whose wallet.
    account_id: AccountId,
    /// What comes in, or, negative, goes out; not 0.
    #[schema(value_type = i64, minimum = -5_000_000, maximum = 5_000_000)]
    amount_rupiah: Rupiah,
    /// Why; kept for ever.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
    /// What the authenticator app shows now; each code works once.
    totp_code: Code,
}

/// Proposes to put somebody's wallet right
///
/// Nothing moves until a finance checker of the region, who is somebody else, approves. A maker may propose
/// Rp 10,000,000 a day, whichever way the money goes and whatever becomes of it.
#[utoipa::path(
    tag = "staff", operation_id = "propose_adjustment", request_body = AdjustmentBody,
    params(("Idempotency-Key" = String, Header, description = "1–255 characters of the caller's choosing")),
    responses(
        (status = 201, description = "The proposal", body = AdjustmentView),
        (status = 401, description = "`second_factor_wrong`", body = ProblemBody),
        (status = 403, description = "`own_wallet`", body = ProblemBody),
        (status = 404, description = "The account is unknown, or the region not the caller's", body = ProblemBody),
        (status = 409, description = "`adjustments_spent`", body = ProblemBody),
        (status = 429, description = "`second_factor_paused`: too many wrong codes", body = ProblemBody),
    ),
    extensions(("x-access" = json!("staff:finance_maker"))), security(("bearer" = []))
)]
#[post("/v1/staff/adjustments")]
pub(crate) async fn propose_adjustment(
    caller: StaffCaller<FinanceMakers>,
    command: Command<AdjustmentBody>,
    accounts: Data<Accounts>,
    payments: Data<Payments>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, body) = command.split();
    let (once, maker, regions) = (once.required()?, caller.account, caller.regions().to_vec());
    let AdjustmentBody { region, account_id: account, amount_rupiah: amount, reason, totp_code } =
        body;
    let new = NewAdjustment { region, account, amount, reason };
    let counted = accounts.count_factor_try(&kit.database, maker).await?;
    kit.run(once, move |conn| -> Result<Answer, PaymentError> {
        let fresh = accounts.take_fresh_factor_in(conn, counted, &totp_code)?;
        let proposed = payments.propose_adjustment_in(conn, fresh, &regions, &new)?;
        let view = AdjustmentView::from(&proposed);
        Ok(Answer::created("/v1/staff/adjustments", &view).version(proposed.version))
    })
    .await
}
