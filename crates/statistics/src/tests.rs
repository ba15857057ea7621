//! The figures against a model that counts events one by one, on both engines.

mod figures;
mod model;
mod over_http;
mod random;
mod world;

use primitives::Language;

use crate::TEXTS;

#[test]
fn both_languages_say_the_same_things() {
    let keys = TEXTS.keys(Language::Indonesian);
    assert_eq!(keys, TEXTS.keys(Language::English));
    for field in ["date_malformed", "period_reversed", "period_too_long", "material_not_for_metric"]
    {
        assert!(keys.contains(&format!("field-{field}")), "{field}");
    }
}
