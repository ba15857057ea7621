use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
    time::Duration,
};

use collectors::{Collectors, Profile};
use database::Connection;
use event_log::{Event, Fact};
use pickups::Pickups;
use primitives::{CollectorId, ReportId, Timestamp};
use reports::{OpenReport, Reports};

use crate::{
    MatchingError,
    ranking::Load,
    weights::{self, WeightTable},
};

/// How many events are read at once.
const BATCH: i64 = 1_000;
/// Wins older than this are no longer held against anybody.
const RECENT: Duration = Duration::from_secs(24 * 60 * 60);

/// What became of a job is counted by another reader of the log, maybe later than we read: then we look once more.
const COUNTED_BY_THEN: Duration = Duration::from_secs(2);

/// Where the book is copied from.
pub(crate) struct Sources {
    pub(crate) reports: Reports,
    pub(crate) collectors: Collectors,
    pub(crate) pickups: Pickups,
}

/// What the index is built from: a copy of the database that follows the event log.
///
/// An event only says who changed; the present state is read from the database. So a late event does no harm, and the
/// same event twice is the same as once.
#[derive(Default)]
pub(crate) struct Book {
    read_to: i64,
    prices_known_until: Option<Timestamp>,
    pub(crate) collectors: BTreeMap<CollectorId, Arc<Known>>,
    /// Copied when it changes while a snapshot still shows it as it was.
    pub(crate) open: Arc<BTreeMap<ReportId, OpenReport>>,
    pub(crate) weights: WeightTable,
    wins: HashMap<CollectorId, Vec<Timestamp>>,
    wins_known_until: Option<Timestamp>,
    look_again: Vec<(Timestamp, CollectorId)>,
}

/// A verified collector and what he has to carry.
pub(crate) struct Known {
    pub(crate) profile: Profile,
    pub(crate) carried: Load,
}

/// Whom a batch of events was about.
#[derive(Default)]
struct Changed {
    collectors: BTreeSet<CollectorId>,
    reports: BTreeSet<ReportId>,
    weights: bool,
}

impl Book {
    /// Reads everything anew.
    pub(crate) fn read_in(
        conn: &mut Connection,
        from: &Sources,
        now: Timestamp,
    ) -> Result<Self, MatchingError> {
        // The log's end first: what happens in between is then read once more, which does no harm.
        let read_to = event_log::last_seq(conn)?;
        let mut loads = from.pickups.open_loads_in(conn)?;
        let profiles = from.collectors.profiles_in(conn)?;
        let open = from.reports.open_reports_in(conn)?;
        let known = |profile: Profile| {
            let carried = loads.remove(&profile.id).map(load_of).unwrap_or_default();
            (profile.id, Arc::new(Known { profile, carried }))
        };
        let mut wins: HashMap<CollectorId, Vec<Timestamp>> = HashMap::new();
        for (collector, at) in from.pickups.assigned_since_in(conn, now.minus(RECENT))? {
            wins.entry(collector).or_default().push(at);
        }
        Ok(Self {
            read_to,
            prices_known_until: Some(now),
            collectors: profiles.into_iter().map(known).collect(),
            open: Arc::new(open.into_iter().map(|report| (report.id, report)).collect()),
            weights: WeightTable::of(weights::all_in(conn)?),
            wins,
            wins_known_until: Some(now),
            look_again: Vec::new(),
        })
    }

    /// Reads what has happened since; says whether anything has.
    pub(crate) fn catch_up_in(
        &mut self,
        conn: &mut Connection,
        from: &Sources,
        now: Timestamp,
    ) -> Result<bool, MatchingError> {
        let mut anything = self.reread_by_clock(conn, from, now)?;
        loop {
            let events = event_log::events_after(conn, self.read_to, BATCH)?;
            let Some(last) = events.last() else { return Ok(anything) };
            let mut changed = Changed::default();
            for event in &events {
                changed.note(event);
                self.note_win(event);
                let ended = ended_by(&event.fact).map(|it| (now.plus(COUNTED_BY_THEN), it));
                self.look_again.extend(ended);
            }
            anything |= changed.anything();
            self.reread(conn, from, &changed)?;
            self.read_to = last.seq;
        }
    }

    /// How far in the log the book is.
    pub(crate) const fn read_to(&self) -> i64 {
        self.read_to
    }

