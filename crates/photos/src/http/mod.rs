mod show;
mod upload;

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, RefOr, Schema,
        schema::{KnownFormat, SchemaFormat, Type},
    },
};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers every operation of this crate.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(upload::upload_photo).service(show::get_photo);
}

/// The bytes of a picture, for the API document.
pub enum Picture {}

impl PartialSchema for Picture {
    fn schema() -> RefOr<Schema> {
        let binary = SchemaFormat::KnownFormat(KnownFormat::Binary);
        ObjectBuilder::new().schema_type(Type::String).format(Some(binary)).build().into()
    }
}

impl ToSchema for Picture {}
