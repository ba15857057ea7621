use std::collections::{BTreeMap, HashMap, HashSet};

use primitives::{CollectorId, RegionCode, ReportId, Timestamp};

use super::{Policy, policy::LARGEST_WAVE};

/// A report that waits for a collector, and whom it has been announced to.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting<'a> {
    /// Which report.
    pub report: ReportId,
    /// The kabupaten in which it waits, where that is known.
    pub kabupaten: Option<RegionCode>,
    /// Since when it waits.
    pub opened_at: Timestamp,
    /// How it is to be announced.
    pub policy: &'a Policy,
    /// How many waves there were, and when the last one was.
    pub last_wave: Option<(u32, Timestamp)>,
    /// Who was told of it, and when.
    pub asked: BTreeMap<CollectorId, Timestamp>,
}

/// By what the collectors of a wave were chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChosenBy {
    /// They are the best of those who had not been asked.
    Ranking,
    /// The reports of the area were matched together, and this one fell to him.
    Assignment,
}

/// A wave that is due.
#[derive(Debug, Clone, PartialEq)]
pub struct Announcement {
    /// Of which report.
    pub report: ReportId,
    /// Its number, from 1.
    pub wave: u32,
    /// Who is told, best first; never empty.
    pub collectors: Vec<CollectorId>,
    /// Why they.
    pub chosen_by: ChosenBy,
}

impl ChosenBy {
    /// The word in events.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ranking => "ranking",
            Self::Assignment => "assignment",
        }
    }
}

impl Waiting<'_> {
    /// Whether it has waited longer than the policy has patience.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.policy.is_overdue(self.opened_at, now)
    }

    /// Whether the next wave may go out. A wave for which nobody is found is not counted: it stays due.
    pub fn is_due(&self, now: Timestamp) -> bool {
        let waited = |(number, at): (u32, Timestamp)| at.plus(self.policy.wave(number).wait) <= now;
        self.is_overdue(now) || self.last_wave.is_none_or(waited)
    }

    /// The number of the next wave, and how many it reaches.
    fn next_wave(&self, now: Timestamp) -> (u32, usize) {
        let number = self.last_wave.map_or(1, |(number, _)| number.saturating_add(1));
        let size = self.policy.wave(number).collectors;
        (number, if self.is_overdue(now) { LARGEST_WAVE } else { size })
    }

    /// Who is told of nothing younger: all who know of it, unless they have let it lie for too long.
    fn held(&self, now: Timestamp) -> impl Iterator<Item = CollectorId> {
        let patience = self.policy.patience;
        let overdue_at = self.opened_at.plus(patience);
        let holds = move |asked_at: Timestamp| asked_at.max(overdue_at).plus(patience) > now;
        let asked = self.asked.iter().filter(move |(_, asked_at)| holds(**asked_at));
        asked.map(|(&collector, _)| collector)
    }
}

/// The waves that are due, oldest report first.
///
/// `firsts` says to whom a report fell when the reports of its area were matched together; `rank` gives the best so many
/// of all who are eligible for a report.
pub fn plan(
    waiting: &[Waiting<'_>],
    firsts: &HashMap<ReportId, CollectorId>,
    now: Timestamp,
    rank: impl Fn(ReportId, usize) -> Vec<CollectorId>,
) -> Vec<Announcement> {
    let mut in_turn: Vec<&Waiting<'_>> = waiting.iter().collect();
    in_turn.sort_unstable_by_key(|waiting| (waiting.opened_at, waiting.report));
    let mut look = Look { firsts, now, rank, held: HashSet::new() };
    in_turn.into_iter().filter_map(|waiting| look.at(waiting)).collect()
}

/// One look at everything that waits.
struct Look<'a, R> {
    firsts: &'a HashMap<ReportId, CollectorId>,
    now: Timestamp,
    rank: R,
    /// Who knows of something overdue.
    held: HashSet<CollectorId>,
}

impl<R: Fn(ReportId, usize) -> Vec<CollectorId>> Look<'_, R> {
    /// The next wave of a report, if it is due and there is somebody to tell.
    fn at(&mut self, waiting: &Waiting<'_>) -> Option<Announcement> {
        let due = waiting.is_due(self.now).then(|| self.next_wave(waiting));
        let announcement = due.filter(|announcement| !announcement.collectors.is_empty());
        if waiting.is_overdue(self.now) {
            self.held.extend(waiting.held(self.now));
            self.held.extend(announcement.iter().flat_map(|it| it.collectors.iter().copied()));
        }
        announcement
    }

    fn next_wave(&self, waiting: &Waiting<'_>) -> Announcement {
        let (wave, size) = waiting.next_wave(self.now);
        let first = self.firsts.get(&waiting.report).copied().filter(|_| wave == 1);
        let (collectors, chosen_by) = match first.filter(|first| self.may_be_told(waiting, *first))
        {
            Some(first) => (vec![first], ChosenBy::Assignment),
            None => (self.best(waiting, size), ChosenBy::Ranking),
        };
        Announcement { report: waiting.report, wave, collectors, chosen_by }
    }

    fn may_be_told(&self, waiting: &Waiting<'_>, collector: CollectorId) -> bool {
        !self.held.contains(&collector) && !waiting.asked.contains_key(&collector)
    }

    /// The best so many who may be told: ranks as many as are needed, and more while too many of them may not.
    fn best(&self, waiting: &Waiting<'_>, wanted: usize) -> Vec<CollectorId> {
        let mut most = wanted.saturating_add(waiting.asked.len());
        loop {
            let ranked = (self.rank)(waiting.report, most);
            let everybody = ranked.len() < most;
            let told = ranked.into_iter().filter(|&collector| self.may_be_told(waiting, collector));
            let found: Vec<CollectorId> = told.take(wanted).collect();
            if everybody || found.len() == wanted {
                return found;
            }
            most = most.saturating_mul(2);
        }
    }
}
