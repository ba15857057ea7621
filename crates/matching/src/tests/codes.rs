use http_kit::Texts;
use primitives::Language;

use crate::{CODES, TEXTS};

#[test]
fn every_code_and_field_has_a_text_in_both_languages() {
    let texts = Texts::load(&[TEXTS]).unwrap();
    let fields = [
        "material_not_in_report",
        "material_doubled",
        "prices_incomplete",
        "pickup_at_in_past",
        "pickup_at_too_far",
        "weight_out_of_range",
        "weights_not_whole",
        "wave_count_out_of_range",
        "wave_size_out_of_range",
        "wait_out_of_range",
    ];
    for language in [Language::Indonesian, Language::English] {
        for code in CODES {
            assert!(texts.line(language, code.code, &[]).is_some(), "{}", code.code);
            let detail = format!("{}.detail", code.code);
            assert!(texts.line(language, &detail, &[]).is_some(), "{detail}");
        }
        for field in fields {
            let key = format!("field-{field}");
            assert!(texts.line(language, &key, &[]).is_some(), "{key}");
        }
    }
}

#[test]
fn both_languages_have_the_same_texts() {
    assert_eq!(TEXTS.keys(Language::Indonesian), TEXTS.keys(Language::English));
}
