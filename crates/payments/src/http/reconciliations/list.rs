use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Finance, Kit, Page, PageLimit, Problem, Query, StaffCaller};
use primitives::ReconciliationId;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{Reconciliation, ReconciliationView, Reconciliations};

/// Where to go on.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReconciliationFilter {
    /// How many, 20 unless stated.
    limit: Option<PageLimit>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Comparisons of our withdrawals with the gateways' own books, newest first
#[utoipa::path(
    tag = "staff", operation_id = "list_reconciliations", params(ReconciliationFilter),
    responses((status = 200, description = "One page", body = Page<ReconciliationView>)),
    extensions(("x-access" = json!("staff:finance"))), security(("bearer" = []))
)]
#[get("/v1/staff/reconciliations")]
pub(crate) async fn list_reconciliations(
    _caller: StaffCaller<Finance>,
    filter: Query<ReconciliationFilter>,
    reconciliations: Data<Reconciliations>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let ReconciliationFilter { limit, cursor } = filter.into_inner();
    let scope = "list_reconciliations";
    let after: Option<ReconciliationId> = kit.cursors.open(scope, cursor)?;
    let limit = limit.unwrap_or_default();
    let rows = kit.read(move |conn| reconciliations.page_in(conn, after, limit.fetch()));
    let key = |last: &Reconciliation| last.id;
    let page = Page::from_rows(rows.await?, limit, key, &kit.cursors, scope);
    Ok(Answer::ok(&page.map(|it| ReconciliationView::from(&it))).into_response())
}
