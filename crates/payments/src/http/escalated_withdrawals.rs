use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, FinanceCheckers, Kit, Page, PageLimit, Problem, Query, StaffCaller};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{EscalatedView, Withdrawal, Withdrawals};

/// Which withdrawals to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EscalatedFilter {
    /// How many, 20 unless stated.
    limit: Option<PageLimit>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Withdrawals that wait for a person, those that wait longest first
///
/// Their gateway gave no usable answer for 20 hours, or tells of another amount. Wallets belong to no region.
#[utoipa::path(
    tag = "staff", operation_id = "list_escalated_withdrawals", params(EscalatedFilter),
    responses((status = 200, description = "One page of withdrawals", body = Page<EscalatedView>)),
    extensions(("x-access" = json!("staff:finance_checker"))), security(("bearer" = []))
)]
#[get("/v1/staff/withdrawals")]
pub(crate) async fn list_escalated_withdrawals(
    _caller: StaffCaller<FinanceCheckers>,
    filter: Query<EscalatedFilter>,
    withdrawals: Data<Withdrawals>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let EscalatedFilter { limit, cursor } = filter.into_inner();
    let scope = "list_escalated_withdrawals";
    let (after, limit) = (kit.cursors.open(scope, cursor)?, limit.unwrap_or_default());
    let rows = kit.read(move |conn| withdrawals.page_escalated_in(conn, after, limit.fetch()));
    let key = |last: &Withdrawal| (last.escalated_at.unwrap_or(last.created_at), last.id);
    let page = Page::from_rows(rows.await?, limit, key, &kit.cursors, scope);
    Ok(Answer::ok(&page.map(|it| EscalatedView::from(&it))).into_response())
}
