use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Kit, Officers, Page, PageLimit, Problem, ProblemBody, Query, StaffCaller};
use primitives::{CollectorId, RegionCode};
use regions::{Day, Regions};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{Deliveries, DeliveryError, Difference, DifferenceView, Period};

/// Where and when, and where to go on.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DifferenceQuery {
    /// A region's code; the caller's own or one below.
    #[param(value_type = String, example = "12.07")]
    region: RegionCode,
    /// The first day, in the region's own calendar.
    #[param(value_type = String, format = Date, example = "2026-03-01")]
    from: Day,
    /// The last day, counted in.
    #[param(value_type = String, format = Date, example = "2026-03-31")]
    to: Day,
    /// How many, 20 unless stated.
    limit: Option<PageLimit>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// What the collectors of a region carried, and what facilities received of it
///
/// Deliveries count on the day they were received; what is carried is as of now. In the order of registration.
#[utoipa::path(
    tag = "staff", operation_id = "list_differences", params(DifferenceQuery),
    responses(
        (status = 200, description = "One page of collectors", body = Page<DifferenceView>),
        (status = 404, description = "`not_found`: no such region, or none of the caller's", body = ProblemBody),
    ),
    extensions(("x-access" = json!("staff:officer"))), security(("bearer" = []))
)]
#[get("/v1/staff/deliveries/differences")]
pub(crate) async fn list_differences(
    caller: StaffCaller<Officers>,
    query: Query<DifferenceQuery>,
    deliveries: Data<Deliveries>,
    regions: Data<Regions>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let DifferenceQuery { region, from, to, limit, cursor } = query.into_inner();
    let scope = format!("list_differences {} {region} {from:?} {to:?}", caller.account);
    let period = allowed(&caller, &regions, &region, (&from, &to))?;
    let after: Option<CollectorId> = kit.cursors.open(&scope, cursor)?;
    let limit = limit.unwrap_or_default();
    let rows = kit
        .read(move |conn| deliveries.differences_in(conn, &region, period, after, limit.fetch()));
    let key = |last: &Difference| last.collector;
    let page = Page::from_rows(rows.await?, limit, key, &kit.cursors, &scope);
    Ok(Answer::ok(&page.map(DifferenceView::from)).into_response())
}

/// The period, once it is clear that the caller may ask and that the question makes sense.
fn allowed(
    caller: &StaffCaller<Officers>,
    regions: &Regions,
    region: &RegionCode,
    (from, to): (&Day, &Day),
) -> Result<Period, DeliveryError> {
    let known = regions.get(region).filter(|_| caller.covers(region));
    let zone = known.ok_or(DeliveryError::NotFound)?.time_zone;
    Period::of_days(from, to, zone).map_err(|what| DeliveryError::field("?to", what))
}
