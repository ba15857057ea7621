mod breakdown;
mod coverage;
mod series;
mod summary;

use http_kit::{StaffCaller, Viewers};
use primitives::{Invalid, RegionCode};
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
