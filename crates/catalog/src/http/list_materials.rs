use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Kit, Page, PageLimit, Problem, ProblemBody, Query, Speaks};
use primitives::{Language, Unit, UnitPrice};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::cacheable;
use crate::{Catalog, Material, MaterialCode, PriceBand};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListMaterialsQuery {
    /// How many to show.
    #[param(required = false)]
    limit: Option<PageLimit>,
    /// The `next_cursor` of the page before.
    #[param(required = false)]
    cursor: Option<String>,
}

/// A kind of recyclable, down to its grade.
#[derive(Debug, Serialize, ToSchema)]
pub struct MaterialView {
    /// `FAMILY-ITEM[-GRADE]`.
    pub code: MaterialCode,
    /// Its name in the caller's language.
    pub name: String,
    /// The group to show it in, in the caller's language.
    pub group: String,
    /// How it is counted and priced.
    pub unit: Unit,
    /// The national composition class.
    #[schema(example = "Plastik")]
    pub sipsn_category: String,
    /// What one unit usually fetches; absent where nobody has published a price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference_price: Option<PriceBandView>,
    /// Whether it may be offered; never true for hazardous and electronic waste.
    pub accepted: bool,
}

/// From the lowest to the highest usual price of one kilogram, piece or liter.
#[derive(Debug, Serialize, ToSchema)]
pub struct PriceBandView {
    /// The lowest.
    pub min_rupiah: UnitPrice,
    /// The highest.
    pub max_rupiah: UnitPrice,
}

impl MaterialView {
    fn new(material: &Material, language: Language) -> Self {
        Self {
            code: material.code.clone(),
            name: material.name(language).to_owned(),
            group: material.group(language).to_owned(),
            unit: material.unit,
            sipsn_category: material.sipsn_category.clone(),
            reference_price: material.reference_price.map(PriceBandView::from),
            accepted: material.accepted,
        }
    }
}

impl From<PriceBand> for PriceBandView {
    fn from(band: PriceBand) -> Self {
        Self { min_rupiah: band.min, max_rupiah: band.max }
    }
}

/// Lists what can be sold, and what it usually fetches.
///
/// In the order of codes, with names in the caller's language.
#[utoipa::path(
    tag = "reference",
    operation_id = "list_materials",
    params(ListMaterialsQuery),
    responses(
        (status = 200, description = "One page of materials", body = Page<MaterialView>),
        (status = 422, description = "A parameter is not acceptable", body = ProblemBody),
    ),
    extensions(("x-access" = json!("public"))),
)]
#[get("/v1/materials")]
pub(super) async fn list_materials(
    query: Query<ListMaterialsQuery>,
    Speaks(language): Speaks,
    catalog: Data<Catalog>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let scope = "list_materials";
    let after: Option<MaterialCode> = kit.cursors.open(scope, query.cursor.as_ref())?;
    let limit = query.limit.unwrap_or_default();
    let rows = catalog.materials_after(after.as_ref(), limit.rows() + 1);
    let views = rows.iter().map(|material| MaterialView::new(material, language)).collect();
    let page = Page::from_rows(views, limit, |last| last.code.clone(), &kit.cursors, scope);
    Ok(cacheable(Answer::ok(&page).version(catalog.version_in(language))))
}
