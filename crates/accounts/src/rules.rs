//! The figures of signing in, and the decisions that need no database.

use std::time::Duration;

use primitives::Timestamp;

/// How long a one-time code works.
pub(crate) const CODE_LIFETIME: Duration = Duration::from_secs(5 * 60);
/// How often a code may be tried.
pub(crate) const TRIES_PER_CODE: i64 = 5;
/// How long a phone waits for the next message.
pub(crate) const RESEND_AFTER: Duration = Duration::from_secs(60);
/// How many messages a phone gets within any 24 hours.
pub(crate) const MESSAGES_PER_DAY: i64 = 5;
/// 24 hours.
pub(crate) const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// One hour.
pub(crate) const HOUR: Duration = Duration::from_secs(60 * 60);
/// How long an access token works.
pub(crate) const ACCESS_LIFETIME: Duration = Duration::from_secs(10 * 60);
/// How long a phone may have missed the answer to a refresh.
pub(crate) const LOST_ANSWER: Duration = Duration::from_secs(30);
/// A device that has not been heard of for so long signs in again.
pub(crate) const SESSION_IDLE: Duration = Duration::from_secs(180 * 24 * 60 * 60);
/// How long an invitation works.
pub(crate) const INVITATION_LIFETIME: Duration = Duration::from_secs(15 * 60);

/// Wrong second factors of one account within a day, outside of signing in: twenty guesses among a million.
pub(crate) const FACTOR_FAILURES_PER_DAY: i64 = 20;

/// What the whole system may spend on signing in.
#[derive(Debug, Clone, Copy)]
pub struct SignInLimits {
    /// Messages sent within an hour, to all phones together.
    pub messages_per_hour: u32,
    /// Wrong codes within a day, from everybody together.
    pub failures_per_day: u32,
}

impl Default for SignInLimits {
    fn default() -> Self {
        Self { messages_per_hour: 2_000, failures_per_day: 1_000 }
    }
}

/// What to do with a refresh token that has been presented before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SpentToken {
    /// The answer was lost on the way: the same successor again.
    Repeat,
    /// Somebody else holds a copy: the whole session ends.
    Reused,
}

/// A spent token is forgiven shortly after, as long as nobody has used its successor.
pub(crate) fn judge_spent(spent_at: Timestamp, now: Timestamp, successor_used: bool) -> SpentToken {
    if !successor_used && now <= spent_at.plus(LOST_ANSWER) {
        SpentToken::Repeat
    } else {
        SpentToken::Reused
    }
}

/// Whole seconds from now until `moment`, at least one.
pub(crate) fn seconds_until(moment: Timestamp, now: Timestamp) -> u64 {
    u64::try_from(moment.seconds_since(now).saturating_add(1)).unwrap_or(1).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_answer_is_forgiven_for_thirty_seconds() {
        let spent_at = Timestamp::from_micros(1_000_000);
        let after = |seconds| spent_at.plus(Duration::from_secs(seconds));
        assert_eq!(judge_spent(spent_at, after(30), false), SpentToken::Repeat);
        assert_eq!(judge_spent(spent_at, after(31), false), SpentToken::Reused);
        assert_eq!(judge_spent(spent_at, after(1), true), SpentToken::Reused);
    }

    #[test]
    fn waiting_is_never_zero_seconds() {
        let now = Timestamp::from_micros(5_000_000);
        assert_eq!(seconds_until(now, now), 1);
        assert_eq!(seconds_until(Timestamp::from_micros(0), now), 1);
        assert_eq!(seconds_until(Timestamp::from_micros(64_500_000), now), 60);
    }
}
