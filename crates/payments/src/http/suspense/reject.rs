use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, Command, FinanceCheckers, Kit, Path, Problem, ProblemBody, StaffCaller};
use primitives::SuspenseReleaseId;

use super::shown;
use crate::{ChargeError, Charges, SuspenseReleaseView, http::adjustments::reject::RejectionBody};

/// Refuses a release from suspense
///
/// Nothing moves, and another release may be proposed. Neither the maker, nor the holder of the wallet, nor whoever
/// asked for the top-up may do it.
#[utoipa::path(
    tag = "staff", operation_id = "reject_suspense_release", request_body = RejectionBody,
    params(("id" = SuspenseReleaseId, Path, description = "The release")),
    responses(
        (status = 200, description = "The release, refused", body = SuspenseReleaseView),
        (status = 403, description = "`own_adjustment` or `own_wallet`", body = ProblemBody),
        (status = 409, description = "`wrong_state`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("staff:finance_checker"))), security(("bearer" = []))
)]
#[post("/v1/staff/suspense-releases/{id}/reject")]
pub(crate) async fn reject_suspense_release(
    caller: StaffCaller<FinanceCheckers>,
    id: Path<SuspenseReleaseId>,
    command: Command<RejectionBody>,
    charges: Data<Charges>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, RejectionBody { reason }) = command.split();
    let (id, checker) = (id.into_inner(), caller.account);
    kit.run(once, move |conn| -> Result<Answer, ChargeError> {
        Ok(shown(&charges.reject_release_in(conn, checker, id, &reason)?))
    })
    .await
}