    /// How many jobs the collector won lately.
    pub(crate) fn recent_wins(&self, collector: CollectorId, now: Timestamp) -> u32 {
        let since = now.minus(RECENT);
        let wins = self.wins.get(&collector);
        let count = wins.map_or(0, |wins| wins.iter().filter(|&&at| at > since).count());
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    fn note_win(&mut self, event: &Event) {
        let is_new = self.wins_known_until.is_none_or(|known| event.created_at > known);
        if let Fact::PickupAssigned(fact) = &event.fact
            && is_new
        {
            let wins = self.wins.entry(fact.collector).or_default();
            wins.retain(|&at| at > event.created_at.minus(RECENT));
            wins.push(event.created_at);
        }
    }

    /// A price list that was announced comes into force by the clock alone, and a record is counted a little later.
    fn reread_by_clock(
        &mut self,
        conn: &mut Connection,
        from: &Sources,
        now: Timestamp,
    ) -> Result<bool, MatchingError> {
        let known_until = self.prices_known_until.unwrap_or(now);
        let turned = from.collectors.prices_turned_in(conn, known_until, now)?;
        let mut changed =
            Changed { collectors: turned.into_iter().collect(), ..Changed::default() };
        self.look_again.retain(|&(at, collector)| {
            let waits = at > now;
            if !waits {
                changed.collectors.insert(collector);
            }
            waits
        });
        self.reread(conn, from, &changed)?;
        self.prices_known_until = Some(now);
        Ok(!changed.collectors.is_empty())
    }

    fn reread(
        &mut self,
        conn: &mut Connection,
        from: &Sources,
        changed: &Changed,
    ) -> Result<(), MatchingError> {
        for &id in &changed.collectors {
            if let Some(profile) = from.collectors.profile_in(conn, id)? {
                let carried = load_of(from.pickups.open_load_in(conn, id)?);
                self.collectors.insert(id, Arc::new(Known { profile, carried }));
            } else {
                self.collectors.remove(&id);
            }
        }
        for &id in &changed.reports {
            let open = Arc::make_mut(&mut self.open);
            if let Some(report) = from.reports.find_open_in(conn, id)? {
                open.insert(id, report);
            } else {
                open.remove(&id);
            }
        }
        if changed.weights {
            self.weights = WeightTable::of(weights::all_in(conn)?);
        }
        Ok(())
    }
}

impl Changed {
    fn anything(&self) -> bool {
        self.weights || !self.collectors.is_empty() || !self.reports.is_empty()
    }

    fn note(&mut self, event: &Event) {
        self.weights |= matches!(event.fact, Fact::WeightsChanged(_));
        let (collector, report) = match &event.fact {
            Fact::CollectorRegistered(fact) => (Some(fact.collector), None),
            Fact::CollectorChanged(fact) => (Some(fact.collector), None),
            Fact::CollectorVerified(fact) => (Some(fact.collector), None),
            Fact::CollectorSuspended(fact) => (Some(fact.collector), None),
            Fact::PricesPublished(fact) => (Some(fact.collector), None),
            Fact::AvailabilityChanged(fact) => (Some(fact.collector), None),
            Fact::PickupAssigned(fact) => (Some(fact.collector), Some(fact.report)),
            Fact::PickupReleased(fact) => (Some(fact.collector), Some(fact.report)),
            Fact::PickupCancelled(fact) => (Some(fact.collector), Some(fact.report)),
            Fact::PickupPaid(fact) => (Some(fact.collector), None),
            Fact::PickupRated(fact) => (Some(fact.collector), None),
            Fact::ReportOpened(fact) => (None, Some(fact.report)),
            Fact::ReportChanged(fact) => (None, Some(fact.report)),
            Fact::ReportReopened(fact) => (None, Some(fact.report)),
            Fact::ReportCancelled(fact) => (None, Some(fact.report)),
            Fact::ReportExpired(fact) => (None, Some(fact.report)),
            _ => (None, None),
        };
        self.collectors.extend(collector);
        self.reports.extend(report);
    }
}

/// Whose record the end of a job, or its stars, will change.
fn ended_by(fact: &Fact) -> Option<CollectorId> {
    match fact {
        Fact::PickupPaid(fact) => Some(fact.collector),
        Fact::PickupReleased(fact) => Some(fact.collector),
        Fact::PickupRated(fact) => Some(fact.collector),
        _ => None,
    }
}

fn load_of(load: pickups::Load) -> Load {
    Load { grams: load.grams, milliliters: load.milliliters }
}
