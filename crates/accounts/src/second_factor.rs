//! Time-based codes (RFC 6238). The secret is derived, never stored: whoever holds the database holds no factor.

use data_encoding::BASE32_NOPAD;
use primitives::{AccountId, InvitationId, Timestamp};
use totp_rs::Totp;

use crate::{Code, secrets::Key};

/// The second factor of one account since one invitation.
pub(crate) struct SecondFactor {
    secret: Vec<u8>,
}

impl SecondFactor {
    pub(crate) fn of(key: &Key, account: AccountId, enrolment: InvitationId) -> Self {
        let derived = key.mac(&[account.to_string().as_bytes(), enrolment.to_string().as_bytes()]);
        // 160 bits are what authenticator apps expect.
        Self { secret: derived.into_iter().take(20).collect() }
    }

    /// The 30-second step this code belongs to, if it is one of now, the step before or the step after.
    pub(crate) fn step_of(&self, code: &Code, now: Timestamp) -> Option<i64> {
        let seconds = u64::try_from(now.micros() / 1_000_000).ok()?;
        let step = self.generator()?.check(code.as_str(), seconds)?;
        i64::try_from(step).ok()
    }

    /// The secret as authenticator apps take it.
    pub(crate) fn base32(&self) -> String {
        BASE32_NOPAD.encode(&self.secret)
    }

    /// The secret as a link; the label names the role and no person.
    pub(crate) fn otpauth_url(&self, label: &str) -> String {
        let secret = self.base32();
        format!(
            "otpauth://totp/Jumpa%20Madu:{label}?secret={secret}\
             &issuer=Jumpa%20Madu&algorithm=SHA1&digits=6&period=30"
        )
    }

    fn generator(&self) -> Option<Totp> {
        totp_rs::Builder::new().with_secret(self.secret.clone()).build().ok()
    }

    #[cfg(test)]
    pub(crate) fn code_at(&self, now: Timestamp) -> Code {
        let seconds = u64::try_from(now.micros() / 1_000_000).unwrap();
        Code::parse(&self.generator().unwrap().generate(seconds).to_string()).unwrap()
    }
}

/// A try of somebody's second factor that has been counted and committed: only this can be compared with a code.
#[derive(Debug, Clone, Copy)]
pub struct CountedFactorTry {
    pub(crate) account: AccountId,
}

/// Somebody has just shown his second factor, for one command.
#[derive(Debug)]
pub struct FreshFactor {
    pub(crate) account: AccountId,
}

impl FreshFactor {
    /// Who.
    pub const fn account(&self) -> AccountId {
        self.account
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::Secrets;

    #[test]
    fn the_reference_vector_of_rfc_6238_holds() {
        let factor = SecondFactor { secret: b"12345678901234567890".to_vec() };
        let code = Code::parse("287082").unwrap();
        assert_eq!(factor.step_of(&code, Timestamp::from_micros(59_000_000)), Some(1));
    }

    #[test]
    fn a_code_works_in_its_step_and_the_neighbours() {
        let at = Timestamp::from_micros;
        let key = Secrets::derive(&[1; 32]).second_factors;
        let account = AccountId::from_parts(at(1_000_000), [1; 10]);
        let invitation = |random| InvitationId::from_parts(at(1_000_000), [random; 10]);
        let factor = SecondFactor::of(&key, account, invitation(1));
        let now = at(3_000_000_000_000);
        let code = factor.code_at(now);
        assert_eq!(factor.step_of(&code, now), Some(100_000));
        let later = |seconds| now.plus(Duration::from_secs(seconds));
        assert_eq!(factor.step_of(&code, later(59)), Some(100_000));
        assert_eq!(factor.step_of(&code, later(60)), None);
        let renewed = SecondFactor::of(&key, account, invitation(2));
        assert_ne!(renewed.base32(), factor.base32());
    }
}
