//! The promises about who you are, on both engines.

mod codes;
mod identities;
mod over_http;
mod refreshing;
mod staff;
mod world;

use primitives::Language;

use crate::{CODES, TEXTS};

#[test]
fn every_code_has_its_text_in_both_languages() {
    assert_eq!(TEXTS.untold(CODES), Vec::<String>::new());
    assert_eq!(TEXTS.keys(Language::Indonesian), TEXTS.keys(Language::English));
    let keys = TEXTS.keys(Language::English);
    for field in ["code_malformed", "short_name_length", "short_name_malformed"] {
        assert!(keys.contains(&format!("field-{field}")), "{field}");
    }
}
