use data_encoding::BASE64URL_NOPAD;
use database::{Connection, DatabaseError};
use event_log::{
    Actor, Entry, Fact, append_in,
    fact::{SessionEnded, SessionStarted},
};
use primitives::{AccountId, Ambient, SessionId, Timestamp};

use super::{Accounts, open_account_in};
use crate::{
    Account, AccountError, Code, Credentials, Profile, ProvenPhone, Refresh, Session,
    SessionEnding, ShortName, SignIn,
    rules::{SESSION_IDLE, SpentToken, judge_spent},
    second_factor::SecondFactor,
    secrets::hash_token,
    store::{accounts, challenges, sessions},
};

impl Accounts {
    /// Begins a session for a proven phone, opening its account the first time.
    pub fn sign_in_in(
        &self,
        conn: &mut Connection,
        proven: &ProvenPhone,
        device_name: Option<&ShortName>,
        second: Option<&Code>,
    ) -> Result<SignIn, AccountError> {
        let account = open_account_in(conn, &self.ambient, &proven.phone, None)?;
        if account.suspended_at.is_some() {
            return Err(AccountError::Suspended);
        }
        let profile = self.profile_in(conn, account.id)?;
        let now = self.ambient.now();
        let is_staff = profile.grants.iter().any(|grant| grant.is_live(now));
        match second {
            None if is_staff => {
                challenges::hand_back_try(conn, proven.challenge)?;
                self.forgive_in(conn)?;
                return Ok(SignIn::SecondFactorRequired);
            }
            Some(code) if is_staff => self.take_second_factor_in(conn, &profile.account, code)?,
            _ => {}
        }
        self.use_up_in(conn, proven)?;
        let session = self.new_session(account.id, device_name, is_staff);
        let credentials = self.begin_in(conn, session, profile)?;
        Ok(SignIn::Started(Box::new(credentials)))
    }

    pub(super) fn take_second_factor_in(
        &self,
        conn: &mut Connection,
        account: &Account,
        code: &Code,
    ) -> Result<(), AccountError> {
        let enrolment = account.enrolment.ok_or(AccountError::SecondFactorMissing)?;
        let factor = SecondFactor::of(&self.secrets.second_factors, account.id, enrolment);
        let step =
            factor.step_of(code, self.ambient.now()).ok_or(AccountError::SecondFactorWrong)?;
        if accounts::take_step(conn, account.id, step)? {
            Ok(())
        } else {
            Err(AccountError::SecondFactorWrong)
        }
    }

    fn new_session(
        &self,
        account: AccountId,
        device_name: Option<&ShortName>,
        second_factor: bool,
    ) -> Session {
        let (id, now) = (self.ambient.mint(), self.ambient.now());
        let device_name = device_name.cloned();
        Session { id, account, device_name, second_factor, created_at: now, last_used_at: now }
    }

    fn begin_in(
        &self,
        conn: &mut Connection,
        session: Session,
        profile: Profile,
    ) -> Result<Credentials, AccountError> {
        let refresh_token = BASE64URL_NOPAD.encode(&self.ambient.bytes::<32>());
        sessions::insert(conn, &session)?;
        sessions::insert_token(conn, &hash_token(&refresh_token), session.id, session.created_at)?;
        let fact = SessionStarted { account: session.account, session: session.id };
        let entry = Entry {
            actor: Actor::Account(session.account),
            region: None,
            occurred_at: session.created_at,
            fact: Fact::SessionStarted(fact),
        };
        append_in(conn, &self.ambient, entry)?;
        Ok(Credentials { session: session.id, profile, refresh_token })
    }

    /// Renews a session. A spent token ends it, but for an answer that was lost on the way.
    pub fn refresh_in(&self, conn: &mut Connection, token: &str) -> Result<Refresh, AccountError> {
        let now = self.ambient.now();
        let hash = hash_token(token);
        let invalid = AccountError::RefreshTokenInvalid;
        let known = sessions::find_token(conn, &hash)?.ok_or(invalid)?;
        if known.last_used_at.plus(SESSION_IDLE) < now {
            return Err(AccountError::RefreshTokenInvalid);
        }
        let successor = self.successor(token);
        if sessions::spend_token(conn, &hash, now)? {
            sessions::insert_token(conn, &hash_token(&successor), known.session, now)?;
            sessions::mark_used(conn, known.session, now)?;
        } else if self.is_reused_in(conn, &hash, &successor, now)? {
            end_session_in(
                conn,
                &self.ambient,
                known.account,
                known.session,
                SessionEnding::TokenReuse,
            )?;
            return Ok(Refresh::Reused);
        }
        let profile = self.profile_in(conn, known.account)?;
        let credentials = Credentials { session: known.session, profile, refresh_token: successor };
        Ok(Refresh::Renewed(Box::new(credentials)))
    }

    /// Derived rather than drawn: whoever asks twice is told the same, and nothing of it is stored.
    fn successor(&self, token: &str) -> String {
        BASE64URL_NOPAD.encode(&self.secrets.refresh_tokens.mac(&[b"successor", token.as_bytes()]))
    }

    fn is_reused_in(
        &self,
        conn: &mut Connection,
        hash: &str,
        successor: &str,
        now: Timestamp,
    ) -> Result<bool, AccountError> {
        let spent = |conn: &mut Connection, hash: &str| {
            sessions::find_token(conn, hash).map(|token| token.and_then(|token| token.spent_at))
        };
        let Some(spent_at) = spent(conn, hash)? else {
            return Err(AccountError::RefreshTokenInvalid);
        };
        let successor_used = spent(conn, &hash_token(successor))?.is_some();
        Ok(judge_spent(spent_at, now, successor_used) == SpentToken::Reused)
    }

    /// Ends one of the owner's sessions; ending it again changes nothing.
    pub fn sign_out_in(
        &self,
        conn: &mut Connection,
        owner: AccountId,
        session: SessionId,
    ) -> Result<(), AccountError> {
        let ended = end_session_in(conn, &self.ambient, owner, session, SessionEnding::SignedOut)?;
        if ended || sessions::is_of(conn, owner, session)? {
            Ok(())
        } else {
            Err(AccountError::NotFound)
        }
    }

    /// The owner's live sessions, oldest first.
    pub fn list_sessions_in(
        &self,
        conn: &mut Connection,
        owner: AccountId,
        after: Option<SessionId>,
        limit: i64,
    ) -> Result<Vec<Session>, AccountError> {
        Ok(sessions::list_live(conn, owner, after, limit)?)
    }
}

/// Ends a session and says so in the log; false when it was over before.
pub(super) fn end_session_in(
    conn: &mut Connection,
    ambient: &Ambient,
    owner: AccountId,
    session: SessionId,
    ending: SessionEnding,
) -> Result<bool, DatabaseError> {
    let now = ambient.now();
    if !sessions::end(conn, owner, session, now)? {
        return Ok(false);
    }
    let fact = SessionEnded { account: owner, session, reason: ending.word().to_owned() };
    let actor = match ending {
        SessionEnding::SignedOut | SessionEnding::TokenReuse => Actor::Account(owner),
        SessionEnding::Revoked => Actor::CommandLine,
    };
    let entry = Entry { actor, region: None, occurred_at: now, fact: Fact::SessionEnded(fact) };
    append_in(conn, ambient, entry)?;
    Ok(true)
}
