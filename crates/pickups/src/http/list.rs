use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Caller, Kit, Page, PageLimit, Problem, Query};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{PickupError, PickupStateName, PickupView, Pickups};

/// Which jobs to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PickupFilter {
    /// Only jobs in this state.
    #[param(inline)]
    state: Option<PickupStateName>,
    /// How many, 20 unless stated.
    limit: Option<PageLimit>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// The caller's own jobs, newest first
///
/// As a collector and as a household; `role` says which. Live positions are only in the single job.
#[utoipa::path(
    tag = "pickups", operation_id = "list_pickups", params(PickupFilter),
    responses((status = 200, description = "One page of jobs", body = Page<PickupView>)),
    extensions(("x-access" = json!("account"))), security(("bearer" = []))
)]
#[get("/v1/pickups")]
pub(crate) async fn list_pickups(
    caller: Caller,
    filter: Query<PickupFilter>,
    pickups: Data<Pickups>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let PickupFilter { state, limit, cursor } = filter.into_inner();
    let scope = format!("list_pickups {} {state:?}", caller.account);
    let (after, limit) = (kit.cursors.open(&scope, cursor)?, limit.unwrap_or_default());
    let rows = kit.read(move |conn| -> Result<Vec<PickupView>, PickupError> {
        let account = caller.account;
        let found = pickups.page_of_party(conn, account, state, after, limit.fetch())?;
        let seen = found.iter().filter_map(|pickup| Some((pickup, pickup.side_of(account)?)));
        seen.map(|(pickup, side)| pickups.view_in(conn, pickup, side)).collect()
    });
    let key = |last: &PickupView| (last.assigned_at, last.id);
    let page = Page::from_rows(rows.await?, limit, key, &kit.cursors, &scope);
    Ok(Answer::ok(&page).into_response())
}
