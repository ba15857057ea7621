//! Every operation of the house, and the API document: collected from the handlers, completed once, served and committed.

use actix_web::{App, guard::fn_guard, web};
use http_kit::{ErrorCode, PathConflict, Routes};
use utoipa::openapi::{Contact, Info, License, OpenApi, Server};
use utoipa_actix_web::{AppExt as _, service_config::ServiceConfig};

type Registration = fn(&mut ServiceConfig<'_>);

/// Every slice of the house, the busiest first.
const SLICES: [Registration; 12] = [
    matching::routes,
    collectors::routes,
    reports::routes,
    pickups::routes,
    payments::routes,
    accounts::routes,
    catalog::routes,
    regions::routes,
    photos::routes,
    deliveries::routes,
    statistics::routes,
    crate::health::routes,
];

/// The slices with the paths of each. The framework tries pattern after pattern, so that it is asked only about those of
/// the slice that has the path.
#[derive(Clone)]
pub(crate) struct Slices(Vec<(Routes, Registration)>);

impl Slices {
    /// Asks every slice for its paths.
    pub(crate) fn read() -> Result<Self, PathConflict> {
        let slice =
            |routes| Routes::of_document(&collected(&[routes])).map(|paths| (paths, routes));
        Ok(Self(SLICES.into_iter().map(slice).collect::<Result<_, _>>()?))
    }

    /// Every operation of the house.
    pub(crate) fn register(&self, config: &mut web::ServiceConfig) {
        for (paths, routes) in &self.0 {
            let (paths, routes) = (paths.clone(), *routes);
            let slice = web::scope("")
                .guard(fn_guard(move |request| paths.has(request.head().uri.path())))
                .configure(|config| routes(&mut ServiceConfig::new(config)));
            config.service(slice);
        }
    }
}

fn collected(slices: &[Registration]) -> OpenApi {
    let everything = |config: &mut ServiceConfig<'_>| slices.iter().for_each(|it| it(config));
    App::new().into_utoipa_app().configure(everything).split_for_parts().1
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
    let mut document = collected(&SLICES);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_is_in_one_slice_alone() {
        let Slices(slices) = Slices::read().unwrap();
        for template in document().paths.paths.keys() {
            let path = template.replace(['{', '}'], "");
            let owners = slices.iter().filter(|(paths, _)| paths.has(&path)).count();
            assert_eq!(owners, 1, "{template}");
        }
    }
}
