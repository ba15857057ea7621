use data_encoding::BASE64URL_NOPAD;
use database::{Connection, DatabaseError};
use event_log::{
    Actor, Entry, Fact, append_in,
    fact::{GrantChanged, InvitationIssued},
};
use http_kit::StaffRole;
use primitives::{AccountId, Ambient, InvitationId, PhoneNumber, RegionCode, Timestamp};

use super::{Accounts, open_account_in, sessions::end_session_in};
use crate::{
    AccountError, Enrolment, Invitation, NewInvitation, ProvenPhone, SessionEnding, StaffGrant,
    rules::INVITATION_LIFETIME,
    second_factor::SecondFactor,
    secrets::hash_token,
    store::{accounts, sessions, staff},
};

/// Issues an invitation; its token is in the answer and nowhere else.
pub fn invite_in(
    conn: &mut Connection,
    ambient: &Ambient,
    new: &NewInvitation,
) -> Result<Invitation, DatabaseError> {
    let (id, now): (InvitationId, Timestamp) = (ambient.mint(), ambient.now());
    let token = BASE64URL_NOPAD.encode(&ambient.bytes::<32>());
    let expires_at = now.plus(INVITATION_LIFETIME);
    staff::insert_invitation(conn, id, &hash_token(&token), new, (now, expires_at))?;
    let fact = InvitationIssued {
        invitation: id,
        role: new.role.as_str().to_owned(),
        region: new.region.clone(),
    };
    append_in(conn, ambient, by_command_line(now, &new.region, Fact::InvitationIssued(fact)))?;
    Ok(Invitation { id, token, expires_at })
}

impl Accounts {
    /// Accepts an invitation with a code that proved the phone.
    pub fn accept_in(
        &self,
        conn: &mut Connection,
        proven: &ProvenPhone,
        invitation: &str,
    ) -> Result<Enrolment, AccountError> {
        self.use_up_in(conn, proven)?;
        self.enrol_in(conn, &proven.phone, invitation)
    }

    /// Turns an invitation into a grant and a new second factor for the account of a phone.
    pub fn enrol_in(
        &self,
        conn: &mut Connection,
        phone: &PhoneNumber,
        invitation: &str,
    ) -> Result<Enrolment, AccountError> {
        let now = self.ambient.now();
        let claimed = staff::claim_invitation(conn, &hash_token(invitation), phone, now)?;
        let claimed = claimed.ok_or(AccountError::InvitationInvalid)?;
        let account = open_account_in(conn, &self.ambient, phone, None)?;
        if account.suspended_at.is_some() {
            return Err(AccountError::Suspended);
        }
        accounts::enrol(conn, account.id, claimed.id)?;
        let label = format!("{}%20{}", claimed.role.as_str(), claimed.region);
        let grant = StaffGrant {
            role: claimed.role,
            region: claimed.region,
            valid_from: now,
            valid_until: None,
        };
        if !holds_in(conn, account.id, &grant)? {
            give_in(conn, &self.ambient, Actor::Account(account.id), account.id, &grant)?;
        }
        let factor = SecondFactor::of(&self.secrets.second_factors, account.id, claimed.id);
        Ok(Enrolment {
            account: account.id,
            totp_secret: factor.base32(),
            otpauth_url: factor.otpauth_url(&label),
        })
    }
}

/// Grants one more role to an account that has a second factor, which every accepted invitation gives.
pub fn grant_in(
    conn: &mut Connection,
    ambient: &Ambient,
    account: AccountId,
    grant: &StaffGrant,
) -> Result<(), AccountError> {
    let found = accounts::find(conn, account)?.ok_or(AccountError::NotFound)?;
    found.enrolment.ok_or(AccountError::SecondFactorMissing)?;
    Ok(give_in(conn, ambient, Actor::CommandLine, account, grant)?)
}

/// True when the account holds the same already, without an end: then only the second factor is new.
fn holds_in(
    conn: &mut Connection,
    account: AccountId,
    grant: &StaffGrant,
) -> Result<bool, DatabaseError> {
    let held = staff::grants_of(conn, account)?;
    Ok(held.iter().any(|held| {
        (held.role, &held.region) == (grant.role, &grant.region)
            && held.valid_until.is_none()
            && held.is_live(grant.valid_from)
    }))
}

fn give_in(
    conn: &mut Connection,
    ambient: &Ambient,
    actor: Actor,
    account: AccountId,
    grant: &StaffGrant,
) -> Result<(), DatabaseError> {
    staff::insert_grant(conn, account, grant)?;
    accounts::bump_version(conn, account)?;
    let fact = changed(account, grant.role, &grant.region, true);
    let entry = by_command_line(ambient.now(), &grant.region, fact);
    append_in(conn, ambient, Entry { actor, ..entry })?;
    Ok(())
}

/// Withdraws a role for exactly this region; false when the account did not hold it.
pub fn withdraw_grant_in(
    conn: &mut Connection,
    ambient: &Ambient,
    account: AccountId,
    role: StaffRole,
    region: &RegionCode,
) -> Result<bool, DatabaseError> {
    let now = ambient.now();
    if !staff::withdraw(conn, account, role, region, now)? {
        return Ok(false);
    }
    accounts::bump_version(conn, account)?;
    let fact = changed(account, role, region, false);
    append_in(conn, ambient, by_command_line(now, region, fact))?;
    Ok(true)
}

/// Suspends an account and ends all its sessions; false when it was suspended before or does not exist.
pub fn suspend_in(
    conn: &mut Connection,
    ambient: &Ambient,
    account: AccountId,
) -> Result<bool, DatabaseError> {
    if !accounts::suspend(conn, account, ambient.now())? {
        return Ok(false);
    }
    for session in sessions::list_live(conn, account, None, i64::MAX)? {
        end_session_in(conn, ambient, account, session.id, SessionEnding::Revoked)?;
    }
    Ok(true)
}

fn changed(account: AccountId, role: StaffRole, region: &RegionCode, granted: bool) -> Fact {
    let (role, region) = (role.as_str().to_owned(), region.clone());
    Fact::GrantChanged(GrantChanged { account, role, region, granted })
}

fn by_command_line(occurred_at: Timestamp, region: &RegionCode, fact: Fact) -> Entry {
    Entry { actor: Actor::CommandLine, region: Some(region.clone()), occurred_at, fact }
}
