use primitives::{AccountId, CollectorId, Grams, OfferId, RegionCode, ReportId};
use serde::{Deserialize, Serialize};

/// A household offered recyclables.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportOpened {
    /// The report.
    pub report: ReportId,
    /// Whose report.
    pub household: AccountId,
    /// The desa it belongs to.
    pub desa: RegionCode,
    /// What was estimated.
    pub items: Vec<EstimatedItem>,
    /// `instant` or `choose`.
    pub selection: String,
}

/// One material of a report, as estimated by the household.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EstimatedItem {
    /// Material code.
    pub material: String,
    /// The estimate turned into grams.
    pub estimated_grams: Grams,
}

/// A household changed an open report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportChanged {
    /// The report.
    pub report: ReportId,
    /// The version after the change.
    pub version: i64,
}

/// A collector released the job; the report is open again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportReopened {
    /// The report.
    pub report: ReportId,
    /// The desa it belongs to.
    pub desa: RegionCode,
}

/// The household (or the collector at the door) called it off.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportCancelled {
    /// The report.
    pub report: ReportId,
    /// The desa it belongs to.
    pub desa: RegionCode,
}

/// Nobody took it in time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportExpired {
    /// The report.
    pub report: ReportId,
    /// The desa it belongs to.
    pub desa: RegionCode,
}

/// Fetched, weighed and paid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportClosed {
    /// The report.
    pub report: ReportId,
    /// The desa it belongs to.
    pub desa: RegionCode,
}

/// A collector offered prices on a `choose` report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OfferMade {
    /// The offer.
    pub offer: OfferId,
    /// On which report.
    pub report: ReportId,
    /// By whom.
    pub collector: CollectorId,
}

/// An offer came to its end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OfferClosed {
    /// The offer.
    pub offer: OfferId,
    /// On which report.
    pub report: ReportId,
    /// `accepted`, `declined`, `withdrawn` or `expired`.
    pub outcome: String,
}
