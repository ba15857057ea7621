use actix_web::{HttpResponse, get, web::Data};
use http_kit::{
    Answer, Finance, Kit, Page, PageLimit, Path, Problem, ProblemBody, Query, StaffCaller,
};
use primitives::{ReconciliationId, Timestamp};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{ExplainedItem, MatchOutcome, ReconciliationItemView, Reconciliations};

/// Which payouts and payments, and where to go on.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ItemFilter {
    /// Only those with this outcome.
    outcome: Option<MatchOutcome>,
    /// How many, 20 unless stated.
    limit: Option<PageLimit>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// The payouts of a reconciliation and the payments that came in, the oldest first
///
/// Each with its age, and with what a person has said about it.
#[utoipa::path(
    tag = "staff", operation_id = "list_reconciliation_items",
    params(("id" = ReconciliationId, Path, description = "The reconciliation"), ItemFilter),
    responses(
        (status = 200, description = "One page", body = Page<ReconciliationItemView>),
        (status = 404, description = "Unknown", body = ProblemBody),
    ),
    extensions(("x-access" = json!("staff:finance"))), security(("bearer" = []))
)]
#[get("/v1/staff/reconciliations/{id}/items")]
pub(crate) async fn list_reconciliation_items(
    _caller: StaffCaller<Finance>,
    id: Path<ReconciliationId>,
    filter: Query<ItemFilter>,
    reconciliations: Data<Reconciliations>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (id, ItemFilter { outcome, limit, cursor }) = (id.into_inner(), filter.into_inner());
    let scope = format!("list_reconciliation_items {id} {outcome:?}");
    let after: Option<(Timestamp, String)> = kit.cursors.open(&scope, cursor)?;
    let (limit, now) = (limit.unwrap_or_default(), kit.ambient.now());
    let rows = kit
        .read(move |conn| reconciliations.items_in(conn, id, outcome, after.clone(), limit.fetch()))
        .await?;
    let key = |(last, _): &ExplainedItem| (last.at, last.subject.clone());
    let page = Page::from_rows(rows, limit, key, &kit.cursors, &scope);
    Ok(Answer::ok(&page.map(|it| ReconciliationItemView::new(&it, now))).into_response())
}
