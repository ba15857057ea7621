use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use primitives::ReportId;
use reports::{OpenReport, Report};

/// Whole reports of households that have asked for candidates: the index knows areas only, and they ask from the door.
#[derive(Default)]
pub(crate) struct Doors(Mutex<HashMap<ReportId, Arc<Report>>>);

impl Doors {
    /// The report as the household knows it, if that is the version on the board.
    pub(crate) fn of(&self, open: &OpenReport) -> Option<Arc<Report>> {
        let report = self.all().get(&open.id).cloned();
        report.filter(|report| report.version == open.version)
    }

    /// Remembers a report that was read.
    pub(crate) fn note(&self, report: Report) {
        self.all().insert(report.id, Arc::new(report));
    }

    /// Forgets the reports that are no longer open.
    pub(crate) fn keep(&self, is_open: impl Fn(&ReportId) -> bool) {
        self.all().retain(|report, _| is_open(report));
    }

    fn all(&self) -> MutexGuard<'_, HashMap<ReportId, Arc<Report>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
