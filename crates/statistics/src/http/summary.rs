use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Kit, Problem, ProblemBody, Query, StaffCaller, Viewers};
use primitives::RegionCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::{RegionPeriodQuery, allowed};
use crate::{Day, Period, Statistics, StatisticsError, Summary};

/// What happened in a region within a period.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SummaryView {
    region: RegionCode,
    /// The first day, counted in.
    from: Day,
    /// The last day, counted in.
    to: Day,
    /// Reports opened.
    reports: i64,
    /// Reports that ended well within the period.
    reports_closed: i64,
    /// Reports called off within the period.
    reports_cancelled: i64,
    /// Reports nobody took in time.
    reports_expired: i64,
    /// Jobs done and paid.
    pickups: i64,
    /// What was weighed in.
    grams: i64,
    /// What households were paid.
    rupiah_paid: i64,
    /// Different households that sold.
    households: i64,
    /// Different collectors who bought.
    active_collectors: i64,
    /// Of a thousand reports that ended within the period, how many ended well; absent when none ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    completion_rate_permille: Option<i64>,
    /// Median time from opening to acceptance; absent when there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    median_seconds_to_acceptance: Option<i64>,
    /// Median time from opening to the weigh-in at the door; absent when there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    median_seconds_to_pickup: Option<i64>,
    /// Greenhouse gas avoided, net of the trips, in grams of CO₂ equivalent.
    co2e_avoided_grams: i64,
    /// Emitted by the trips, already taken off above: there and back from the collector's base by road, at 70 g per kilometer.
    trip_co2e_grams: i64,
    /// The name of the factor set behind the estimate; absent when nothing could be estimated.
    #[serde(skip_serializing_if = "Option::is_none")]
    emission_factor_set: Option<String>,
    /// The weight of materials without a factor: not estimated, and not in the figure above.
    not_estimated_grams: i64,
}

impl SummaryView {
    fn new(region: RegionCode, period: Period, summary: &Summary) -> Self {
        let sets: Vec<&str> = summary.carbon.factor_sets.iter().map(String::as_str).collect();
        Self {
            region,
            from: period.from(),
            to: period.to(),
            reports: summary.reports,
            reports_closed: summary.reports_closed,
            reports_cancelled: summary.reports_cancelled,
            reports_expired: summary.reports_expired,
            pickups: summary.pickups,
            grams: summary.grams,
            rupiah_paid: summary.rupiah_paid,
            households: summary.households,
            active_collectors: summary.active_collectors,
            completion_rate_permille: summary.completion_rate_permille(),
            median_seconds_to_acceptance: summary.median_seconds_to_acceptance,
            median_seconds_to_pickup: summary.median_seconds_to_pickup,
            co2e_avoided_grams: summary.carbon.net_avoided_grams(),
            trip_co2e_grams: summary.carbon.trip_grams,
            emission_factor_set: (!sets.is_empty()).then(|| sets.join(" + ")),
            not_estimated_grams: summary.carbon.not_estimated_grams,
        }
    }
}

/// The figures of a region and a period
///
/// A report counts on the day it was opened or ended, a pickup on the day it was paid, an acceptance on its own day;
/// days begin at midnight of the region's own zone.
#[utoipa::path(
    tag = "statistics", operation_id = "get_summary", params(RegionPeriodQuery),
    responses(
        (status = 200, description = "The figures", body = SummaryView),
        (status = 404, description = "`not_found`: no such region, or none of the caller's", body = ProblemBody),
    ),
    extensions(("x-access" = json!("staff:viewer"))), security(("bearer" = []))
)]
#[get("/v1/statistics/summary")]
pub(crate) async fn get_summary(
    caller: StaffCaller<Viewers>,
    query: Query<RegionPeriodQuery>,
    statistics: Data<Statistics>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let RegionPeriodQuery { region, from, to } = query.into_inner();
    let period = allowed(&caller, &statistics, &region, (from, to))?;
    let (view, version) = kit
        .read(move |conn| -> Result<_, StatisticsError> {
            let version = statistics.folded_until_in(conn)?;
            let summary = statistics.summary_in(conn, &region, period)?;
            Ok((SummaryView::new(region.clone(), period, &summary), version))
        })
        .await?;
    Ok(Answer::ok(&view).version(version).into_response())
}
