use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Caller, Kit, Page, PageLimit, Problem, Query};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{EntryView, Payments};

/// Which movements to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EntryFilter {
    /// How many, 20 unless stated.
    limit: Option<PageLimit>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// The movements of the caller's wallet, newest first
#[utoipa::path(
    tag = "wallet", operation_id = "list_wallet_entries", params(EntryFilter),
    responses((status = 200, description = "One page of movements", body = Page<EntryView>)),
    extensions(("x-access" = json!("account"))), security(("bearer" = []))
)]
#[get("/v1/wallet/entries")]
pub(crate) async fn list_wallet_entries(
    caller: Caller,
    filter: Query<EntryFilter>,
    payments: Data<Payments>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let EntryFilter { limit, cursor } = filter.into_inner();
    let scope = format!("list_wallet_entries {}", caller.account);
    let (before, limit) = (kit.cursors.open(&scope, cursor)?, limit.unwrap_or_default());
    let rows = kit
        .read(move |conn| payments.wallet_entries_in(conn, caller.account, before, limit.fetch()));
    let key = |last: &ledger::Entry| last.version;
    let page = Page::from_rows(rows.await?, limit, key, &kit.cursors, &scope);
    Ok(Answer::ok(&page.map(|entry| EntryView::from(&entry))).into_response())
}
