use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Caller, Kit, Path, Problem};
use primitives::WithdrawalId;

use crate::{WithdrawalView, Withdrawals};

/// A withdrawal of the caller's own
#[utoipa::path(
    tag = "wallet", operation_id = "get_withdrawal",
    params(("id" = WithdrawalId, Path, description = "The withdrawal")),
    responses((status = 200, description = "The withdrawal", body = WithdrawalView)),
    extensions(("x-access" = json!("account"))), security(("bearer" = []))
)]
#[get("/v1/wallet/withdrawals/{id}")]
pub(crate) async fn get_withdrawal(
    caller: Caller,
    id: Path<WithdrawalId>,
    withdrawals: Data<Withdrawals>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (id, account) = (id.into_inner(), caller.account);
    let found = kit.read(move |conn| withdrawals.find_owned_in(conn, account, id)).await?;
    Ok(Answer::ok(&WithdrawalView::from(&found)).version(found.version).into_response())
}
