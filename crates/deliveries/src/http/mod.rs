mod announce;
mod body;
mod carried;
mod differences;
mod list;
mod receive;
mod refuse;
mod show;
mod withdraw;

use http_kit::Answer;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{Delivery, DeliveryView, Role};

/// Registers every operation of this crate.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(announce::announce_delivery)
        .service(list::list_deliveries)
        .service(show::get_delivery)
        .service(receive::receive_delivery)
        .service(refuse::refuse_delivery)
        .service(withdraw::withdraw_delivery)
        .service(carried::get_carried)
        .service(differences::list_differences);
}

/// The delivery as one side sees it, with its ETag.
fn shown(delivery: &Delivery, role: Role) -> Answer {
    Answer::ok(&DeliveryView::of(delivery, role)).version(delivery.version)
}
