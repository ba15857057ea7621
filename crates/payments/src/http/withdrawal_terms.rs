use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Caller, Kit, Problem};

use crate::{AllowanceView, Withdrawals};

/// What a withdrawal costs the caller, and how much may leave today
#[utoipa::path(
    tag = "wallet", operation_id = "get_withdrawal_terms",
    responses((status = 200, description = "The terms", body = AllowanceView)),
    extensions(("x-access" = json!("account"))), security(("bearer" = []))
)]
#[get("/v1/wallet/withdrawal-terms")]
pub(crate) async fn get_withdrawal_terms(
    caller: Caller,
    withdrawals: Data<Withdrawals>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let used = withdrawals.clone();
    let allowance = kit.read(move |conn| used.allowance_in(conn, caller.account)).await?;
    let channels = withdrawals.channels().collect();
    let view = AllowanceView::new(withdrawals.terms(), &allowance, channels);
    Ok(Answer::ok(&view).into_response())
}
