mod list_materials;
mod list_vehicles;

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, HeaderValue},
};
use http_kit::Answer;
use utoipa_actix_web::service_config::ServiceConfig;

pub use list_materials::{MaterialView, PriceBandView};
pub use list_vehicles::VehicleView;

/// Registers the endpoints; they need `Data<Catalog>` and `Data<Kit>`.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_materials::list_materials).service(list_vehicles::list_vehicles);
}

/// Prices change a few times a year: an answer may be kept for an hour, then a tag tells whether it still holds.
fn cacheable(answer: Answer) -> HttpResponse {
    let mut response = answer.into_response();
    let for_an_hour = HeaderValue::from_static("public, max-age=3600");
    response.headers_mut().insert(CACHE_CONTROL, for_an_hour);
    response
}

#[cfg(test)]
mod tests;
