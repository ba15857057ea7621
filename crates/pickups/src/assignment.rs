use std::time::Duration;

use event_log::Actor;
use primitives::{AccountId, CollectorId, Coordinates, ReportId, Timestamp};
use reports::Report;

use crate::FrozenPrice;

/// How long after the awaited time a collector may still depart.
const PATIENCE: Duration = Duration::from_secs(24 * 60 * 60);

/// A collector gets a report: what the matcher knows at that moment.
#[derive(Debug, Clone)]
pub struct Assignment {
    /// Whose hand it was: the collector's who accepted, or the household's who picked an offer.
    pub actor: Actor,
    /// What is to be fetched.
    pub report: ReportId,
    /// When given, the report must still be what the collector read.
    pub report_version: Option<i64>,
    /// Who fetches.
    pub collector: CollectorId,
    /// Who runs it.
    pub collector_account: AccountId,
    /// His kind, as it is today.
    pub collector_kind: String,
    /// What households call him.
    pub collector_name: String,
    /// Where his trip begins.
    pub collector_base: Coordinates,
    /// His whole price list, with the offered prices in the place of the listed ones.
    pub prices: Vec<FrozenPrice>,
    /// When he promised to come, if he did.
    pub pickup_at: Option<Timestamp>,
    /// The ranking snapshot and rank, when the matcher knew them.
    pub ranking: Option<String>,
}

impl Assignment {
    /// Not departed by then is a no-show: a day after he promised to come, or after the last time somebody is at home.
    pub(crate) fn due_at(&self, report: &Report, assigned_at: Timestamp) -> Timestamp {
        let awaited = self.pickup_at.or(report.last_window_ends());
        awaited.map_or(assigned_at, |awaited| awaited.max(assigned_at)).plus(PATIENCE)
    }
}
