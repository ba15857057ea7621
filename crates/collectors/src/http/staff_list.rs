use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Kit, Officers, Page, PageLimit, Problem, Query, StaffCaller};
use primitives::CollectorId;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::view::CollectorView;
use crate::{CollectorError, Collectors, StaffFilter, VerificationState};

/// Which collectors, and where to go on.
#[derive(Debug, Deserialize, IntoParams, ToSchema)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct StaffCollectorsQuery {
    /// Only those in this state.
    verification: Option<VerificationState>,
    /// 1 – 100, 20 when absent.
    limit: Option<PageLimit>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Lists the collectors of the caller's regions
///
/// Oldest first.
#[utoipa::path(
    tag = "staff", operation_id = "list_staff_collectors", params(StaffCollectorsQuery),
    responses((status = 200, description = "One page", body = Page<CollectorView>)),
    extensions(("x-access" = json!("staff:officer"))), security(("bearer" = []))
)]
#[get("/v1/staff/collectors")]
pub(crate) async fn list_staff_collectors(
    caller: StaffCaller<Officers>,
    query: Query<StaffCollectorsQuery>,
    collectors: Data<Collectors>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let StaffCollectorsQuery { verification, limit, cursor } = query.into_inner();
    let scope = format!("list_staff_collectors {} {verification:?}", caller.account);
    let after: Option<CollectorId> = kit.cursors.open(&scope, cursor)?;
    let limit = limit.unwrap_or_default();
    let views = kit
        .read(move |conn| -> Result<Vec<CollectorView>, CollectorError> {
            let filter = StaffFilter { regions: caller.regions(), verification };
            let found = collectors.staff_page_in(conn, filter, after, limit.fetch())?;
            Ok(found.iter().map(CollectorView::from).collect())
        })
        .await?;
    let page = Page::from_rows(views, limit, |last| last.id, &kit.cursors, &scope);
    Ok(Answer::ok(&page).into_response())
}
