use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Kit, Page, PageLimit, Problem, ProblemBody, Query};
use primitives::RegionCode;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{cacheable, view::RegionView};
use crate::Regions;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListRegionsQuery {
    /// The region whose direct children are asked for; the provinces when it is left out.
    #[param(required = false)]
    parent: Option<RegionCode>,
    /// How many to show.
    #[param(required = false)]
    limit: Option<PageLimit>,
    /// The `next_cursor` of the page before.
    #[param(required = false)]
    cursor: Option<String>,
}

/// Lists the regions directly below another.
///
/// In the order of codes. Codes that have ended are left out; an unknown parent has no children.
#[utoipa::path(
    tag = "reference",
    operation_id = "list_regions",
    params(ListRegionsQuery),
    responses(
        (status = 200, description = "One page of regions", body = Page<RegionView>),
        (status = 422, description = "A parameter is not acceptable", body = ProblemBody),
    ),
    extensions(("x-access" = json!("public"))),
)]
#[get("/v1/regions")]
pub(super) async fn list_regions(
    query: Query<ListRegionsQuery>,
    regions: Data<Regions>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let parent = query.parent.as_ref();
    let scope = format!("list_regions {}", parent.map_or("", RegionCode::as_str));
    let after: Option<RegionCode> = kit.cursors.open(&scope, query.cursor.as_ref())?;
    let limit = query.limit.unwrap_or_default();
    let rows = regions.page(parent, after.as_ref(), limit.rows() + 1);
    let views = rows.iter().map(RegionView::from).collect();
    let page = Page::from_rows(views, limit, |last| last.code.clone(), &kit.cursors, &scope);
    Ok(cacheable(Answer::ok(&page)))
}
