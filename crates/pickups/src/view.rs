mod lines;

use accounts::Contact;
use catalog::MaterialCode;
use primitives::{
    CollectorId, Grams, Location, Milliliters, PhoneNumber, PhotoId, PickupId, RegionCode,
    ReportId, Rupiah, Timestamp,
};
use reports::{Address, ItemView, PickupWindow, RawWindow, Report, Settlement};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use lines::{LineView, PriceView};

use crate::{
    Arrival, EndedBy, Ending, Evidence, Pickup, PickupState, PickupStateName, Side, TeraDate,
    Weighing,
};

/// A job as one of its two sides sees it; what the other side alone may see is absent.
#[derive(Serialize, ToSchema)]
pub struct PickupView {
    /// Identity.
    pub id: PickupId,
    /// What is fetched.
    pub report_id: ReportId,
    /// On which side of the job the caller stands: `household` or `collector`.
    #[schema(example = "household")]
    pub role: &'static str,
    /// Where it stands.
    pub state: PickupStateName,
    /// Who fetches.
    pub collector: CollectorCard,
    /// The code for the weigh-in; the household alone sees it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handover_code: Option<String>,
    /// Where the collector is; the household alone sees it, while he is on the way or at the door.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<PositionView>,
    /// The home; the collector alone sees it, until a day after the job ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub home: Option<HomeView>,
    /// What the household estimated.
    pub items: Vec<ItemView>,
    /// What of it stays with the household, because the collector does not buy it; absent when he takes everything.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_materials: Vec<MaterialCode>,
    /// The estimated weight of everything that he takes.
    pub total_estimated_grams: Grams,
    /// The estimated loose volume of everything that he takes.
    pub total_estimated_milliliters: Milliliters,
    /// When somebody is at home; empty means any time.
    pub pickup_windows: Vec<RawWindow>,
    /// When the collector promised to come, if he did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pickup_at: Option<Timestamp>,
    /// The collector's prices as they were at acceptance.
    pub prices: Vec<PriceView>,
    /// How the household wants to be paid.
    pub settlement: Settlement,
    /// How far from the home the collector was when he said that he had arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrival_distance_meters: Option<i64>,
    /// True when that was more than 500 m.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub far_from_home: Option<bool>,
    /// What the scale said; absent before the weigh-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lines: Option<Vec<LineView>>,
    /// The sum of the lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_rupiah: Option<Rupiah>,
    /// Which scale, if it has a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale_id: Option<String>,
    /// The last day on which its seal (tera) is valid, if the collector read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale_tera_until: Option<TeraDate>,
    /// What the collector photographed at the scale; `GET /v1/pickups/{id}/photos/{photo_id}` has the pictures, also
    /// those of the report and of a dispute.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub photo_ids: Vec<PhotoId>,
    /// What the household objects to, while staff have not decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dispute: Option<DisputeView>,
    /// How the job came to nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ending: Option<EndingView>,
    /// When the collector got the job.
    pub assigned_at: Timestamp,
    /// When he left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub departed_at: Option<Timestamp>,
    /// When he arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrived_at: Option<Timestamp>,
    /// When it was weighed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weighed_at: Option<Timestamp>,
    /// When the weigh-in was agreed upon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed_at: Option<Timestamp>,
    /// When the money was where it belongs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid_at: Option<Timestamp>,
    /// When it began; the same as `assigned_at`.
    pub created_at: Timestamp,
}

/// Who fetches, as he was known at acceptance.
#[derive(Serialize, ToSchema)]
pub struct CollectorCard {
    /// Identity.
    pub id: CollectorId,
    /// What households call him.
    pub name: String,
    /// What sort of buyer he is.
    #[schema(example = "pengepul")]
    pub kind: String,
}

/// Where a collector was last seen.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct PositionView {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// How sure his phone was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy_meters: Option<i32>,
    /// When, by his phone's clock.
    pub recorded_at: Timestamp,
}

/// Where to go and whom to call.
#[derive(Serialize, ToSchema)]
pub struct HomeView {
    /// The exact place.
    pub location: Location,
    /// The desa or kelurahan.
    pub desa_code: RegionCode,
    /// How to find the door.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// What the household wants the collector to know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What is offered, as the household photographed it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub photo_ids: Vec<PhotoId>,
    /// Whom to ask for; absent until the household has told its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full_name: Option<String>,
    /// Where to call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<PhoneNumber>,
}

/// What the household objects to.
#[derive(Serialize, ToSchema)]
pub struct DisputeView {
    /// In a few words.
    pub reason: String,
    /// The whole story.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What it looked like.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub photo_ids: Vec<PhotoId>,
    /// Since when.
    pub disputed_at: Timestamp,
}

