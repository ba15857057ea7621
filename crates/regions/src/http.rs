mod get_region;
mod list_regions;
mod locate_region;
mod view;

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, HeaderValue},
};
use http_kit::Answer;
use utoipa_actix_web::service_config::ServiceConfig;

pub use view::RegionView;

/// Registers the endpoints; they need `Data<Regions>` and `Data<Kit>`.
pub fn routes(config: &mut ServiceConfig<'_>) {
    // "locate" is no code, so it has to be asked for first.
    config
        .service(list_regions::list_regions)
        .service(locate_region::locate_region)
        .service(get_region::get_region);
}

/// Regions change a few times a year: phones and proxies may keep an answer for an hour.
fn cacheable(answer: Answer) -> HttpResponse {
    let mut response = answer.into_response();
    let for_an_hour = HeaderValue::from_static("public, max-age=3600");
    response.headers_mut().insert(CACHE_CONTROL, for_an_hour);
    response
}

#[cfg(test)]
mod tests;
