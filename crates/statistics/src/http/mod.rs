mod breakdown;
mod coverage;
mod series;
mod summary;

use http_kit::{StaffCaller, Viewers};
use primitives::{Invalid, RegionCode};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{Day, Period, Statistics, StatisticsError};

/// Registers every operation of this crate.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(summary::get_summary)
        .service(series::get_series)
        .service(breakdown::get_breakdown)
        .service(coverage::get_coverage);
}

/// Where and when.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RegionPeriodQuery {
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

/// Where and when, once it is clear that the caller may ask and that the question makes sense.
fn allowed(
    caller: &StaffCaller<Viewers>,
    statistics: &Statistics,
    region: &RegionCode,
    (from, to): (Day, Day),
) -> Result<Period, StatisticsError> {
    if !caller.covers(region) || !statistics.knows(region) {
        return Err(StatisticsError::NotFound);
    }
    Period::parse(from, to).map_err(|Invalid(code)| StatisticsError::field("?to", code))
}
