use primitives::{AccountId, Grams, Invalid, Milliliters, RegionCode, ReportId, Timestamp};

use crate::{Area, Item, MinimumShare, PickupWindow, Report, Selection, Settlement};

/// What may be known of a waiting report outside of its household: the matcher's index and the feeds are made of
/// these, so that nothing they say can depend on where inside its cell the home lies.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenReport {
    /// Identity.
    pub id: ReportId,
    /// Whose report; nobody fetches from himself.
    pub household: AccountId,
    /// The cell; distances are measured from its middle.
    pub area: Area,
    /// The desa of the cell's middle.
    pub desa: Option<RegionCode>,
    /// What is offered, without the household's words.
    pub items: Vec<Item>,
    /// The estimated weight of everything.
    pub estimated_grams: Grams,
    /// The estimated loose volume of everything.
    pub estimated_milliliters: Milliliters,
    /// When somebody is at home; empty means any time.
    pub windows: Vec<PickupWindow>,
    /// How the household wants to be paid.
    pub settlement: Settlement,
    /// How the collector is found.
    pub selection: Selection,
    /// How much of it he must buy.
    pub minimum_share: MinimumShare,
    /// Counts every change; a claim may insist on it.
    pub version: i64,
    /// When it reached us.
    pub created_at: Timestamp,
    /// When it (last) became open.
    pub opened_at: Timestamp,
    /// When it expires if nobody takes it.
    pub expires_at: Timestamp,
}

impl OpenReport {
    pub(crate) fn of(report: &Report, desa: Option<RegionCode>) -> Result<Self, Invalid> {
        let wordless = |item: &Item| Item { note: None, ..item.clone() };
        Ok(Self {
            id: report.id,
            household: report.household,
            area: report.home.area(),
            desa,
            items: report.items.iter().map(wordless).collect(),
            estimated_grams: report.estimated_grams()?,
            estimated_milliliters: report.estimated_milliliters()?,
            windows: report.windows.clone(),
            settlement: report.settlement,
            selection: report.selection,
            minimum_share: report.minimum_share,
            version: report.version,
            created_at: report.created_at,
            opened_at: report.opened_at,
            expires_at: report.expires_at,
        })
    }
}
