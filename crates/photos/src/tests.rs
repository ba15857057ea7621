mod attaching;
mod over_http;
pub(crate) mod pictures;
mod sweeping;
mod world;
