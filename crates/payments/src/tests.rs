mod adjustments;
mod cash;
mod charges;
mod deposits;
mod disputes;
mod faults;
mod gateways;
mod orders;
mod over_http;
mod races;
mod receipts;
mod statements;
mod top_ups;
mod wallet;
mod withdrawals;
mod world;

use http_kit::Failure as _;
use primitives::Language;

use crate::{CODES, PaymentError, TEXTS};

#[test]
fn every_code_has_its_text_in_both_languages() {
    assert_eq!(TEXTS.untold(CODES), Vec::<String>::new());
    assert_eq!(TEXTS.keys(Language::Indonesian), TEXTS.keys(Language::English));
}

/// The code and the extra member of a refusal.
fn told(error: &PaymentError) -> (&'static str, Option<(&'static str, String)>) {
    (error.code().code, error.member())
}
