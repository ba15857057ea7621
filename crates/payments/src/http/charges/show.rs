use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Caller, Kit, Path, Problem};
use primitives::TopUpId;

use crate::{ChargeView, Charges};

/// A top-up of the caller's own, and how to pay it
#[utoipa::path(
    tag = "wallet", operation_id = "get_top_up",
    params(("id" = TopUpId, Path, description = "The top-up")),
    responses((status = 200, description = "The top-up", body = ChargeView)),
    extensions(("x-access" = json!("account"))), security(("bearer" = []))
)]
#[get("/v1/wallet/top-ups/{id}")]
pub(crate) async fn get_top_up(
    caller: Caller,
    id: Path<TopUpId>,
    charges: Data<Charges>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (id, account) = (id.into_inner(), caller.account);
    let found = kit.read(move |conn| charges.find_owned_in(conn, account, id)).await?;
    Ok(Answer::ok(&ChargeView::from(&found)).version(found.version).into_response())
}
