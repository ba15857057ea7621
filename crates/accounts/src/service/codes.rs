use database::Connection;
use primitives::{ChallengeId, PhoneNumber, Timestamp};

use super::Accounts;
use crate::{
    AccountError, Challenge, Code, CountedTry, ProvenPhone,
    rules::{CODE_LIFETIME, DAY, MESSAGES_PER_DAY, RESEND_AFTER, seconds_until},
    store::{budget::Budget, challenges},
};

impl Accounts {
    /// Draws a code for a phone, known or not. The caller sends it, after the commit.
    pub fn request_code_in(
        &self,
        conn: &mut Connection,
        phone: &PhoneNumber,
    ) -> Result<(Challenge, Code), AccountError> {
        let now = self.ambient.now();
        self.take_phones_turn(conn, phone, now)?;
        if let Some(until) = Budget::messages(self.limits).spend(conn, now)? {
            return Err(AccountError::MessagesSpent {
                retry_after_seconds: seconds_until(until, now),
            });
        }
        let id: ChallengeId = self.ambient.mint();
        let code = Code::draw(&self.ambient);
        let challenge = Challenge { id, phone: phone.clone(), expires_at: now.plus(CODE_LIFETIME) };
        challenges::insert(conn, &challenge, &code.sealed(&self.secrets.one_time_codes, id), now)?;
        Ok((challenge, code))
    }

    fn take_phones_turn(
        &self,
        conn: &mut Connection,
        phone: &PhoneNumber,
        now: Timestamp,
    ) -> Result<(), AccountError> {
        let wait_until =
            |moment| AccountError::TooManyCodes { retry_after_seconds: seconds_until(moment, now) };
        if let Some(sent_at) = challenges::take_turn(conn, phone, now)? {
            return Err(wait_until(sent_at.plus(RESEND_AFTER)));
        }
        let sent = challenges::sent_since(conn, phone, now.minus(DAY))?;
        let allowed = i64::try_from(sent.len()).is_ok_and(|count| count < MESSAGES_PER_DAY);
        match sent.first() {
            Some(oldest) if !allowed => Err(wait_until(oldest.plus(DAY))),
            _ => Ok(()),
        }
    }

    /// Counts a try of a code. This must be committed before anything is compared: a guess that is
    /// cut off, or raced by a thousand others, has been counted all the same.
    pub fn count_try_in(
        &self,
        conn: &mut Connection,
        challenge: ChallengeId,
    ) -> Result<CountedTry, AccountError> {
        let now = self.ambient.now();
        let counted = challenges::count_try(conn, challenge, now)?;
        let counted = counted.ok_or(AccountError::ChallengeClosed)?;
        // A try is a failure until it is proven right; then `forgive_in` takes this back.
        match Budget::failures(self.limits).spend(conn, now)? {
            None => Ok(counted),
            Some(until) => {
                Err(AccountError::SignInPaused { retry_after_seconds: seconds_until(until, now) })
            }
        }
    }

    /// Compares the code with a try that has been counted.
    pub fn prove(&self, counted: CountedTry, code: &Code) -> Result<ProvenPhone, AccountError> {
        counted.prove(&self.secrets.one_time_codes, code).ok_or(AccountError::CodeWrong)
    }

    /// The code was right: the try was no failure.
    pub(super) fn forgive_in(&self, conn: &mut Connection) -> Result<(), AccountError> {
        Ok(Budget::failures(self.limits).give_back(conn)?)
    }

    /// Uses the proven challenge up and takes its try out of the day's failures.
    pub(super) fn use_up_in(
        &self,
        conn: &mut Connection,
        proven: &ProvenPhone,
    ) -> Result<(), AccountError> {
        if !challenges::use_up(conn, proven.challenge, self.ambient.now())? {
            return Err(AccountError::ChallengeClosed);
        }
        self.forgive_in(conn)
    }
}
