use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Caller, Kit, Page, PageLimit, Problem, Query};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{Charge, ChargeView, Charges};

/// Which top-ups to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ChargeFilter {
    /// How many, 20 unless stated.
    limit: Option<PageLimit>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// The caller's own top-ups through gateways, newest first
///
/// What the office has put into the wallet stands in the wallet's entries only.
#[utoipa::path(
    tag = "wallet", operation_id = "list_top_ups", params(ChargeFilter),
    responses((status = 200, description = "One page of top-ups", body = Page<ChargeView>)),
    extensions(("x-access" = json!("account"))), security(("bearer" = []))
)]
#[get("/v1/wallet/top-ups")]
pub(crate) async fn list_top_ups(
    caller: Caller,
    filter: Query<ChargeFilter>,
    charges: Data<Charges>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let ChargeFilter { limit, cursor } = filter.into_inner();
    let scope = format!("list_top_ups {}", caller.account);
    let (after, limit) = (kit.cursors.open(&scope, cursor)?, limit.unwrap_or_default());
    let rows =
        kit.read(move |conn| charges.page_owned_in(conn, caller.account, after, limit.fetch()));
    let key = |last: &Charge| (last.created_at, last.id);
    let page = Page::from_rows(rows.await?, limit, key, &kit.cursors, &scope);
    Ok(Answer::ok(&page.map(|it| ChargeView::from(&it))).into_response())
}
