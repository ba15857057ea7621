use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

use crate::{FieldProblem, INVALID_FIELDS, Problem, Texts};

/// What a message of serde's says: which word of ours it amounts to, and the member below the path, if it names one.
pub(crate) struct Refusal {
    pub(crate) code: &'static str,
    pub(crate) member: Option<String>,
}

impl Refusal {
    pub(crate) fn read(message: &str, texts: &Texts) -> Self {
        let starts = |words: &str| message.starts_with(words);
        let named = || message.split('`').nth(1).map(str::to_owned);
        if starts("missing field") {
            Self { code: "required", member: named() }
        } else if starts("unknown field") {
            // The path has its name already.
            Self { code: "unknown_member", member: None }
        } else if starts("duplicate field") {
            Self { code: "given_twice", member: named() }
        } else if starts("invalid type") || starts("invalid digit") || starts("provided string was")
        {
            Self { code: "wrong_type", member: None }
        } else {
            Self { code: texts.field_code(message).unwrap_or("invalid_value"), member: None }
        }
    }
}

/// The body as `T`, or a 422 that points at the member that stands in the way.
pub(super) fn typed<T: DeserializeOwned>(value: Value, texts: &Texts) -> Result<T, Problem> {
    let mut unspeakable = Vec::new();
    find_control_characters(&value, &mut String::new(), &mut unspeakable);
    if !unspeakable.is_empty() {
        return Err(Problem::new(INVALID_FIELDS).with_fields(unspeakable));
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let Refusal { code, member } = Refusal::read(&error.inner().to_string(), texts);
        let mut pointer = pointer_to(error.path());
        pointer.extend(member.map(|name| format!("/{}", escaped(&name))));
        Problem::new(INVALID_FIELDS).with_fields(vec![FieldProblem { pointer, code }])
    })
}

/// PostgreSQL cannot store U+0000, and nobody writes it by hand.
fn find_control_characters(value: &Value, pointer: &mut String, found: &mut Vec<FieldProblem>) {
    let here = pointer.len();
    match value {
        Value::String(text) if text.contains('\0') => {
            found.push(FieldProblem { pointer: pointer.clone(), code: "control_character" });
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointer.push_str(&format!("/{index}"));
                find_control_characters(item, pointer, found);
                pointer.truncate(here);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                pointer.push_str(&format!("/{}", escaped(name)));
                find_control_characters(member, pointer, found);
                pointer.truncate(here);
            }
        }
        _ => {}
    }
}

fn pointer_to(path: &Path) -> String {
    let step = |segment: &Segment| match segment {
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { key } => format!("/{}", escaped(key)),
        Segment::Enum { .. } | Segment::Unknown => String::new(),
    };
    path.iter().map(step).collect()
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use primitives::PhoneNumber;
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only what serde says about them matters")]
    struct Order {
        phone: PhoneNumber,
        items: Vec<Item>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only what serde says about them matters")]
    struct Item {
        name: String,
        grams: Option<i64>,
    }

    const PHONE: &str = "+6281234567890";

    fn refused(value: Value) -> (String, &'static str) {
        let texts = Texts::load(&[]).unwrap();
        let problem = typed::<Order>(value, &texts).unwrap_err();
        assert_eq!(problem.code(), INVALID_FIELDS);
        let field = problem.fields().first().unwrap();
        (field.pointer.clone(), field.code)
    }

    #[test]
    fn the_member_that_is_missing_is_pointed_at() {
        assert_eq!(refused(json!({"phone": PHONE})), ("/items".into(), "required"));
        let inner = json!({"phone": PHONE, "items": [{"name": "a"}, {}]});
        assert_eq!(refused(inner), ("/items/1/name".into(), "required"));
    }

    #[test]
    fn the_member_that_is_too_much_is_pointed_at() {
        let outer = json!({"phone": PHONE, "items": [], "a/b": 1});
        assert_eq!(refused(outer), ("/a~1b".into(), "unknown_member"));
        let inner = json!({"phone": PHONE, "items": [{"name": "a", "items": {"items": 1}}]});
        assert_eq!(refused(inner), ("/items/0/items".into(), "unknown_member"));
    }

    #[test]
    fn types_and_values_are_told_apart() {
        let grams =
            |grams: Value| json!({"phone": PHONE, "items": [{"name": "a", "grams": grams}]});
        assert_eq!(refused(grams(json!(1.5))), ("/items/0/grams".into(), "wrong_type"));
        assert_eq!(refused(grams(json!("1"))), ("/items/0/grams".into(), "wrong_type"));
        assert_eq!(refused(grams(json!(u64::MAX))), ("/items/0/grams".into(), "invalid_value"));
        let phone = json!({"phone": "12", "items": []});
        assert_eq!(refused(phone), ("/phone".into(), "phone_malformed"));
        assert_eq!(refused(json!([1])).1, "wrong_type");
        assert_eq!(refused(Value::Null), (String::new(), "wrong_type"));
    }

    #[test]
    fn nul_is_refused_wherever_it_hides() {
        let value = json!({"phone": PHONE, "items": [{"name": "a\0"}]});
        assert_eq!(refused(value), ("/items/0/name".into(), "control_character"));
    }
}
