use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Caller, Kit, Problem};

use crate::{Payments, WalletView};

/// What is in the caller's wallet
#[utoipa::path(
    tag = "wallet", operation_id = "get_wallet",
    responses((status = 200, description = "The wallet", body = WalletView)),
    extensions(("x-access" = json!("account"))), security(("bearer" = []))
)]
#[get("/v1/wallet")]
pub(crate) async fn get_wallet(
    caller: Caller,
    payments: Data<Payments>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let balance = kit.read(move |conn| payments.wallet_in(conn, caller.account)).await?;
    Ok(Answer::ok(&WalletView::from(&balance)).version(balance.version).into_response())
}
