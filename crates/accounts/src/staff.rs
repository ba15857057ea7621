use http_kit::StaffRole;
use primitives::{AccountId, InvitationId, PhoneNumber, RegionCode, Timestamp};

/// A staff role for a region and everything below it, from one moment to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffGrant {
    /// What may be done.
    pub role: StaffRole,
    /// Where.
    pub region: RegionCode,
    /// From when on.
    pub valid_from: Timestamp,
    /// Until when; without an end when absent.
    pub valid_until: Option<Timestamp>,
}

impl StaffGrant {
    /// True between its dates.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.valid_from <= now && self.valid_until.is_none_or(|until| now < until)
    }
}

/// Whom to invite.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    /// The role it will grant.
    pub role: StaffRole,
    /// Where it will grant it.
    pub region: RegionCode,
    /// When given, only this phone can accept.
    pub phone: Option<PhoneNumber>,
}

/// An invitation just issued, with the one copy of its token that will ever be shown.
#[derive(Clone)]
pub struct Invitation {
    /// Its identity.
    pub id: InvitationId,
    /// What the invited person enters.
    pub token: String,
    /// Until when it works.
    pub expires_at: Timestamp,
}

/// What an accepted invitation gives: shown once, derivable again only with the master secret.
#[derive(Clone)]
pub struct Enrolment {
    /// The account that is now staff.
    pub account: AccountId,
    /// The second factor's secret in base32, for an authenticator app.
    pub totp_secret: String,
    /// The same as a link or QR code.
    pub otpauth_url: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_lives_between_its_dates() {
        let at = Timestamp::from_micros;
        let grant = StaffGrant {
            role: StaffRole::Viewer,
            region: RegionCode::parse("12.07").unwrap(),
            valid_from: at(10),
            valid_until: Some(at(20)),
        };
        let live: Vec<_> = [9, 10, 19, 20].map(|micros| grant.is_live(at(micros))).into();
        assert_eq!(live, [false, true, true, false]);
        assert!(StaffGrant { valid_until: None, ..grant }.is_live(at(i64::MAX)));
    }
}
