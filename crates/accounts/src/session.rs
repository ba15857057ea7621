use primitives::{AccountId, SessionId, Timestamp};

use crate::{Account, ShortName, StaffGrant};

/// One signed-in device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its identity.
    pub id: SessionId,
    /// Who signed in.
    pub account: AccountId,
    /// What the person calls the device.
    pub device_name: Option<ShortName>,
    /// True when it was started with a second factor: only then do staff grants count.
    pub second_factor: bool,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last renewed.
    pub last_used_at: Timestamp,
}

/// Why a session ended; the word stands in the event log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionEnding {
    /// Its owner ended it.
    SignedOut,
    /// A spent refresh token was presented: somebody else holds a copy.
    TokenReuse,
    /// The account was suspended.
    Revoked,
}

impl SessionEnding {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::TokenReuse => "token_reuse",
            Self::Revoked => "revoked",
        }
    }
}

/// An account together with what it may do: what its owner sees of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The account.
    pub account: Account,
    /// Its staff grants that have not been withdrawn, whatever their dates.
    pub grants: Vec<StaffGrant>,
}

/// A session just begun or renewed, with the one copy of its refresh token that will ever be shown.
#[derive(Clone)]
pub struct Credentials {
    pub(crate) session: SessionId,
    pub(crate) profile: Profile,
    pub(crate) refresh_token: String,
}

/// How a right code ends.
#[derive(Clone)]
pub enum SignIn {
    /// A session began.
    Started(Box<Credentials>),
    /// Staff need their second factor; the challenge stays as usable as it was.
    SecondFactorRequired,
}

/// How a refresh token of ours ends.
#[derive(Clone)]
pub enum Refresh {
    /// The session goes on with a new token (or, after a lost answer, with the same new one).
    Renewed(Box<Credentials>),
    /// The token had been spent before: the session has been ended.
    Reused,
}
