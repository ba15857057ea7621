use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Finance, Kit, Path, Problem, ProblemBody, StaffCaller};
use primitives::ReconciliationId;

use crate::{ReconciliationView, Reconciliations};

/// One comparison of our withdrawals with a gateway's own book
#[utoipa::path(
    tag = "staff", operation_id = "get_reconciliation",
    params(("id" = ReconciliationId, Path, description = "The reconciliation")),
    responses(
        (status = 200, description = "The reconciliation", body = ReconciliationView),
        (status = 404, description = "Unknown", body = ProblemBody),
    ),
    extensions(("x-access" = json!("staff:finance"))), security(("bearer" = []))
)]
#[get("/v1/staff/reconciliations/{id}")]
pub(crate) async fn get_reconciliation(
    _caller: StaffCaller<Finance>,
    id: Path<ReconciliationId>,
    reconciliations: Data<Reconciliations>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let found = kit.read(move |conn| reconciliations.find_in(conn, id)).await?;
    Ok(Answer::ok(&ReconciliationView::from(&found)).version(found.version).into_response())
}
