use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Kit, Problem, ProblemBody, Query, Speaks, StaffCaller, Viewers};
use primitives::{Language, RegionCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::allowed;
use crate::{BreakdownBy, BreakdownQuestion, BreakdownRow, Day, Statistics, StatisticsError};

/// Which table.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct BreakdownQuery {
    /// What the figures are broken down by.
    by: BreakdownBy,
    /// A region's code; the caller's own or one below.
    #[param(value_type = String, example = "12.07")]
    region: RegionCode,
    /// The first day, in the region's own calendar.
    #[param(value_type = String, format = Date, example = "2026-03-01")]
    from: Day,
    /// The last day, counted in; at most three years after the first.
    #[param(value_type = String, format = Date, example = "2026-03-31")]
    to: Day,
}

/// One table.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BreakdownView {
    by: BreakdownBy,
    region: RegionCode,
    /// The first day, counted in.
    from: Day,
    /// The last day, counted in.
    to: Day,
    /// In the order of the keys.
    data: Vec<BreakdownRowView>,
}

/// One row; what this breakdown cannot tell is absent.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BreakdownRowView {
    /// A region's, material's or kind's code, or a class's name.
    key: String,
    /// What people call it, when that is something else.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// What was weighed in.
    grams: i64,
    /// What households were paid.
    rupiah_paid: i64,
    /// How many lines of receipts.
    lines: i64,
    /// Reports opened; by region.
    #[serde(skip_serializing_if = "Option::is_none")]
    reports: Option<i64>,
    /// Jobs done and paid; by region and kind of collector.
    #[serde(skip_serializing_if = "Option::is_none")]
    pickups: Option<i64>,
    /// Different households that sold; by region.
    #[serde(skip_serializing_if = "Option::is_none")]
    households: Option<i64>,
    /// Different collectors who bought; by region.
    #[serde(skip_serializing_if = "Option::is_none")]
    active_collectors: Option<i64>,
    /// Greenhouse gas avoided before the trips, in grams of CO₂ equivalent; by material, absent without a factor.
    #[serde(skip_serializing_if = "Option::is_none")]
    co2e_avoided_grams: Option<i64>,
}

impl From<BreakdownRow> for BreakdownRowView {
    fn from(row: BreakdownRow) -> Self {
        Self {
            key: row.key,
            name: row.name,
            grams: row.grams,
            rupiah_paid: row.rupiah_paid,
            lines: row.lines,
            reports: row.reports,
            pickups: row.pickups,
            households: row.households,
            active_collectors: row.active_collectors,
            co2e_avoided_grams: row.co2e_avoided_grams,
        }
    }
}

/// The figures of a region and a period, broken down
///
/// By region: every region one level below, also those where nothing happened; a village shows itself.
#[utoipa::path(
    tag = "statistics", operation_id = "get_breakdown", params(BreakdownQuery),
    responses(
        (status = 200, description = "The table", body = BreakdownView),
        (status = 404, description = "`not_found`: no such region, or none of the caller's", body = ProblemBody),
    ),
    extensions(("x-access" = json!("staff:viewer"))), security(("bearer" = []))
)]
#[get("/v1/statistics/breakdown")]
pub(crate) async fn get_breakdown(
    caller: StaffCaller<Viewers>,
    query: Query<BreakdownQuery>,
    Speaks(language): Speaks,
    statistics: Data<Statistics>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let BreakdownQuery { by, region, from, to } = query.into_inner();
    let period = allowed(&caller, &statistics, &region, (from, to))?;
    let question = BreakdownQuestion { by, region, period, language };
    let (view, version) = kit
        .read(move |conn| -> Result<_, StatisticsError> {
            let version = statistics.folded_until_in(conn)?;
            let rows = statistics.breakdown_in(conn, &question)?;
            let data = rows.into_iter().map(BreakdownRowView::from).collect();
            let region = question.region.clone();
            Ok((BreakdownView { by, region, from, to, data }, version))
        })
        .await?;
    // Names differ between languages, so the versions must.
    let version = version * 2 + i64::from(language == Language::English);
    Ok(Answer::ok(&view).version(version).into_response())
}
