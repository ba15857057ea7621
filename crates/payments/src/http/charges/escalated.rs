use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, FinanceCheckers, Kit, Page, PageLimit, Problem, Query, StaffCaller};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{Charge, Charges, EscalatedChargeView, Received};

/// Which top-ups to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EscalatedChargeFilter {
    /// How many, 20 unless stated.
    limit: Option<PageLimit>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Top-ups that a person should look into, those that wait longest first
///
/// Another amount came in, or a second payment, which wait in the gateway's suspense; or the gateway tells of something
/// that is not ours, has taken a payment back, or is silent. Wallets belong to no region.
#[utoipa::path(
    tag = "staff", operation_id = "list_escalated_top_ups", params(EscalatedChargeFilter),
    responses((status = 200, description = "One page of top-ups", body = Page<EscalatedChargeView>)),
    extensions(("x-access" = json!("staff:finance_checker"))), security(("bearer" = []))
)]
#[get("/v1/staff/top-ups")]
pub(crate) async fn list_escalated_top_ups(
    _caller: StaffCaller<FinanceCheckers>,
    filter: Query<EscalatedChargeFilter>,
    charges: Data<Charges>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let EscalatedChargeFilter { limit, cursor } = filter.into_inner();
    let scope = "list_escalated_top_ups";
    let (after, limit) = (kit.cursors.open(scope, cursor)?, limit.unwrap_or_default());
    let rows = kit.read(move |conn| charges.page_escalated_in(conn, after, limit.fetch()));
    let key = |(last, _payments): &(Charge, Vec<Received>)| {
        (last.escalated_at.unwrap_or(last.created_at), last.id)
    };
    let page = Page::from_rows(rows.await?, limit, key, &kit.cursors, scope);
    let view =
        |(charge, payments): (Charge, Vec<Received>)| EscalatedChargeView::new(&charge, &payments);
    Ok(Answer::ok(&page.map(view)).into_response())
}
