use primitives::{
    AccountId, CollectorId, Grams, PickupId, RegionCode, ReportId, Rupiah, UnitPrice,
};
use serde::{Deserialize, Serialize};

/// A collector got the job; prices are frozen from here on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PickupAssigned {
    /// The job.
    pub pickup: PickupId,
    /// For which report.
    pub report: ReportId,
    /// Who fetches.
    pub collector: CollectorId,
    /// His kind, as it was on that day.
    pub collector_kind: String,
    /// The report's desa.
    pub desa: RegionCode,
    /// Seconds from the (last) opening of the report to this acceptance.
    pub seconds_to_acceptance: i64,
    /// The estimated weight, which his vehicle must carry.
    pub estimated_grams: Grams,
    /// The estimated loose volume in milliliters, which his vehicle must hold.
    pub estimated_milliliters: i64,
    /// The ranking snapshot and rank at acceptance, when the matcher knew them.
    pub ranking: Option<String>,
}

/// The collector departed or arrived.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PickupProgressed {
    /// The job.
    pub pickup: PickupId,
    /// `en_route` or `arrived`.
    pub state: String,
    /// For arrivals: the collector's claimed place is this far from the home, in meters.
    pub distance_meters: Option<i64>,
}

/// The collector weighed in with the household's handover code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PickupWeighed {
    /// The job.
    pub pickup: PickupId,
    /// What the scale said, at the frozen prices.
    pub lines: Vec<WeighedLine>,
    /// The sum of the lines.
    pub amount_rupiah: Rupiah,
}

/// One material on the scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WeighedLine {
    /// Material code.
    pub material: String,
    /// Grams, pieces or milliliters, by the material's unit.
    pub quantity: i64,
    /// The quantity turned into grams.
    pub grams: Grams,
    /// The frozen price per kilogram, piece or liter.
    pub price_rupiah: UnitPrice,
    /// Quantity times price, rounded once.
    pub amount_rupiah: Rupiah,
}

/// The household agreed with the weigh-in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PickupConfirmed {
    /// The job.
    pub pickup: PickupId,
}

/// The household disagreed with the weigh-in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PickupDisputed {
    /// The job.
    pub pickup: PickupId,
}

/// The collector gave the job back, or never came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PickupReleased {
    /// The job.
    pub pickup: PickupId,
    /// For which report.
    pub report: ReportId,
    /// Who gave it back.
    pub collector: CollectorId,
    /// The report's desa.
    pub desa: RegionCode,
}

/// One of the two called the job off.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PickupCancelled {
    /// The job.
    pub pickup: PickupId,
    /// For which report.
    pub report: ReportId,
    /// Who would have fetched.
    pub collector: CollectorId,
    /// The report's desa.
    pub desa: RegionCode,
}

/// The money is where it belongs; the job is done. Everything statistics need stands here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PickupPaid {
    /// The job.
    pub pickup: PickupId,
    /// For which report.
    pub report: ReportId,
    /// Who sold.
    pub household: AccountId,
    /// Who bought.
    pub collector: CollectorId,
    /// His kind, as it was at acceptance.
    pub collector_kind: String,
    /// The report's desa.
    pub desa: RegionCode,
    /// What was sold.
    pub lines: Vec<WeighedLine>,
    /// The sum of the lines.
    pub amount_rupiah: Rupiah,
    /// Seconds from the opening of the report to the weigh-in at the door.
    pub seconds_to_pickup: i64,
    /// How far the collector drove there as the crow flies, in meters, from his base.
    pub distance_meters: i64,
}

/// One party rated the other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PickupRated {
    /// The job.
    pub pickup: PickupId,
    /// Who fetched.
    pub collector: CollectorId,
    /// `household` or `collector`: who gave the stars.
    pub by: String,
    /// 1 – 5.
    pub stars: i64,
}
