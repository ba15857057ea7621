use std::collections::HashMap;

use actix_web::http::header::HeaderValue;
use utoipa::openapi::{OpenApi, PathItem};

/// Which methods each path has, for the header `Allow`; read off the API document.
pub struct AllowedMethods(HashMap<String, HeaderValue>);

impl AllowedMethods {
    /// Reads the methods of every path in the document.
    pub fn of_document(document: &OpenApi) -> Self {
        let paths = document.paths.paths.iter();
        Self(paths.filter_map(|(path, item)| Some((path.clone(), allow(item)?))).collect())
    }

    pub(super) fn of(&self, route: &str) -> Option<HeaderValue> {
        self.0.get(route).cloned()
    }
}

fn allow(item: &PathItem) -> Option<HeaderValue> {
    let methods = [
        ("GET, HEAD", &item.get),
        ("POST", &item.post),
        ("PUT", &item.put),
        ("PATCH", &item.patch),
        ("DELETE", &item.delete),
    ];
    let present = methods.iter().filter(|(_, operation)| operation.is_some());
    let names: Vec<&str> = present.map(|(name, _)| *name).collect();
    HeaderValue::try_from(names.join(", ")).ok().filter(|allow| !allow.is_empty())
}
