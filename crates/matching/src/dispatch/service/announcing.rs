use std::collections::{BTreeMap, HashMap};

use database::{Connection, DatabaseError};
use diesel::Connection as _;
use event_log::{Actor, Entry, Fact, ReportAnnounced};
use primitives::{CollectorId, RegionCode, ReportId, Timestamp};
use reports::OpenReport;

use crate::{
    Matcher, MatchingError,
    dispatch::{
        Announcement, Policy, Waiting,
        pairing::{Candidate, gathered, pair},
        plan::plan,
        store::{self, Heard},
    },
    ranking::{Judge, PerPart, Weights},
    snapshot::Snapshot,
};

/// How many of the nearest a report is matched among.
const MOST_NEAREST: usize = 32;
/// By the way to the door alone.
const NEAREST: Weights = Weights {
    version: "nearest-1",
    percent: PerPart {
        travel_time: 100,
        payout: 0,
        reliability: 0,
        rating: 0,
        spare_capacity: 0,
        window_fit: 0,
        fairness: 0,
        ageing: 0,
    },
};

/// Waves that are due, planned on one snapshot of the index.
#[derive(Debug, Clone, Default)]
pub struct Round {
    /// In the order of reports, so that two processes meet rather than cross; each with its weights and the snapshot.
    announcements: Vec<(Announcement, String)>,
}

impl Round {
    /// Whether nobody is to be told of anything.
    pub fn is_empty(&self) -> bool {
        self.announcements.is_empty()
    }
}

impl Matcher {
    /// Works out whom to tell of what now. Writes nothing: that is `announce_in`'s, in a short unit of work of its own.
    pub fn plan_announcements_in(&self, conn: &mut Connection) -> Result<Round, MatchingError> {
        let (snapshot, now) = (self.snapshot(), self.ambient().now());
        let policies = Policies { own: store::policies(conn)?, default: Policy::default() };
        let open: HashMap<ReportId, &OpenReport> = snapshot
            .open_reports()
            .filter(|report| report.expires_at > now)
            .map(|report| (report.id, report))
            .collect();
        let waiting = waiting_in(conn, &open, &policies, now)?;
        let (waiting, batches) = gathered(waiting, now);
        let mut firsts = HashMap::new();
        for batch in batches {
            let candidates: Vec<Candidate> = batch
                .iter()
                .filter_map(|report| Some(snapshot.candidate(open.get(report)?, now)))
                .collect();
            firsts.extend(pair(&candidates, |collector| snapshot.free_of(collector)));
        }
        let mut planned = plan(&waiting, &firsts, now, |report, most| {
            open.get(&report).map(|open| snapshot.best_for(open, now, most)).unwrap_or_default()
        });
        planned.sort_unstable_by_key(|announcement| announcement.report);
        let named = |wave: Announcement| {
            let weights = open.get(&wave.report).map(|open| snapshot.weights_for(open).0);
            (wave, format!("{}/{}", weights.unwrap_or_default(), snapshot.id()))
        };
        Ok(Round { announcements: planned.into_iter().map(named).collect() })
    }

    /// Tells them, each wave once: what is no longer open, or what another process has announced, is left out. Says how
    /// many waves went out.
    pub fn announce_in(
        &self,
        conn: &mut Connection,
        round: &Round,
    ) -> Result<usize, MatchingError> {
        let mut told = 0;
        for (wave, ranking) in &round.announcements {
            let Some(report) = self.sources().reports.find_open_in(conn, wave.report)? else {
                continue;
            };
            let now = self.ambient().now();
            match conn.transaction(|conn| store::record(conn, wave, now)) {
                Ok(()) => {}
                Err(error) if is_told_already(&error) => continue,
                Err(error) => return Err(error.into()),
            }
            self.append_announced(conn, wave, ranking, report.desa)?;
            told += 1;
        }
        Ok(told)
    }

    /// When a collector was told of each of these reports.
    pub(crate) fn announced_at_in(
        &self,
        conn: &mut Connection,
        collector: CollectorId,
        reports: &[ReportId],
    ) -> Result<HashMap<ReportId, Timestamp>, MatchingError> {
        Ok(store::announced_at(conn, collector, reports)?)
    }

    fn append_announced(
        &self,
        conn: &mut Connection,
        wave: &Announcement,
        ranking: &str,
        region: Option<RegionCode>,
    ) -> Result<(), DatabaseError> {
        let fact = Fact::ReportAnnounced(ReportAnnounced {
            report: wave.report,
            wave: i64::from(wave.wave),
            collectors: wave.collectors.clone(),
            chosen_by: wave.chosen_by.as_str().to_owned(),
            ranking: ranking.to_owned(),
        });
        let (actor, occurred_at) = (Actor::Worker("dispatch"), self.ambient().now());
        event_log::append_in(conn, self.ambient(), Entry { actor, region, occurred_at, fact })?;
        Ok(())
    }
}

/// The policies of all kabupaten.
struct Policies {
    own: BTreeMap<RegionCode, Policy>,
    default: Policy,
}

impl Policies {
    fn of(&self, kabupaten: Option<&RegionCode>) -> &Policy {
        kabupaten.and_then(|code| self.own.get(code)).unwrap_or(&self.default)
    }
}

/// What waits for its next wave, or keeps younger reports waiting, with everybody who was told of it.
fn waiting_in<'a>(
    conn: &mut Connection,
    open: &HashMap<ReportId, &OpenReport>,
    policies: &'a Policies,
    now: Timestamp,
) -> Result<Vec<Waiting<'a>>, DatabaseError> {
    let ids: Vec<ReportId> = open.keys().copied().collect();
    let waves = store::waves_of(conn, &ids)?;
    let mut waiting: Vec<Waiting<'a>> = open
        .values()
        .map(|report| {
            let kabupaten = report.desa.as_ref().and_then(kabupaten_of);
            Waiting {
                report: report.id,
                opened_at: report.opened_at,
                policy: policies.of(kabupaten.as_ref()),
                kabupaten,
                last_wave: waves.get(&report.id).copied(),
                asked: Heard::new(),
            }
        })
        .filter(|waiting| waiting.is_due(now))
        .collect();
    let ids: Vec<ReportId> = waiting.iter().map(|waiting| waiting.report).collect();
    let mut heard = store::heard_of(conn, &ids)?;
    for waiting in &mut waiting {
        waiting.asked = heard.remove(&waiting.report).unwrap_or_default();
    }
    Ok(waiting)
}

impl Snapshot {
    /// Who is the best for a report, by the weights of its kabupaten.
    fn best_for(&self, report: &OpenReport, now: Timestamp, most: usize) -> Vec<CollectorId> {
        let (_, weights) = self.weights_for(report);
        let ranked = self.rank_from_area(report, &Judge { weights: &weights, now }, most);
        ranked.iter().map(|appraisal| appraisal.collector).collect()
    }

    /// A report with the nearest who are eligible for it.
    fn candidate(&self, report: &OpenReport, now: Timestamp) -> Candidate {
        let judge = Judge { weights: &NEAREST, now };
        let ranked = self.rank_from_area(report, &judge, MOST_NEAREST);
        let nearest = ranked.iter().map(|it| (it.collector, it.distance_meters)).collect();
        Candidate { report: report.id, load: self.load_of(report), nearest }
    }
}

fn kabupaten_of(desa: &RegionCode) -> Option<RegionCode> {
    desa.parent()?.parent()
}

fn is_told_already(error: &DatabaseError) -> bool {
    error.violates("announcement_report_id_wave_key")
        || error.violates("announced_collector_report_id_collector_id_key")
}
