use std::sync::Arc;

use actix_web::{HttpRequest, http::header::HeaderValue, web::Data};
use utoipa::openapi::{OpenApi, PathItem};

/// Two paths of a document that no request could tell apart.
#[derive(Debug, thiserror::Error)]
#[error("two paths of the API cannot be told apart: {0}")]
pub struct PathConflict(#[from] matchit::InsertError);

/// The paths of the API document, each with its methods; registered as `web::Data<Routes>`.
///
/// Beside the framework's own table, which tries pattern after pattern: every request needs its template for the log,
/// for the figures and for `Allow`, and a tree finds it in one walk.
#[derive(Clone, Default)]
pub struct Routes(matchit::Router<Arc<Route>>);

/// One path of the document.
pub(crate) struct Route {
    /// As in `/v1/reports/{id}`.
    pub(crate) template: Arc<str>,
    /// The header `Allow`; none where the document names no method.
    pub(crate) allow: Option<HeaderValue>,
}

impl Routes {
    /// Reads every path of the document.
    pub fn of_document(document: &OpenApi) -> Result<Self, PathConflict> {
        let mut tree = matchit::Router::new();
        for (template, item) in &document.paths.paths {
            let route = Route { template: Arc::from(template.as_str()), allow: allow(item) };
            tree.insert(template, Arc::new(route))?;
        }
        Ok(Self(tree))
    }

    /// True when the document has a path of this form.
    pub fn has(&self, path: &str) -> bool {
        self.0.at(path).is_ok()
    }

    /// What the document says of the request's path; a route outside the document has no `Allow`.
    pub(crate) fn of(request: &HttpRequest) -> Option<Arc<Route>> {
        let documented = request.app_data::<Data<Self>>().and_then(|routes| {
            routes.0.at(request.path()).ok().map(|found| Arc::clone(found.value))
        });
        documented.or_else(|| {
            let template = Arc::from(request.match_pattern()?);
            Some(Arc::new(Route { template, allow: None }))
        })
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

#[cfg(test)]
mod tests {
    use super::*;

    fn routes(paths: &[&str]) -> Result<Routes, PathConflict> {
        let paths: Vec<String> = paths
            .iter()
            .map(|path| format!(r#""{path}": {{"get": {{"responses": {{}}}}}}"#))
            .collect();
        let document = format!(
            r#"{{"openapi": "3.1.0", "info": {{"title": "t", "version": "1"}}, "paths": {{{}}}}}"#,
            paths.join(",")
        );
        Routes::of_document(&serde_json::from_str(&document).unwrap())
    }

    #[test]
    fn a_path_has_the_template_that_says_most() {
        let routes = routes(&["/things/{id}", "/things/mine", "/things/{id}/parts"]).unwrap();
        let template = |path| routes.0.at(path).ok().map(|found| &*found.value.template);
        assert_eq!(template("/things/7"), Some("/things/{id}"));
        assert_eq!(template("/things/mine"), Some("/things/mine"));
        assert_eq!(template("/things/mine/parts"), Some("/things/{id}/parts"));
        assert!(!["/things", "/things/", "/things/7/", "/other"].iter().any(|it| routes.has(it)));
    }

    #[test]
    fn paths_that_differ_in_a_name_alone_are_refused() {
        assert!(routes(&["/things/{id}", "/things/{code}"]).is_err());
    }
}
