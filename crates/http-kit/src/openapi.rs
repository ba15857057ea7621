use utoipa::{
    PartialSchema as _,
    openapi::{
        Components, ContentBuilder, OpenApi, PathItem, Ref, RefOr, Response, ResponseBuilder,
        path::{Operation, ParameterIn},
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use crate::{FieldProblemBody, PageLimit, ProblemBody};

/// The refusals that every slice shares: status, name in the document, and what it means there.
const SHARED: [(&str, &str, &str); 11] = [
    ("400", "BadRequest", "The request cannot be read, or lacks its Idempotency-Key"),
    ("401", "Unauthenticated", "No token, or one that does not count any more"),
    ("403", "Forbidden", "The caller is known, but this is not theirs to do"),
    ("404", "NotFound", "Unknown, or not the caller's to know of"),
    ("408", "RequestTimeout", "The body did not arrive within 30 seconds"),
    ("413", "PayloadTooLarge", "The body is larger than allowed"),
    ("415", "UnsupportedMediaType", "The body is of another type than expected"),
    ("422", "InvalidFields", "Understood, but some members are not acceptable"),
    ("429", "TooManyRequests", "Too often; `Retry-After` says when to come back"),
    ("500", "Unexpected", "A fault of the server's own"),
    ("503", "Unavailable", "Not now; `Retry-After` says when to come back"),
];

/// Adds what all operations share: the refusals, their schemas and the way to sign in.
pub fn describe(document: &mut OpenApi) {
    let components = document.components.get_or_insert_with(Components::new);
    add_components(components);
    for item in document.paths.paths.values_mut() {
        for (reads, operation) in operations(item) {
            for (status, name, _) in refusals_of(operation, reads) {
                let shared = RefOr::Ref(Ref::from_response_name(name));
                operation.responses.responses.entry(status.to_owned()).or_insert(shared);
            }
        }
    }
}

fn add_components(components: &mut Components) {
    // What only parameters refer to is not collected from the operations.
    for (name, schema) in [
        ("ProblemBody", ProblemBody::schema()),
        ("FieldProblemBody", FieldProblemBody::schema()),
        ("PageLimit", PageLimit::schema()),
    ] {
        components.schemas.insert(name.to_owned(), schema);
    }
    for (_, name, meaning) in SHARED {
        components.responses.insert(name.to_owned(), RefOr::T(refusal(meaning)));
    }
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT");
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer.build()));
}

fn refusal(meaning: &str) -> Response {
    let schema = Ref::from_schema_name("ProblemBody");
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new().description(meaning).content("application/problem+json", content).build()
}

/// Each operation, and whether it only reads.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (bool, &mut Operation)> {
    let reads = [&mut item.get, &mut item.head].into_iter().map(|it| (true, it));
    let writes = [&mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
    let all = reads.chain(writes.into_iter().map(|it| (false, it)));
    all.filter_map(|(reads, operation)| Some((reads, operation.as_mut()?)))
}

fn refusals_of(
    operation: &Operation,
    reads: bool,
) -> impl Iterator<Item = (&'static str, &'static str, &'static str)> + use<> {
    let access = access_of(operation);
    let takes = |place: ParameterIn| {
        operation.parameters.iter().flatten().any(
            |parameter| matches!(parameter, RefOr::T(parameter) if parameter.parameter_in == place),
        )
    };
    let (in_path, in_query) = (takes(ParameterIn::Path), takes(ParameterIn::Query));
    let body = operation.request_body.is_some();
    let applies = move |status: &str| match status {
        "401" => access != "public",
        "403" => access != "public" && access != "account",
        "404" => in_path,
        "400" => body || !reads,
        "408" | "413" | "415" => body,
        "422" => body || in_query,
        "429" => !reads,
        _ => true,
    };
    SHARED.into_iter().filter(move |(status, ..)| applies(status))
}

fn access_of(operation: &Operation) -> String {
    let stated = operation.extensions.as_ref().and_then(|it| it.get("x-access")?.as_str());
    stated.unwrap_or("account").to_owned()
}

#[cfg(test)]
mod tests;
