use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Caller, Kit, Page, PageLimit, Problem, Query};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{Withdrawal, WithdrawalView, Withdrawals};

/// Which withdrawals to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WithdrawalFilter {
    /// How many, 20 unless stated.
    limit: Option<PageLimit>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// The caller's own withdrawals, newest first
#[utoipa::path(
    tag = "wallet", operation_id = "list_withdrawals", params(WithdrawalFilter),
    responses((status = 200, description = "One page of withdrawals", body = Page<WithdrawalView>)),
    extensions(("x-access" = json!("account"))), security(("bearer" = []))
)]
#[get("/v1/wallet/withdrawals")]
pub(crate) async fn list_withdrawals(
    caller: Caller,
    filter: Query<WithdrawalFilter>,
    withdrawals: Data<Withdrawals>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let WithdrawalFilter { limit, cursor } = filter.into_inner();
    let scope = format!("list_withdrawals {}", caller.account);
    let (after, limit) = (kit.cursors.open(&scope, cursor)?, limit.unwrap_or_default());
    let rows =
        kit.read(move |conn| withdrawals.page_owned_in(conn, caller.account, after, limit.fetch()));
    let key = |last: &Withdrawal| (last.created_at, last.id);
    let page = Page::from_rows(rows.await?, limit, key, &kit.cursors, &scope);
    Ok(Answer::ok(&page.map(|it| WithdrawalView::from(&it))).into_response())
}
