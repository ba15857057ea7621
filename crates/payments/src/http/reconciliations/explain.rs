use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, Command, FinanceCheckers, Kit, Path, Problem, ProblemBody, StaffCaller};
use primitives::ReconciliationId;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{DifferenceCause, ReconciliationError, ReconciliationItemView, Reconciliations};

/// What a difference was.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExplanationBody {
    /// Which payout or payment, as the list of items names it.
    #[schema(max_length = 200)]
    subject: String,
    /// What it turned out to be.
    cause: DifferenceCause,
    /// Why, and how it is known; kept for ever.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
}

/// Explains a difference between the two books
///
/// It stays in sight, but not open, for as long as its figures stay. Nothing moves: money is put right by an
/// adjustment, by deciding the withdrawal or by releasing it from suspense. Nobody explains his own money.
#[utoipa::path(
    tag = "staff", operation_id = "explain_difference", request_body = ExplanationBody,
    params(("id" = ReconciliationId, Path, description = "The reconciliation that shows it")),
    responses(
        (status = 200, description = "The payout or payment, explained", body = ReconciliationItemView),
        (status = 403, description = "`own_wallet`", body = ProblemBody),
        (status = 404, description = "Unknown", body = ProblemBody),
        (status = 409, description = "`nothing_to_explain` or `already_explained`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("staff:finance_checker"))), security(("bearer" = []))
)]
#[post("/v1/staff/reconciliations/{id}/explain")]
pub(crate) async fn explain_difference(
    caller: StaffCaller<FinanceCheckers>,
    id: Path<ReconciliationId>,
    command: Command<ExplanationBody>,
    reconciliations: Data<Reconciliations>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, ExplanationBody { subject, cause, reason }) = command.split();
    let (id, by, now) = (id.into_inner(), caller.account, kit.ambient.now());
    kit.run(once, move |conn| -> Result<Answer, ReconciliationError> {
        let said = (cause, reason.as_str());
        let explained = reconciliations.explain_in(conn, by, id, &subject, said)?;
        Ok(Answer::ok(&ReconciliationItemView::new(&explained, now)))
    })
    .await
}
