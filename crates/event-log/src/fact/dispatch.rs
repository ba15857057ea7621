use primitives::{CollectorId, RegionCode, ReportId};
use serde::{Deserialize, Serialize};

/// A waiting report was announced to some collectors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportAnnounced {
    /// The report.
    pub report: ReportId,
    /// Counts its announcements from 1.
    pub wave: i64,
    /// Whom it was announced to, best first; nobody is told twice of one report.
    pub collectors: Vec<CollectorId>,
    /// `ranking` when the best were asked, `assignment` when the reports of an area were matched together.
    pub chosen_by: String,
    /// Which snapshot of the index, and which weights, they were chosen by.
    pub ranking: String,
}

/// Staff changed how the reports of a kabupaten are announced.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DispatchPolicyChanged {
    /// The kabupaten.
    pub region: RegionCode,
    /// The version after the change; the rows of all versions are kept.
    pub version: i64,
}
