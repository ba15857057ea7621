use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Kit, Page, PageLimit, Problem, ProblemBody, Query, Speaks};
use primitives::{Grams, Language, Milliliters};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::cacheable;
use crate::{Catalog, Vehicle, VehicleCode};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListVehiclesQuery {
    /// How many to show.
    #[param(required = false)]
    limit: Option<PageLimit>,
    /// The `next_cursor` of the page before.
    #[param(required = false)]
    cursor: Option<String>,
}

/// What a collector may drive.
#[derive(Debug, Serialize, ToSchema)]
pub struct VehicleView {
    /// Its code.
    pub code: VehicleCode,
    /// Its name in the caller's language.
    pub name: String,
    /// How much it carries.
    pub capacity_grams: Grams,
    /// How much room it has.
    pub capacity_milliliters: Milliliters,
}

impl VehicleView {
    fn new(vehicle: &Vehicle, language: Language) -> Self {
        Self {
            code: vehicle.code.clone(),
            name: vehicle.name(language).to_owned(),
            capacity_grams: vehicle.capacity_grams,
            capacity_milliliters: vehicle.capacity_milliliters,
        }
    }
}

/// Lists what a collector may drive.
///
/// In the order of codes, with names in the caller's language.
#[utoipa::path(
    tag = "reference",
    operation_id = "list_vehicles",
    params(ListVehiclesQuery),
    responses(
        (status = 200, description = "One page of vehicles", body = Page<VehicleView>),
        (status = 422, description = "A parameter is not acceptable", body = ProblemBody),
    ),
    extensions(("x-access" = json!("public"))),
)]
#[get("/v1/vehicles")]
pub(super) async fn list_vehicles(
    query: Query<ListVehiclesQuery>,
    Speaks(language): Speaks,
    catalog: Data<Catalog>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let scope = "list_vehicles";
    let after: Option<VehicleCode> = kit.cursors.open(scope, query.cursor.as_ref())?;
    let limit = query.limit.unwrap_or_default();
    let rows = catalog.vehicles_after(after.as_ref(), limit.rows() + 1);
    let views = rows.iter().map(|vehicle| VehicleView::new(vehicle, language)).collect();
    let page = Page::from_rows(views, limit, |last| last.code.clone(), &kit.cursors, scope);
    Ok(cacheable(Answer::ok(&page)))
}
