use primitives::{CollectorId, DeliveryId, Grams};
use serde::{Deserialize, Serialize};

/// A collector is on his way to a facility with what he carries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeliveryAnnounced {
    /// The delivery.
    pub delivery: DeliveryId,
    /// Who brings it.
    pub collector: CollectorId,
    /// Who is to receive it.
    pub facility: CollectorId,
    /// What he brings.
    pub loads: Vec<BroughtLoad>,
}

/// One material as it was announced.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BroughtLoad {
    /// Material code.
    pub material: String,
    /// Its weight.
    pub grams: Grams,
}

/// The facility has weighed it: the goods are no longer the collector's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeliveryReceived {
    /// The delivery.
    pub delivery: DeliveryId,
    /// Who brought it.
    pub collector: CollectorId,
    /// Who received it.
    pub facility: CollectorId,
    /// What was brought, and what arrived.
    pub loads: Vec<ReceivedLoad>,
    /// The ledger's journal.
    pub journal: String,
}

/// One material on the facility's scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReceivedLoad {
    /// Material code.
    pub material: String,
    /// The weight that was announced.
    pub grams: Grams,
    /// The weight on the facility's scale.
    pub received_grams: Grams,
}

/// The facility does not take it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeliveryRefused {
    /// The delivery.
    pub delivery: DeliveryId,
}

/// The collector does not bring it after all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeliveryWithdrawn {
    /// The delivery.
    pub delivery: DeliveryId,
}

/// Nobody received it in time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeliveryExpired {
    /// The delivery.
    pub delivery: DeliveryId,
}
