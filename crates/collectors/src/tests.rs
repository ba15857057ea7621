//! What collectors may and may not do, on both engines.

mod documents;
mod following;
mod over_http;
mod positions;
mod prices;
mod reading;
mod registering;
mod staff;
mod world;

use primitives::Language;

use crate::{CODES, TEXTS};

#[test]
fn every_code_has_its_text_in_both_languages() {
    assert_eq!(TEXTS.untold(CODES), Vec::<String>::new());
    assert_eq!(TEXTS.keys(Language::Indonesian), TEXTS.keys(Language::English));
}
