use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, Command, FinanceCheckers, Kit, Path, Problem, ProblemBody, StaffCaller};
use primitives::AdjustmentId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::shown;
use crate::{AdjustmentView, PaymentError, Payments};

/// Why not.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RejectionBody {
    /// Kept for ever.
    #[schema(min_length = 1, max_length = 200)]
    pub(in crate::http) reason: String,
}

/// Refuses an adjustment
///
/// Nothing moves. Neither the maker nor the holder of the wallet may do it.
#[utoipa::path(
    tag = "staff", operation_id = "reject_adjustment", request_body = RejectionBody,
    params(("id" = AdjustmentId, Path, description = "The adjustment")),
    responses(
        (status = 200, description = "The adjustment, refused", body = AdjustmentView),
        (status = 403, description = "`own_adjustment` or `own_wallet`", body = ProblemBody),
        (status = 409, description = "`wrong_state`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("staff:finance_checker"))), security(("bearer" = []))
)]
#[post("/v1/staff/adjustments/{id}/reject")]
pub(crate) async fn reject_adjustment(
    caller: StaffCaller<FinanceCheckers>,
    id: Path<AdjustmentId>,
    command: Command<RejectionBody>,
    payments: Data<Payments>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, RejectionBody { reason }) = command.split();
    let (id, checker, regions) = (id.into_inner(), caller.account, caller.regions().to_vec());
    kit.run(once, move |conn| -> Result<Answer, PaymentError> {
        Ok(shown(&payments.reject_adjustment_in(conn, checker, &regions, id, &reason)?))
    })
    .await
}
