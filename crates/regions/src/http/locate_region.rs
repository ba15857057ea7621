use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Fields, Problem, ProblemBody, Query};
use primitives::Coordinates;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{cacheable, view::RegionView};
use crate::{Method, RegionError, Regions};

const GOOD_LATITUDE: f64 = 0.0;
const GOOD_LONGITUDE: f64 = 100.0;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct LocateRegionQuery {
    /// Degrees north.
    #[param(minimum = -11.1, maximum = 6.1)]
    lat: f64,
    /// Degrees east.
    #[param(minimum = 94.9, maximum = 141.1)]
    lon: f64,
}

/// A desa or kelurahan, and how it was found.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LocatedView {
    #[serde(flatten)]
    desa: RegionView,
    /// What tells that it is this one.
    method: Method,
    /// From the point to the desa's centre.
    distance_meters: i64,
}

/// Tells in which desa or kelurahan a point lies.
///
/// `boundary`: its boundary holds the point. `nearest_center`: no boundary of a desa does; of the region
/// that holds the point, or of all, this desa's centre is the nearest.
#[utoipa::path(
    tag = "reference",
    operation_id = "locate_region",
    params(LocateRegionQuery),
    responses(
        (status = 200, description = "The desa and how it was found", body = LocatedView),
        (status = 422, description = "`place_outside_regions`, or a parameter is not acceptable", body = ProblemBody),
    ),
    extensions(("x-access" = json!("public"))),
)]
#[get("/v1/regions/locate")]
pub(super) async fn locate_region(
    query: Query<LocateRegionQuery>,
    regions: Data<Regions>,
) -> Result<HttpResponse, Problem> {
    let mut fields = Fields::default();
    // Each is judged beside one that is good, so that the answer names the right one.
    fields.check("?lat", Coordinates::parse(query.lat, GOOD_LONGITUDE));
    fields.check("?lon", Coordinates::parse(GOOD_LATITUDE, query.lon));
    fields.finish()?;
    let place = Coordinates::parse(query.lat, query.lon).ok();
    let located = place.and_then(|place| regions.locate(place));
    let located = located.ok_or(RegionError::PlaceOutsideRegions)?;
    let desa = regions.get(&located.desa).ok_or(RegionError::NotFound)?;
    Ok(cacheable(Answer::ok(&LocatedView {
        desa: RegionView::from(&desa),
        method: located.method,
        distance_meters: located.distance_meters,
    })))
}
