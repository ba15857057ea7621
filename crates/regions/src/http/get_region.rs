use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Path, Problem, ProblemBody};
use primitives::RegionCode;

use super::{cacheable, view::RegionView};
use crate::{RegionError, Regions};

/// Shows one region.
///
/// Also one whose code has ended: old reports still name it.
#[utoipa::path(
    tag = "reference",
    operation_id = "get_region",
    params(("code" = RegionCode, Path, description = "The dotted Kemendagri code")),
    responses(
        (status = 200, description = "The region", body = RegionView),
        (status = 404, description = "Nobody knows this code", body = ProblemBody),
    ),
    extensions(("x-access" = json!("public"))),
)]
#[get("/v1/regions/{code}")]
pub(super) async fn get_region(
    code: Path<RegionCode>,
    regions: Data<Regions>,
) -> Result<HttpResponse, Problem> {
    let region = regions.get(&code).ok_or(RegionError::NotFound)?;
    Ok(cacheable(Answer::ok(&RegionView::from(&region)).version(region.version)))
}
