use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Caller, Problem};

use crate::{ChargeTermsView, Charges};

/// By which channels money can come into the caller's wallet, and how much at once
#[utoipa::path(
    tag = "wallet", operation_id = "get_top_up_terms",
    responses((status = 200, description = "The terms", body = ChargeTermsView)),
    extensions(("x-access" = json!("account"))), security(("bearer" = []))
)]
#[get("/v1/wallet/top-up-terms")]
pub(crate) async fn get_top_up_terms(
    _caller: Caller,
    charges: Data<Charges>,
) -> Result<HttpResponse, Problem> {
    Ok(Answer::ok(&ChargeTermsView::new(charges.channels())).into_response())
}
