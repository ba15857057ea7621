use std::fmt;

use primitives::Ambient;
use subtle::ConstantTimeEq as _;

/// After this many wrong codes the weigh-in stays shut.
pub(crate) const MOST_WRONG_CODES: i64 = 10;

/// The code that the household tells the collector at the door, and how often it was guessed wrong.
#[derive(Clone, PartialEq, Eq)]
pub struct Handover {
    code: String,
    wrong_codes: i64,
}

impl Handover {
    /// A fresh code of six digits.
    pub fn draw(ambient: &Ambient) -> Self {
        Self { code: format!("{:06}", ambient.below(1_000_000)), wrong_codes: 0 }
    }

    pub(crate) const fn stored(code: String, wrong_codes: i64) -> Self {
        Self { code, wrong_codes }
    }

    /// The code: for the household alone.
    pub fn code(&self) -> &str {
        &self.code
    }

    pub(crate) const fn wrong_codes(&self) -> i64 {
        self.wrong_codes
    }

    /// True when the code is right; takes the same time for every wrong one.
    pub fn opens(&self, tried: &str) -> bool {
        self.code.as_bytes().ct_eq(tried.as_bytes()).into()
    }

    /// True when it was guessed wrong too often.
    pub const fn is_shut(&self) -> bool {
        self.wrong_codes >= MOST_WRONG_CODES
    }
}

impl fmt::Debug for Handover {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Handover(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_code_opens() {
        let handover = Handover::stored("012345".to_owned(), 9);
        assert!(handover.opens("012345"));
        for wrong in ["", "12345", "0123456", "012346"] {
            assert!(!handover.opens(wrong), "{wrong}");
        }
        assert!(!handover.is_shut());
        assert!(Handover::stored("012345".to_owned(), 10).is_shut());
        assert_eq!(format!("{handover:?}"), "Handover(…)");
    }
}
