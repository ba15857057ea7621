use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Caller, Kit, Path, Problem};
use primitives::PaymentId;

use super::shown;
use crate::{PaymentError, PaymentView, Payments};

/// A payment, for either of its sides
#[utoipa::path(
    tag = "payments", operation_id = "get_payment",
    params(("id" = PaymentId, Path, description = "The payment")),
    responses((status = 200, description = "The payment", body = PaymentView)),
    extensions(("x-access" = json!("pickup-party"))), security(("bearer" = []))
)]
#[get("/v1/payments/{id}")]
pub(crate) async fn get_payment(
    caller: Caller,
    id: Path<PaymentId>,
    payments: Data<Payments>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (id, account) = (id.into_inner(), caller.account);
    let found = kit.read(move |conn| -> Result<_, PaymentError> {
        let (payment, _either_side) = payments.find_party_in(conn, account, id)?;
        shown(&payments, conn, &payment)
    });
    Ok(found.await?.into_response())
}
