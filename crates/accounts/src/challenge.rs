use std::fmt;

use primitives::{Ambient, ChallengeId, Invalid, PhoneNumber, Timestamp};
use serde::Deserialize;
use subtle::ConstantTimeEq;
use utoipa::ToSchema;

use crate::secrets::Key;

/// Six digits that prove that somebody reads a phone's messages, or holds its second factor.
#[derive(Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String, pattern = "^[0-9]{6}$", example = "123456")]
pub struct Code(String);

impl Code {
    /// Accepts exactly six ASCII digits.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid("code_malformed"))
        }
    }

    /// Draws one of the million codes.
    pub(crate) fn draw(ambient: &Ambient) -> Self {
        Self(format!("{:06}", ambient.below(1_000_000)))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is stored in place of the code: it says nothing without the key, and fits no other challenge.
    pub(crate) fn sealed(&self, key: &Key, challenge: ChallengeId) -> String {
        key.mac_text(&[challenge.to_string().as_bytes(), self.0.as_bytes()])
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("······")
    }
}

impl TryFrom<String> for Code {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

/// A one-time code under way, as the person who asked for it may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// Its identity.
    pub id: ChallengeId,
    /// Where the code went.
    pub phone: PhoneNumber,
    /// Until when the code works.
    pub expires_at: Timestamp,
}

/// A challenge for which one more try has been counted and committed: only this can be compared with a code.
#[derive(Debug)]
pub struct CountedTry {
    pub(crate) challenge: ChallengeId,
    pub(crate) phone: PhoneNumber,
    pub(crate) code_mac: String,
}

/// A counted try whose code was right: only this opens a session or accepts an invitation.
#[derive(Debug, Clone)]
pub struct ProvenPhone {
    pub(crate) challenge: ChallengeId,
    pub(crate) phone: PhoneNumber,
}

impl CountedTry {
    /// Compares in constant time.
    pub(crate) fn prove(self, key: &Key, code: &Code) -> Option<ProvenPhone> {
        let sealed = code.sealed(key, self.challenge);
        let equal: bool = sealed.as_bytes().ct_eq(self.code_mac.as_bytes()).into();
        equal.then_some(ProvenPhone { challenge: self.challenge, phone: self.phone })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Secrets;

    fn challenge(random: u8) -> ChallengeId {
        ChallengeId::from_parts(Timestamp::from_micros(1_000_000), [random; 10])
    }

    #[test]
    fn only_six_ascii_digits_are_a_code() {
        assert!(Code::parse("000000").is_ok());
        for text in ["", "12345", "1234567", "12345a", "+12345", "١٢٣٤٥٦", " 12345"] {
            assert_eq!(Code::parse(text).err(), Some(Invalid("code_malformed")), "{text}");
        }
    }

    #[test]
    fn a_code_opens_its_own_challenge_only() {
        let key = Secrets::derive(&[1; 32]).one_time_codes;
        let code = Code::parse("123456").unwrap();
        let phone = PhoneNumber::parse("081234567890").unwrap();
        let counted =
            |challenge, code_mac| CountedTry { challenge, phone: phone.clone(), code_mac };
        let sealed = code.sealed(&key, challenge(1));
        assert!(counted(challenge(1), sealed.clone()).prove(&key, &code).is_some());
        assert!(counted(challenge(2), sealed.clone()).prove(&key, &code).is_none());
        let wrong = Code::parse("123457").unwrap();
        assert!(counted(challenge(1), sealed.clone()).prove(&key, &wrong).is_none());
        let other_key = Secrets::derive(&[2; 32]).one_time_codes;
        assert!(counted(challenge(1), sealed).prove(&other_key, &code).is_none());
    }

    #[test]
    fn debug_hides_the_code() {
        assert!(!format!("{:?}", Code::parse("123456").unwrap()).contains('1'));
    }
}