/// How a job came to nothing.
#[derive(Serialize, ToSchema)]
pub struct EndingView {
    /// By whose hand.
    pub by: EndedBy,
    /// In his words.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// What the collector has no price for.
fn left_of(pickup: &Pickup, report: &Report) -> Vec<MaterialCode> {
    let has_price = |code: &MaterialCode| pickup.prices.iter().any(|it| it.material == *code);
    let materials = report.items.iter().map(|item| &item.material);
    materials.filter(|&code| !has_price(code)).cloned().collect()
}

impl PickupView {
    /// What both sides see.
    pub(crate) fn of(pickup: &Pickup, report: &Report, side: Side) -> Self {
        let (arrival, weighing) = (arrival_of(pickup), pickup.weighing());
        Self {
            id: pickup.id,
            report_id: pickup.report,
            role: side.as_str(),
            state: pickup.state.name(),
            collector: CollectorCard {
                id: pickup.collector.id,
                name: pickup.collector.name.clone(),
                kind: pickup.collector.kind.clone(),
            },
            handover_code: None,
            position: None,
            home: None,
            items: report.items.iter().map(ItemView::anonymous).collect(),
            left_materials: left_of(pickup, report),
            total_estimated_grams: pickup.estimated_grams,
            total_estimated_milliliters: pickup.estimated_milliliters,
            pickup_windows: report.windows.iter().map(PickupWindow::raw).collect(),
            pickup_at: pickup.pickup_at,
            prices: pickup.prices.iter().map(PriceView::from).collect(),
            settlement: pickup.settlement,
            arrival_distance_meters: None,
            far_from_home: None,
            lines: weighing.map(|weighing| weighing.lines.iter().map(LineView::from).collect()),
            amount_rupiah: weighing.map(|weighing| weighing.amount),
            scale_id: weighing.and_then(|weighing| weighing.scale.id.clone()),
            scale_tera_until: weighing.and_then(|weighing| weighing.scale.tera_until),
            photo_ids: Vec::new(),
            dispute: dispute_of(pickup),
            ending: ending_of(pickup),
            assigned_at: pickup.assigned_at,
            departed_at: departed_at(pickup),
            arrived_at: arrival.map(|arrival| arrival.at),
            weighed_at: weighing.map(|weighing| weighing.at),
            confirmed_at: confirmed_at(pickup),
            paid_at: pickup.state.ended_at().filter(|_| weighing.is_some()),
            created_at: pickup.assigned_at,
        }
    }

    /// Adds what was photographed at the scale and after it.
    pub(crate) fn with_photos(self, evidence: Evidence) -> Self {
        let Evidence { weighing, dispute: objection } = evidence;
        let dispute = self.dispute.map(|dispute| DisputeView { photo_ids: objection, ..dispute });
        Self { photo_ids: weighing, dispute, ..self }
    }

    /// Adds what the household alone sees.
    pub(crate) fn for_household(self, pickup: &Pickup, report: &Report) -> Self {
        Self { handover_code: Some(pickup.handover.code().to_owned()), ..self }
            .with_words(report)
            .with_distance(pickup)
    }

    /// Adds what the collector alone sees while he needs it.
    pub(crate) fn with_home(
        self,
        pickup: &Pickup,
        report: &Report,
        contact: Option<Contact>,
    ) -> Self {
        let (full_name, phone) =
            contact.map_or((None, None), |it| (it.full_name.map(String::from), Some(it.phone)));
        let home = HomeView {
            location: report.home.location(),
            desa_code: report.region.desa.clone(),
            address: Some(report.address.clone()).filter(|address| !address.is_empty()),
            note: report.note.clone(),
            photo_ids: report.photos.clone(),
            full_name,
            phone,
        };
        Self { home: Some(home), ..self }.with_words(report).with_distance(pickup)
    }

    /// The household's words about its items may describe the home.
    fn with_words(self, report: &Report) -> Self {
        Self { items: report.items.iter().map(ItemView::from).collect(), ..self }
    }

    fn with_distance(self, pickup: &Pickup) -> Self {
        let arrival = arrival_of(pickup);
        Self {
            arrival_distance_meters: arrival.map(|arrival| arrival.distance_meters),
            far_from_home: arrival.map(|arrival| arrival.is_far_from_home()),
            ..self
        }
    }
}

fn arrival_of(pickup: &Pickup) -> Option<&Arrival> {
    match &pickup.state {
        PickupState::Arrived(arrival) => Some(arrival),
        _ => pickup.weighing().map(|Weighing { arrival, .. }| arrival),
    }
}

fn departed_at(pickup: &Pickup) -> Option<Timestamp> {
    match &pickup.state {
        PickupState::EnRoute { departed_at } => Some(*departed_at),
        _ => arrival_of(pickup).map(|arrival| arrival.departed_at),
    }
}

const fn confirmed_at(pickup: &Pickup) -> Option<Timestamp> {
    match &pickup.state {
        PickupState::Confirmed { at, .. } | PickupState::Paid { confirmed_at: at, .. } => Some(*at),
        _ => None,
    }
}

pub(crate) fn dispute_of(pickup: &Pickup) -> Option<DisputeView> {
    let PickupState::Disputed { dispute, .. } = &pickup.state else { return None };
    Some(DisputeView {
        reason: dispute.reason.clone(),
        detail: dispute.detail.clone(),
        photo_ids: Vec::new(),
        disputed_at: dispute.at,
    })
}

fn ending_of(pickup: &Pickup) -> Option<EndingView> {
    match &pickup.state {
        PickupState::Released(Ending { at, by, reason })
        | PickupState::Cancelled(Ending { at, by, reason }) => {
            Some(EndingView { by: *by, reason: reason.clone(), at: *at })
        }
        _ => None,
    }
}
