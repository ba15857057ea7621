use std::time::Duration;

use primitives::Timestamp;

/// How often something may happen: `burst` times at once, refilled evenly at `burst` per `period`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// How many may come at once, at least 1.
    pub burst: u32,
    /// How long an exhausted burst takes to fill up again.
    pub period: Duration,
}

/// Whether one event was allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// False when the policy is exhausted; a refused event does not count.
    pub allowed: bool,
    /// How many more would be allowed at this moment.
    pub remaining: u32,
    /// When refused: how long until one is allowed again.
    pub retry_after: Duration,
}

impl Policy {
    /// Microseconds that one event costs.
    pub(crate) fn interval(self) -> i64 {
        let period = i64::try_from(self.period.as_micros()).unwrap_or(i64::MAX / 4);
        (period / i64::from(self.burst.max(1))).max(1)
    }

    /// Microseconds that may be owed before an event is refused.
    pub(crate) fn tolerance(self) -> i64 {
        self.interval().saturating_mul(i64::from(self.burst.max(1)))
    }

    /// The generic cell rate algorithm: one stored moment per key, at which all that was taken has been refilled.
    /// Answers the decision and, when allowed, the moment to store. `redis_store` says the same in Lua.
    pub(crate) fn decide(
        self,
        refilled_at: Option<i64>,
        now: Timestamp,
    ) -> (Decision, Option<i64>) {
        let (now, interval, tolerance) = (now.micros(), self.interval(), self.tolerance());
        // A clock that was set back must not lock anybody out for longer than the period.
        let owed_from = refilled_at.unwrap_or(now).clamp(now, now.saturating_add(tolerance));
        let next = owed_from.saturating_add(interval);
        let owed = next.saturating_sub(now);
        if owed > tolerance {
            return (Decision::refused(owed.saturating_sub(tolerance)), None);
        }
        (Decision::allowed(tolerance.saturating_sub(owed) / interval), Some(next))
    }
}

impl Decision {
    pub(crate) fn allowed(remaining: i64) -> Self {
        let remaining = u32::try_from(remaining).unwrap_or(0);
        Self { allowed: true, remaining, retry_after: Duration::ZERO }
    }

    pub(crate) fn refused(wait_micros: i64) -> Self {
        let retry_after = Duration::from_micros(u64::try_from(wait_micros).unwrap_or(0));
        Self { allowed: false, remaining: 0, retry_after }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FIVE_A_MINUTE: Policy = Policy { burst: 5, period: Duration::from_secs(60) };

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn a_burst_is_allowed_and_then_one_per_interval() {
        let mut stored = None;
        for left in (0..5).rev() {
            let (decision, next) = FIVE_A_MINUTE.decide(stored, at(100));
            assert_eq!((decision.allowed, decision.remaining), (true, left));
            stored = next;
        }
        let (refused, kept) = FIVE_A_MINUTE.decide(stored, at(100));
        assert_eq!(refused, Decision::refused(12_000_000));
        assert_eq!(kept, None);
        assert!(!FIVE_A_MINUTE.decide(stored, at(111)).0.allowed);
        assert!(FIVE_A_MINUTE.decide(stored, at(112)).0.allowed);
    }

    #[test]
    fn a_clock_set_back_locks_nobody_out_for_longer_than_one_interval() {
        let (_, stored) = FIVE_A_MINUTE.decide(None, at(1_000_000));
        let (decision, _) = FIVE_A_MINUTE.decide(stored, at(100));
        assert_eq!(decision.retry_after, Duration::from_secs(12));
    }

    proptest! {
        #[test]
        fn no_window_holds_more_than_a_burst_and_what_was_refilled(
            burst in 1u32..20, period in 1u64..1_000, gaps in prop::collection::vec(0i64..30, 1..200),
        ) {
            let policy = Policy { burst, period: Duration::from_secs(period) };
            let (mut now, mut stored, mut allowed) = (0, None, Vec::new());
            for gap in gaps {
                now += gap;
                let (decision, next) = policy.decide(stored, at(now));
                if decision.allowed {
                    allowed.push(now);
                    stored = next;
                }
            }
            for (index, start) in allowed.iter().enumerate() {
                for (further, end) in allowed.iter().skip(index).enumerate() {
                    let refilled = (end - start) * 1_000_000 / policy.interval();
                    prop_assert!(i64::try_from(further).unwrap() < i64::from(burst) + refilled + 1);
                }
            }
        }
    }
}
