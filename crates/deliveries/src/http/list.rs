use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, CollectorCaller, Kit, Page, PageLimit, Problem, Query};
use primitives::DeliveryId;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{Deliveries, Delivery, DeliveryStateName, DeliveryView, Role};

/// Which deliveries to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeliveryFilter {
    /// Only those on whose this side the caller stands.
    #[param(inline)]
    role: Option<Role>,
    /// Only those in this state.
    #[param(inline)]
    state: Option<DeliveryStateName>,
    /// How many, 20 unless stated.
    limit: Option<PageLimit>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// The caller's own deliveries, newest first
///
/// As a collector who brings and as a facility that receives; `role` says which.
#[utoipa::path(
    tag = "deliveries", operation_id = "list_deliveries", params(DeliveryFilter),
    responses((status = 200, description = "One page of deliveries", body = Page<DeliveryView>)),
    extensions(("x-access" = json!("collector"))), security(("bearer" = []))
)]
#[get("/v1/deliveries")]
pub(crate) async fn list_deliveries(
    caller: CollectorCaller,
    filter: Query<DeliveryFilter>,
    deliveries: Data<Deliveries>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let DeliveryFilter { role, state, limit, cursor } = filter.into_inner();
    let (party, limit) = (caller.collector, limit.unwrap_or_default());
    let scope = format!("list_deliveries {party} {role:?} {state:?}");
    let after: Option<DeliveryId> = kit.cursors.open(&scope, cursor)?;
    let rows = kit.read(move |conn| {
        deliveries.page_of_party_in(conn, party, (role, state), after, limit.fetch())
    });
    let key = |last: &Delivery| last.id;
    let page = Page::from_rows(rows.await?, limit, key, &kit.cursors, &scope);
    let side = |delivery: &Delivery| delivery.role_of(party).unwrap_or(Role::Collector);
    Ok(Answer::ok(&page.map(|it| DeliveryView::of(&it, side(&it)))).into_response())
}
