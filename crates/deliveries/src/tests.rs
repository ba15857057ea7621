mod bad_input;
mod differences;
mod faults;
mod journey;
mod model;
mod over_http;
mod races;
mod world;

use http_kit::Failure as _;
use primitives::Language;

use crate::{CODES, DeliveryError, TEXTS};

#[test]
fn every_code_has_its_text_in_both_languages() {
    assert_eq!(TEXTS.untold(CODES), Vec::<String>::new());
    assert_eq!(TEXTS.keys(Language::Indonesian), TEXTS.keys(Language::English));
}

/// The code and the extra member of a refusal.
fn told<T: std::fmt::Debug>(
    outcome: Result<T, DeliveryError>,
) -> (&'static str, Option<(&'static str, String)>) {
    let error = outcome.unwrap_err();
    (error.code().code, error.member())
}
