use std::time::Duration;

use http_kit::{FieldProblem, Fields};
use primitives::{AccountId, Invalid, Timestamp};

const FEWEST_SECONDS: i64 = 10;
const DAY_SECONDS: i64 = 86_400;
const MOST_WAVES: usize = 10;
/// How many are told at once of a report that is overdue.
pub(super) const LARGEST_WAVE: usize = 100;

/// How many collectors are asked at once, and how long they have before the next ones are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wave {
    /// At most so many, 1 – 100.
    pub collectors: usize,
    /// 10 seconds to a day.
    pub wait: Duration,
}

/// That the waiting reports of a kabupaten are matched to collectors together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gathering {
    /// How long the first report waits for others: 10 seconds to an hour.
    pub wait: Duration,
}

/// How the reports of a kabupaten are announced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Counts the changes; 0 is the product's own default.
    pub version: i64,
    /// One after the other; the last one again and again.
    pub waves: Vec<Wave>,
    /// A report that has waited longer goes before everything younger: 10 minutes to 3 days.
    pub patience: Duration,
    /// Absent while every report is announced for itself.
    pub gathering: Option<Gathering>,
    /// Who set it and when; absent for the default.
    pub set: Option<(AccountId, Timestamp)>,
}

/// A policy as staff write it down, in seconds and not yet looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyDraft {
    /// Collectors at once, and seconds before the next wave.
    pub waves: Vec<(i64, i64)>,
    /// See [`Policy::patience`].
    pub patience_seconds: i64,
    /// See [`Gathering::wait`].
    pub gather_seconds: Option<i64>,
}

impl Default for Policy {
    fn default() -> Self {
        let wave = |collectors, seconds| Wave { collectors, wait: Duration::from_secs(seconds) };
        Self {
            version: 0,
            waves: vec![wave(3, 120), wave(5, 180), wave(10, 300)],
            patience: Duration::from_secs(4 * 3_600),
            gathering: None,
            set: None,
        }
    }
}

impl Policy {
    /// The wave with this number, from 1.
    pub(super) fn wave(&self, number: u32) -> Wave {
        let place = usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX);
        let found = self.waves.get(place).or(self.waves.last());
        found.copied().unwrap_or(Wave {
            collectors: 1,
            wait: Duration::from_secs(DAY_SECONDS.unsigned_abs()),
        })
    }

    /// Whether a report that opened then has waited too long by now.
    pub(super) fn is_overdue(&self, opened_at: Timestamp, now: Timestamp) -> bool {
        opened_at.plus(self.patience) <= now
    }

    /// True when the draft asks for what is in force already.
    pub(super) fn says(&self, draft: &PolicyDraft) -> bool {
        self.draft() == *draft
    }

    /// The policy as staff would write it down.
    pub fn draft(&self) -> PolicyDraft {
        let seconds = |span: Duration| i64::try_from(span.as_secs()).unwrap_or(i64::MAX);
        let wave =
            |wave: &Wave| (i64::try_from(wave.collectors).unwrap_or(i64::MAX), seconds(wave.wait));
        PolicyDraft {
            waves: self.waves.iter().map(wave).collect(),
            patience_seconds: seconds(self.patience),
            gather_seconds: self.gathering.map(|gathering| seconds(gathering.wait)),
        }
    }
}

impl PolicyDraft {
    /// The policy, once every figure is acceptable; else everything that is not.
    pub fn parse(
        &self,
        version: i64,
        set: Option<(AccountId, Timestamp)>,
    ) -> Result<Policy, Vec<FieldProblem>> {
        let mut fields = Fields::default();
        if self.waves.is_empty() || self.waves.len() > MOST_WAVES {
            fields.refuse("/waves", "wave_count_out_of_range");
        }
        let mut waves = Vec::with_capacity(self.waves.len());
        for (place, &(collectors, wait)) in self.waves.iter().enumerate() {
            let pointer = |member| format!("/waves/{place}/{member}");
            let collectors = fields.check(pointer("collectors"), crowd(collectors));
            let wait =
                fields.check(pointer("wait_seconds"), span(wait, FEWEST_SECONDS..=DAY_SECONDS));
            waves.extend(collectors.zip(wait).map(|(collectors, wait)| Wave { collectors, wait }));
        }
        let patience = span(self.patience_seconds, 600..=3 * DAY_SECONDS);
        let patience = fields.check("/patience_seconds", patience);
        let gathering = self.gather_seconds.and_then(|seconds| {
            let wait = span(seconds, FEWEST_SECONDS..=3_600);
            fields.check("/assignment/gather_seconds", wait).map(|wait| Gathering { wait })
        });
        match patience {
            Some(patience) if fields.is_empty() => {
                Ok(Policy { version, waves, patience, gathering, set })
            }
            _ => Err(fields.into_problems()),
        }
    }
}

fn crowd(collectors: i64) -> Result<usize, Invalid> {
    let refused = Invalid("wave_size_out_of_range");
    let collectors = usize::try_from(collectors).map_err(|_negative| refused)?;
    if (1..=LARGEST_WAVE).contains(&collectors) { Ok(collectors) } else { Err(refused) }
}

fn span(seconds: i64, allowed: std::ops::RangeInclusive<i64>) -> Result<Duration, Invalid> {
    let found = u64::try_from(seconds).ok().filter(|_| allowed.contains(&seconds));
    found.map(Duration::from_secs).ok_or(Invalid("wait_out_of_range"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointers(draft: &PolicyDraft) -> Vec<String> {
        let problems = draft.parse(1, None).unwrap_err();
        problems.into_iter().map(|problem| problem.pointer).collect()
    }

    #[test]
    fn a_policy_reads_back_what_was_written() {
        let draft = PolicyDraft { gather_seconds: Some(60), ..Policy::default().draft() };
        let policy = draft.parse(7, None).unwrap();
        assert_eq!((policy.draft(), policy.version), (draft.clone(), 7));
        assert!(policy.says(&draft) && !policy.says(&Policy::default().draft()));
        assert_eq!(Policy::default().draft().parse(0, None), Ok(Policy::default()));
    }

    #[test]
    fn every_figure_has_its_limits() {
        let fit = Policy::default().draft();
        for waves in [vec![], vec![(1, 10); 11]] {
            assert_eq!(pointers(&PolicyDraft { waves, ..fit.clone() }), ["/waves"]);
        }
        for (collectors, wait, member) in [
            (0, 60, "collectors"),
            (101, 60, "collectors"),
            (1, 9, "wait_seconds"),
            (1, 86_401, "wait_seconds"),
            (-1, 60, "collectors"),
        ] {
            let draft = PolicyDraft { waves: vec![(1, 60), (collectors, wait)], ..fit.clone() };
            assert_eq!(pointers(&draft), [format!("/waves/1/{member}")]);
        }
        for patience_seconds in [599, 259_201, -1] {
            let draft = PolicyDraft { patience_seconds, ..fit.clone() };
            assert_eq!(pointers(&draft), ["/patience_seconds"]);
        }
        let draft = PolicyDraft { gather_seconds: Some(3_601), ..fit };
        assert_eq!(pointers(&draft), ["/assignment/gather_seconds"]);
    }

    #[test]
    fn the_last_wave_is_repeated() {
        let policy = Policy::default();
        let sizes: Vec<usize> = (1..=5).map(|number| policy.wave(number).collectors).collect();
        assert_eq!(sizes, [3, 5, 10, 10, 10]);
    }
}
