use catalog::MaterialCode;
use collectors::CollectorKind;
use ledger::{Balance, Label};
use primitives::{CollectorId, DeliveryId, Grams, JournalId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Delivery, DeliveryState, DeliveryStateName, Difference, Reason, Role, ScaleName};

/// A delivery as both of its sides see it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DeliveryView {
    /// Identity.
    pub id: DeliveryId,
    /// On which side the caller stands.
    pub role: Role,
    /// Who brings it.
    pub collector_id: CollectorId,
    /// Who is to receive it.
    pub facility_id: CollectorId,
    /// Where it stands.
    pub state: DeliveryStateName,
    /// What is brought, material by material.
    pub lines: Vec<LoadView>,
    /// When it was announced.
    pub announced_at: Timestamp,
    /// When it ends if nobody receives it.
    pub expires_at: Timestamp,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// Why the facility did not take it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// Which scale of the facility weighed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale_id: Option<ScaleName>,
    /// The ledger's journal, once it is received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub journal_id: Option<JournalId>,
}

/// One material of a delivery.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LoadView {
    /// Which kind.
    pub material: MaterialCode,
    /// What was announced.
    pub grams: Grams,
    /// What the facility's scale said; absent until it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received_grams: Option<Grams>,
    /// What did not arrive; negative when more arrived than was announced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difference_grams: Option<i64>,
}

impl DeliveryView {
    /// The delivery as that side sees it.
    pub fn of(delivery: &Delivery, role: Role) -> Self {
        let (reason, receipt) = match &delivery.state {
            DeliveryState::Refused { reason, .. } => (Some(reason.clone()), None),
            DeliveryState::Received(receipt) => (None, Some(receipt)),
            DeliveryState::Announced
            | DeliveryState::Withdrawn { .. }
            | DeliveryState::Expired { .. } => (None, None),
        };
        Self {
            id: delivery.id,
            role,
            collector_id: delivery.collector,
            facility_id: delivery.facility,
            state: delivery.state.name(),
            lines: lines_of(delivery),
            announced_at: delivery.announced_at,
            expires_at: delivery.expires_at,
            ended_at: delivery.state.ended_at(),
            reason,
            scale_id: receipt.and_then(|receipt| receipt.scale.clone()),
            journal_id: receipt.map(|receipt| receipt.journal),
        }
    }
}

fn lines_of(delivery: &Delivery) -> Vec<LoadView> {
    let loads = delivery.loads.iter().enumerate().map(|(position, load)| {
        let received = delivery.receipt().and_then(|receipt| receipt.loads.get(position));
        let received_grams = received.map(|received| received.grams);
        let missing = |received: Grams| load.grams.get().saturating_sub(received.get());
        LoadView {
            material: load.material.clone(),
            grams: load.grams,
            received_grams,
            difference_grams: received_grams.map(missing),
        }
    });
    loads.collect()
}

/// What a collector carries: weighed in at doors, and not yet received by a facility.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CarriedView {
    /// All of it.
    #[schema(minimum = 0)]
    pub total_grams: i64,
    /// Material by material, in the order of codes; only what there is.
    pub materials: Vec<GoodsView>,
}

/// One material that a collector carries.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct GoodsView {
    /// A material's code.
    #[schema(example = "PLA-PET-BENING")]
    pub material: String,
    /// Its weight, whatever unit it was bought in.
    #[schema(minimum = 1)]
    pub grams: i64,
}

impl From<&[(Label, Balance)]> for CarriedView {
    fn from(carried: &[(Label, Balance)]) -> Self {
        let there = carried.iter().filter(|(_, balance)| balance.balance != 0);
        let materials = there.map(|(goods, balance)| GoodsView {
            material: goods.to_string(),
            grams: balance.balance,
        });
        let materials: Vec<_> = materials.collect();
        Self { total_grams: materials.iter().map(|goods| goods.grams).sum(), materials }
    }
}

/// What became of the goods that a collector carried, within a period.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DifferenceView {
    /// Who carried them.
    pub collector_id: CollectorId,
    /// What households call him.
    pub name: String,
    /// What sort of buyer he is.
    pub kind: CollectorKind,
    /// What he carries now: weighed in at doors, and not yet received by a facility.
    pub carried_grams: i64,
    /// How many of his deliveries were received within the period.
    pub deliveries: i64,
    /// What he said that he brought with them.
    pub delivered_grams: i64,
    /// What the facilities' scales said.
    pub received_grams: i64,
    /// What did not arrive; negative when more arrived than was announced.
    pub difference_grams: i64,
    /// Of a thousand grams delivered, how many did not arrive; absent when nothing was delivered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difference_permille: Option<i64>,
}

impl From<Difference> for DifferenceView {
    fn from(difference: Difference) -> Self {
        let Difference { collector, name, kind, carried_grams, delivered } = difference;
        Self {
            collector_id: collector,
            name,
            kind,
            carried_grams,
            deliveries: delivered.deliveries,
            delivered_grams: delivered.announced_grams,
            received_grams: delivered.received_grams,
            difference_grams: delivered.difference_grams(),
            difference_permille: delivered.difference_permille(),
        }
    }
}
