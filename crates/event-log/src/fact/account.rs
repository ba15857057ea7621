use primitives::{AccountId, InvitationId, RegionCode, SessionId};
use serde::{Deserialize, Serialize};

/// A person signed in for the first time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccountOpened {
    /// Who.
    pub account: AccountId,
}

/// A device signed in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SessionStarted {
    /// Whose device.
    pub account: AccountId,
    /// The new session.
    pub session: SessionId,
}

/// A device was signed out, or a spent refresh token revoked its family.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SessionEnded {
    /// Whose device.
    pub account: AccountId,
    /// The session that ended.
    pub session: SessionId,
    /// `signed_out`, `token_reuse` or `revoked`.
    pub reason: String,
}

/// Somebody on the host invited a member of staff.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InvitationIssued {
    /// The invitation.
    pub invitation: InvitationId,
    /// The role it grants.
    pub role: String,
    /// Where it grants it.
    pub region: RegionCode,
}

/// A staff role was granted or withdrawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GrantChanged {
    /// Whose role.
    pub account: AccountId,
    /// The role.
    pub role: String,
    /// Where it holds.
    pub region: RegionCode,
    /// True when granted, false when withdrawn.
    pub granted: bool,
}
