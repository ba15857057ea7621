use serde_json::{Value, json};

use super::*;

fn document() -> Value {
    let operation = |access: &str, more: Value| {
        let mut operation = json!({
            "x-access": access, "responses": {"200": {"description": "Done"}},
        });
        let (Some(all), Some(more)) = (operation.as_object_mut(), more.as_object()) else {
            panic!("operations are objects");
        };
        all.extend(more.clone());
        operation
    };
    let id = json!([{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}]);
    let limit =
        json!([{"name": "limit", "in": "query", "required": false, "schema": {"type": "integer"}}]);
    let body = json!({"content": {"application/json": {"schema": {"type": "object"}}}});
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {
            "/public": {"get": operation("public", json!({}))},
            "/list": {"get": operation("account", json!({"parameters": limit}))},
            "/things/{id}": {"get": operation("collector", json!({"parameters": id}))},
            "/things": {"post": operation("staff:officer", json!({"requestBody": body}))},
        },
    });
    let mut document: OpenApi = serde_json::from_value(document).unwrap();
    describe(&mut document);
    serde_json::to_value(document).unwrap()
}

fn statuses(document: &Value, path: &str, method: &str) -> Vec<String> {
    let responses = document["paths"][path][method]["responses"].as_object().unwrap();
    responses.keys().cloned().collect()
}

#[test]
fn each_operation_names_the_refusals_it_can_end_in() {
    let document = document();
    assert_eq!(statuses(&document, "/public", "get"), ["200", "500", "503"]);
    assert_eq!(statuses(&document, "/list", "get"), ["200", "401", "422", "500", "503"]);
    let thing = ["200", "401", "403", "404", "500", "503"];
    assert_eq!(statuses(&document, "/things/{id}", "get"), thing);
    let all = ["200", "400", "401", "403", "408", "413", "415", "422", "429", "500", "503"];
    assert_eq!(statuses(&document, "/things", "post"), all);
}

#[test]
fn what_is_referred_to_exists_and_describes_itself() {
    let document = document();
    let shared = document["components"]["responses"].as_object().unwrap();
    assert!(shared.values().all(|response| !response["description"].as_str().unwrap().is_empty()));
    for (_, name, _) in SHARED {
        let schema = &shared[name]["content"]["application/problem+json"]["schema"]["$ref"];
        assert_eq!(schema, "#/components/schemas/ProblemBody");
    }
    let problem = &document["components"]["schemas"]["ProblemBody"];
    assert_eq!(
        problem["properties"]["errors"]["items"]["$ref"],
        "#/components/schemas/FieldProblemBody"
    );
    let required = problem["required"].as_array().unwrap();
    assert!(required.contains(&json!("request_id")) && !required.contains(&json!("errors")));
    assert_eq!(document["components"]["securitySchemes"]["bearer"]["scheme"], "bearer");
    let reference = &document["paths"]["/things"]["post"]["responses"]["429"]["$ref"];
    assert_eq!(reference, "#/components/responses/TooManyRequests");
}
