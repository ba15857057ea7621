use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Kit, Path, Problem, ProblemBody, Query};
use primitives::{Invalid, PaymentId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::{Payments, VerificationView};

/// SHA-256 in 64 small hexadecimal digits.
#[derive(Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
pub(crate) struct ReceiptHash(String);

impl TryFrom<String> for ReceiptHash {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        let digits = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if digits && text.len() == 64 { Ok(Self(text)) } else { Err(Invalid("hash_malformed")) }
    }
}

/// What the receipt in somebody's hand says.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct VerificationQuery {
    /// The receipt's `receipt_hash`.
    #[param(inline)]
    receipt_hash: ReceiptHash,
}

/// Says whether a receipt is the one that was issued
///
/// For anybody with the receipt in his hand: its `payment_id` and its `receipt_hash`. Says nothing about persons, and
/// nothing at all to whoever knows only one of the two.
#[utoipa::path(
    tag = "payments", operation_id = "verify_receipt",
    params(("id" = PaymentId, Path, description = "The receipt's `payment_id`"), VerificationQuery),
    responses(
        (status = 200, description = "Valid or not", body = VerificationView),
        (status = 404, description = "No such receipt was issued", body = ProblemBody),
    ),
    extensions(("x-access" = json!("public")))
)]
#[get("/v1/receipts/{id}/verification")]
pub(crate) async fn verify_receipt(
    id: Path<PaymentId>,
    query: Query<VerificationQuery>,
    payments: Data<Payments>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (id, ReceiptHash(hash)) = (id.into_inner(), query.into_inner().receipt_hash);
    let view = kit.read(move |conn| payments.verification_in(conn, id, &hash)).await?;
    Ok(Answer::ok(&view).into_response())
}
