use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Kit, Problem, ProblemBody, Query, StaffCaller, Viewers};
use primitives::RegionCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::{RegionPeriodQuery, allowed};
use crate::{Day, Gap, Statistics, StatisticsError};

/// The villages that nobody serves.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CoverageView {
    region: RegionCode,
    /// The first day, counted in.
    from: Day,
    /// The last day, counted in.
    to: Day,
    /// Most reports first.
    data: Vec<GapView>,
}

/// A village whose reports nobody accepted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GapView {
    /// The village.
    region: RegionCode,
    /// What people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// Reports opened there.
    reports: i64,
    /// Reports that expired there.
    reports_expired: i64,
}

impl From<Gap> for GapView {
    fn from(gap: Gap) -> Self {
        let Gap { region, name, reports, reports_expired } = gap;
        Self { region, name, reports, reports_expired }
    }
}

/// The villages with reports but no collector
///
/// Within the period, reports were opened there and no collector accepted any. Villages without reports are not told:
/// nobody asked for a collector there.
#[utoipa::path(
    tag = "statistics", operation_id = "get_coverage", params(RegionPeriodQuery),
    responses(
        (status = 200, description = "The villages that nobody serves", body = CoverageView),
        (status = 404, description = "`not_found`: no such region, or none of the caller's", body = ProblemBody),
    ),
    extensions(("x-access" = json!("staff:viewer"))), security(("bearer" = []))
)]
#[get("/v1/statistics/coverage")]
pub(crate) async fn get_coverage(
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
            let gaps = statistics.coverage_in(conn, &region, period)?;
            let data = gaps.into_iter().map(GapView::from).collect();
            Ok((CoverageView { region: region.clone(), from, to, data }, version))
        })
        .await?;
    Ok(Answer::ok(&view).version(version).into_response())
}
