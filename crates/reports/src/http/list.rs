use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Caller, Kit, Page, PageLimit, Problem, Query};
use serde::Deserialize;
use utoipa::IntoParams;

use super::view;
use crate::{ReportError, ReportStateName, ReportView, Reports};

/// Which reports to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReportFilter {
    /// Only reports in this state.
    #[param(inline)]
    state: Option<ReportStateName>,
    /// How many, 20 unless stated.
    limit: Option<PageLimit>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// The caller's own reports, newest first
#[utoipa::path(
    tag = "reports", operation_id = "list_reports", params(ReportFilter),
    responses((status = 200, description = "One page of reports", body = Page<ReportView>)),
    extensions(("x-access" = json!("account"))), security(("bearer" = []))
)]
#[get("/v1/reports")]
pub(crate) async fn list_reports(
    caller: Caller,
    filter: Query<ReportFilter>,
    reports: Data<Reports>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let ReportFilter { state, limit, cursor } = filter.into_inner();
    let scope = format!("list_reports {} {state:?}", caller.account);
    let (after, limit) = (kit.cursors.open(&scope, cursor)?, limit.unwrap_or_default());
    let rows = kit.read(move |conn| -> Result<Vec<ReportView>, ReportError> {
        let found = reports.page_owned(conn, caller.account, state, after, limit.fetch())?;
        found.iter().map(view).collect()
    });
    let key = |last: &ReportView| (last.created_at, last.id);
    let page = Page::from_rows(rows.await?, limit, key, &kit.cursors, &scope);
    Ok(Answer::ok(&page).into_response())
}
