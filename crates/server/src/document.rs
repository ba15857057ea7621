//! The API document: collected from the handlers, completed once, served and committed.

use actix_web::App;
use http_kit::ErrorCode;
use utoipa::openapi::{Contact, Info, License, OpenApi, Server};
use utoipa_actix_web::{AppExt as _, service_config::ServiceConfig};

/// Every operation of the house.
pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    accounts::routes(config);
    photos::routes(config);
    regions::routes(config);
    catalog::routes(config);
    reports::routes(config);
    matching::routes(config);
    pickups::routes(config);
    payments::routes(config);
    deliveries::routes(config);
    collectors::routes(config);
    statistics::routes(config);
    crate::health::routes(config);
}

/// Every code an answer may carry.
pub(crate) fn codes() -> Vec<ErrorCode> {
    let mut codes = [
        http_kit::CODES,
        regions::CODES,
        accounts::CODES,
        photos::CODES,
        reports::CODES,
        collectors::CODES,
        pickups::CODES,
        matching::CODES,
        payments::CODES,
        deliveries::CODES,
        statistics::CODES,
    ]
    .concat();
    codes.sort_by_key(|entry| entry.code);
    codes.dedup_by_key(|entry| entry.code);
    codes
}

/// The document as it is served.
pub(crate) fn document() -> OpenApi {
    let (_app, mut document) = App::new().into_utoipa_app().configure(routes).split_for_parts();
    document.info = information();
    document.servers = Some(vec![Server::new("/")]);
    http_kit::describe(&mut document);
    document
}

fn information() -> Info {
    let mut info = Info::new("Jumpa Madu", env!("CARGO_PKG_VERSION"));
    info.description = Some(
        "Jemput Sampah Terima Duit: households report recyclables, collectors fetch, weigh and pay, the kabupaten \
         sees what is kept out of the landfill. Conventions: api-spec/README.md in the repository."
            .to_owned(),
    );
    let mut licence = License::new("MIT OR Apache-2.0");
    licence.identifier = Some("MIT OR Apache-2.0".to_owned());
    info.license = Some(licence);
    let mut contact = Contact::new();
    contact.name = Some("Jumpa Madu".to_owned());
    info.contact = Some(contact);
    info
}
