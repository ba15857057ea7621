//! What a withdrawal costs and how much may leave in a day. Pure.

use std::time::Duration;

use primitives::{Invalid, Rupiah, Timestamp};

const DAY: i64 = 24 * 60 * 60 * 1_000_000;
/// Days are cut at midnight in Medan: UTC+7 all year round.
const MEDAN: i64 = 7 * 60 * 60 * 1_000_000;

/// The conditions of this installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// The least that may be withdrawn: below it the fee eats the money.
    pub minimum: Rupiah,
    /// What a transfer costs the holder, on top of the amount.
    pub fee: Rupiah,
    /// The most that may leave an account of less than a week in one day.
    pub daily_first_week: Rupiah,
    /// The same for less than thirty days.
    pub daily_first_month: Rupiah,
    /// The same afterwards.
    pub daily: Rupiah,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            minimum: Rupiah::new(20_000),
            fee: Rupiah::new(2_500),
            daily_first_week: Rupiah::new(250_000),
            daily_first_month: Rupiah::new(1_000_000),
            daily: Rupiah::new(5_000_000),
        }
    }
}

impl Terms {
    /// The most that an account opened at `since` may withdraw today.
    pub fn daily_limit(&self, since: Timestamp, now: Timestamp) -> Rupiah {
        let days = now.seconds_since(since) / (24 * 60 * 60);
        match days {
            ..7 => self.daily_first_week,
            7..30 => self.daily_first_month,
            _ => self.daily,
        }
    }

    /// From the minimum up to what a whole day allows at most.
    pub fn check_amount(&self, amount: Rupiah) -> Result<(), Invalid> {
        if amount < self.minimum {
            Err(Invalid("withdrawal_too_small"))
        } else if amount > self.daily {
            Err(Invalid("withdrawal_too_large"))
        } else {
            Ok(())
        }
    }
}

/// What somebody may withdraw at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// The limit of the day.
    pub daily_limit: Rupiah,
    /// What has been withdrawn today already; what came back does not count.
    pub used_today: Rupiah,
}

impl Allowance {
    /// What is left of the day's limit; never negative.
    pub fn remaining(&self) -> Rupiah {
        let left = self.daily_limit.get().saturating_sub(self.used_today.get());
        Rupiah::new(left.max(0))
    }
}

/// The last midnight in Medan.
pub(crate) fn day_start(now: Timestamp) -> Timestamp {
    let local = now.micros().saturating_add(MEDAN);
    Timestamp::from_micros(now.micros().saturating_sub(local.rem_euclid(DAY)))
}

/// How long after a step a worker looks at a withdrawal again. Midtrans answers no look-up before ten minutes.
pub(crate) const LOOK_AGAIN: Duration = Duration::from_secs(10 * 60);
/// How long a worker may be busy with one withdrawal: longer than every deadline of a call together.
pub(crate) const LEASE: Duration = Duration::from_secs(60);
/// How long a gateway may claim to know nothing of a payout before that is believed.
pub(crate) const DISBELIEF: Duration = Duration::from_secs(15 * 60);
/// After this nothing is sent again and a person decides: a gateway forgets idempotency keys after 24 hours.
pub(crate) const KEY_TRUSTED: Duration = Duration::from_secs(20 * 60 * 60);
/// How long a payout that succeeded is still looked at: it may yet be sent back.
pub(crate) const WATCH: Duration = Duration::from_secs(24 * 60 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_begins_at_midnight_in_medan() {
        let at = |text| Timestamp::parse(text).unwrap();
        let midnight = at("2026-11-22T00:00:00+07:00");
        for moment in ["2026-11-22T00:00:00+07:00", "2026-11-22T23:59:59.999999+07:00"] {
            assert_eq!(day_start(at(moment)), midnight, "{moment}");
        }
        assert_eq!(day_start(at("2026-11-21T23:59:59+07:00")), at("2026-11-21T00:00:00+07:00"));
    }

    #[test]
    fn trust_grows_with_age() {
        let (terms, opened) = (Terms::default(), Timestamp::from_micros(0));
        let after = |days: u64| {
            terms.daily_limit(opened, opened.plus(Duration::from_secs(days * 86_400))).get()
        };
        assert_eq!(
            [after(0), after(6), after(7), after(29)],
            [250_000, 250_000, 1_000_000, 1_000_000]
        );
        assert_eq!(after(30), 5_000_000);
        assert_eq!(terms.daily_limit(opened.plus(WATCH), opened), terms.daily_first_week);
    }

    #[test]
    fn amounts_have_bounds() {
        let terms = Terms::default();
        let fits = |amount| terms.check_amount(Rupiah::new(amount)).is_ok();
        let expected =
            [(-1, false), (0, false), (19_999, false), (20_000, true), (5_000_000, true)];
        for (amount, expected) in expected {
            assert_eq!(fits(amount), expected, "{amount}");
        }
        assert!(!fits(5_000_001) && !fits(i64::MAX));
    }
}
