use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Finance, Kit, Page, PageLimit, Problem, Query, StaffCaller};
use primitives::AdjustmentId;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{Adjustment, AdjustmentView, Payments, ProposalStateName};

/// Which adjustments, and where to go on.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AdjustmentFilter {
    /// Only those in this state.
    state: Option<ProposalStateName>,
    /// How many, 20 unless stated.
    limit: Option<PageLimit>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Lists the adjustments of the caller's regions
///
/// Oldest first, for makers and checkers.
#[utoipa::path(
    tag = "staff", operation_id = "list_adjustments", params(AdjustmentFilter),
    responses((status = 200, description = "One page", body = Page<AdjustmentView>)),
    extensions(("x-access" = json!("staff:finance"))), security(("bearer" = []))
)]
#[get("/v1/staff/adjustments")]
pub(crate) async fn list_adjustments(
    caller: StaffCaller<Finance>,
    filter: Query<AdjustmentFilter>,
    payments: Data<Payments>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let AdjustmentFilter { state, limit, cursor } = filter.into_inner();
    let scope = format!("list_adjustments {} {state:?}", caller.account);
    let after: Option<AdjustmentId> = kit.cursors.open(&scope, cursor)?;
    let limit = limit.unwrap_or_default();
    let rows = kit.read(move |conn| {
        payments.adjustments_in(conn, caller.regions(), state, after, limit.fetch())
    });
    let key = |last: &Adjustment| last.id;
    let page = Page::from_rows(rows.await?, limit, key, &kit.cursors, &scope);
    Ok(Answer::ok(&page.map(|found| AdjustmentView::from(&found))).into_response())
}
