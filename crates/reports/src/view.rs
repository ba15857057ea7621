use catalog::MaterialCode;
use primitives::{
    Grams, Invalid, Location, Milliliters, PhotoId, PickupId, Pieces, Quantity, RegionCode,
    ReportId, Timestamp,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Address, AreaView, Item, LocatedBy, MinimumShare, OpenReport, PickupWindow, RawWindow, Report,
    ReportState, ReportStateName, Selection, Settlement,
};

/// One estimated material; the estimate stands in the material's own unit.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ItemView {
    /// The material's code.
    pub material: MaterialCode,
    /// For materials that are weighed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimated_grams: Option<Grams>,
    /// For materials that are counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimated_pieces: Option<Pieces>,
    /// For materials that are measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimated_milliliters: Option<Milliliters>,
    /// The household's words; only for itself and for the collector who has accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl ItemView {
    /// The estimate without the household's words, which may describe the home.
    pub fn anonymous(item: &Item) -> Self {
        let (mut grams, mut pieces, mut milliliters) = (None, None, None);
        match item.quantity {
            Quantity::Grams(value) => grams = Some(value),
            Quantity::Pieces(value) => pieces = Some(value),
            Quantity::Milliliters(value) => milliliters = Some(value),
        }
        Self {
            material: item.material.clone(),
            estimated_grams: grams,
            estimated_pieces: pieces,
            estimated_milliliters: milliliters,
            note: None,
        }
    }
}

impl From<&Item> for ItemView {
    fn from(item: &Item) -> Self {
        Self { note: item.note.clone(), ..Self::anonymous(item) }
    }
}

/// A report as its household sees it.
#[derive(Serialize, ToSchema)]
pub struct ReportView {
    /// Identity.
    pub id: ReportId,
    /// Where it stands.
    pub state: ReportStateName,
    /// Since when it stands there.
    pub state_since: Timestamp,
    /// The job that fetches or fetched it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pickup_id: Option<PickupId>,
    /// Why it was called off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancel_reason: Option<String>,
    /// Where the recyclables are.
    pub location: Location,
    /// What collectors see instead, before one of them has accepted.
    pub area: AreaView,
    /// The desa it belongs to.
    pub desa_code: RegionCode,
    /// How the desa was found.
    pub located_by: LocatedBy,
    /// How far the desa's centre is, when it was merely the nearest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub located_distance_meters: Option<i64>,
    /// How to find the door.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// What is offered.
    pub items: Vec<ItemView>,
    /// What it looks like; `GET /v1/photos/{id}` has the pictures.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub photo_ids: Vec<PhotoId>,
    /// The estimated weight of everything.
    pub total_estimated_grams: Grams,
    /// The estimated loose volume of everything.
    pub total_estimated_milliliters: Milliliters,
    /// When somebody is at home; empty means any time.
    pub pickup_windows: Vec<RawWindow>,
    /// What the collector should know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// How the household wants to be paid.
    pub settlement: Settlement,
    /// How the collector is found.
    pub selection: Selection,
    /// How much of the estimated weight a collector must buy; below 100 he may leave some materials.
    pub minimum_share_percent: MinimumShare,
    /// When the household wrote it, by its phone.
    pub occurred_at: Timestamp,
    /// When it reached us.
    pub created_at: Timestamp,
    /// When it expires if nobody takes it; only while open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

impl ReportView {
    /// The whole report: for its household only.
    pub fn of(report: &Report) -> Result<Self, Invalid> {
        let cancel_reason = match &report.state {
            ReportState::Cancelled { reason, .. } => Some(reason.clone()),
            _ => None,
        };
        Ok(Self {
            id: report.id,
            state: report.state.name(),
            state_since: report.state.since(report.opened_at),
            pickup_id: report.state.pickup(),
            cancel_reason,
            location: report.home.location(),
            area: report.home.area().into(),
            desa_code: report.region.desa.clone(),
            located_by: report.region.by,
            located_distance_meters: report.region.distance_meters,
            address: Some(report.address.clone()).filter(|address| !address.is_empty()),
            items: report.items.iter().map(ItemView::from).collect(),
            photo_ids: report.photos.clone(),
            total_estimated_grams: report.estimated_grams()?,
            total_estimated_milliliters: report.estimated_milliliters()?,
            pickup_windows: report.windows.iter().map(PickupWindow::raw).collect(),
            note: report.note.clone(),
            settlement: report.settlement,
            selection: report.selection,
            minimum_share_percent: report.minimum_share,
            occurred_at: report.occurred_at,
            created_at: report.created_at,
            expires_at: Some(report.expires_at).filter(|_| report.state == ReportState::Open),
        })
    }
}

/// An open report as collectors see it: nothing here depends on where inside its cell the home lies.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct OpenReportView {
    /// Identity.
    pub id: ReportId,
    /// About where the home is.
    pub area: AreaView,
    /// The desa of the area's middle; absent where no desa is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub desa_code: Option<RegionCode>,
    /// What is offered.
    pub items: Vec<ItemView>,
    /// The estimated weight of everything.
    pub total_estimated_grams: Grams,
    /// The estimated loose volume of everything.
    pub total_estimated_milliliters: Milliliters,
    /// When somebody is at home; empty means any time.
    pub pickup_windows: Vec<RawWindow>,
    /// How the household wants to be paid.
    pub settlement: Settlement,
    /// How the collector is found.
    pub selection: Selection,
    /// How much of the estimated weight a collector must buy; below 100 he may leave some materials.
    pub minimum_share_percent: MinimumShare,
    /// When it reached us.
    pub created_at: Timestamp,
    /// When it expires if nobody takes it.
    pub expires_at: Timestamp,
}

impl From<&OpenReport> for OpenReportView {
    fn from(report: &OpenReport) -> Self {
        Self {
            id: report.id,
            area: report.area.into(),
            desa_code: report.desa.clone(),
            items: report.items.iter().map(ItemView::anonymous).collect(),
            total_estimated_grams: report.estimated_grams,
            total_estimated_milliliters: report.estimated_milliliters,
            pickup_windows: report.windows.iter().map(PickupWindow::raw).collect(),
            settlement: report.settlement,
            selection: report.selection,
            minimum_share_percent: report.minimum_share,
            created_at: report.created_at,
            expires_at: report.expires_at,
        }
    }
}
