mod availability;
mod change;
mod own;
mod positions;
mod prices;
mod public;
mod register;
mod staff_decide;
mod staff_list;
mod view;

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers every operation of this crate.
pub fn routes(config: &mut ServiceConfig<'_>) {
    // `me` before `{id}`: the first match answers.
    config
        .service(register::register_collector)
        .service(own::get_own_collector)
        .service(change::change_own_collector)
        .service(prices::get_own_prices)
        .service(prices::publish_prices)
        .service(availability::set_availability)
        .service(positions::report_positions)
        .service(public::get_collector)
        .service(staff_list::list_staff_collectors)
        .service(staff_decide::verify_collector)
        .service(staff_decide::suspend_collector);
}
