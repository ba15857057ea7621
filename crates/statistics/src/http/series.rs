use actix_web::{HttpResponse, get, web::Data};
use catalog::MaterialCode;
use http_kit::{Answer, Kit, Problem, ProblemBody, Query, StaffCaller, Viewers};
use primitives::RegionCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::allowed;
use crate::{Day, Interval, Metric, Point, SeriesQuestion, Statistics, StatisticsError};

/// Which series.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SeriesQuery {
    /// Of what.
    metric: Metric,
    /// In which steps.
    interval: Interval,
    /// A region's code; the caller's own or one below.
    #[param(value_type = String, example = "12.07")]
    region: RegionCode,
    /// Of one material only; for `grams` and `rupiah_paid`.
    #[param(value_type = Option<String>, example = "PLA-PET-BENING")]
    material: Option<MaterialCode>,
    /// The first day, in the region's own calendar.
    #[param(value_type = String, format = Date, example = "2026-03-01")]
    from: Day,
    /// The last day, counted in; at most three years after the first.
    #[param(value_type = String, format = Date, example = "2026-03-31")]
    to: Day,
}

/// One figure, step by step.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SeriesView {
    metric: Metric,
    interval: Interval,
    region: RegionCode,
    /// The material, when only one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    material: Option<String>,
    /// Every step of the period, also those in which nothing happened.
    data: Vec<PointView>,
}

/// One step of a series.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PointView {
    /// `2026-03-02`, `2026-W10` (ISO) or `2026-03`.
    step: String,
    /// Its first day within the period.
    from: Day,
    /// Its last day within the period.
    to: Day,
    value: i64,
}

impl From<Point> for PointView {
    fn from(point: Point) -> Self {
        let Point { name, days, value } = point;
        Self { step: name, from: days.from(), to: days.to(), value }
    }
}

/// One figure over time
///
/// Weeks are ISO weeks; the first and the last step may be cut by the period.
#[utoipa::path(
    tag = "statistics", operation_id = "get_series", params(SeriesQuery),
    responses(
        (status = 200, description = "The series", body = SeriesView),
        (status = 404, description = "`not_found`: no such region, or none of the caller's", body = ProblemBody),
    ),
    extensions(("x-access" = json!("staff:viewer"))), security(("bearer" = []))
)]
#[get("/v1/statistics/series")]
pub(crate) async fn get_series(
    caller: StaffCaller<Viewers>,
    query: Query<SeriesQuery>,
    statistics: Data<Statistics>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let SeriesQuery { metric, interval, region, material, from, to } = query.into_inner();
    let period = allowed(&caller, &statistics, &region, (from, to))?;
    let material = material.map(|code| code.to_string());
    let question = SeriesQuestion { metric, interval, region, material, period };
    let (view, version) = kit
        .read(move |conn| -> Result<_, StatisticsError> {
            let version = statistics.folded_until_in(conn)?;
            let points = statistics.series_in(conn, &question)?;
            let SeriesQuestion { region, material, .. } = question.clone();
            let data = points.into_iter().map(PointView::from).collect();
            Ok((SeriesView { metric, interval, region, material, data }, version))
        })
        .await?;
    Ok(Answer::ok(&view).version(version).into_response())
}
