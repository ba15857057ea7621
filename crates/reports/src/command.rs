use catalog::MaterialCode;
use primitives::{Location, PhotoId, Quantity, RegionCode, ReportId, Timestamp};
use serde::{Deserialize, Deserializer, Serialize};

use crate::{Address, MinimumShare, Selection, Settlement, window::RawWindow};

/// What a household submits; `Reports::submit_in` judges it.
#[derive(Clone, PartialEq, Serialize)]
pub struct NewReport {
    /// The identity a phone minted while offline.
    pub id: Option<ReportId>,
    /// Where the recyclables are.
    pub location: Location,
    /// The desa, when the household knows better than the map.
    pub desa: Option<RegionCode>,
    /// How to find the door.
    pub address: Address,
    /// What is offered.
    pub items: Vec<NewItem>,
    /// Photographs that the household uploaded before; at most five.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<PhotoId>,
    /// When somebody is at home.
    pub windows: Vec<RawWindow>,
    /// What the collector should know.
    pub note: Option<String>,
    /// How to be paid.
    pub settlement: Settlement,
    /// How the collector is found.
    pub selection: Selection,
    /// How much of it he must buy. Unsaid where it is everything, as it always was: the same report stays the same.
    #[serde(skip_serializing_if = "MinimumShare::is_all")]
    pub minimum_share: MinimumShare,
    /// When it was written, by the household's phone.
    pub occurred_at: Option<Timestamp>,
}

/// One estimated material, not yet judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewItem {
    /// Which kind.
    pub material: MaterialCode,
    /// How much, in the material's own unit.
    pub quantity: Quantity,
    /// What the collector should know about it.
    pub note: Option<String>,
}

/// What a household changes about its open report.
#[derive(Clone, PartialEq, Default)]
pub struct ReportChange {
    /// Another pin.
    pub location: Option<Location>,
    /// Another desa than the map says.
    pub desa: Option<RegionCode>,
    /// Other materials or estimates.
    pub items: Option<Vec<NewItem>>,
    /// Another share that must be bought.
    pub minimum_share: Option<MinimumShare>,
    /// Other photographs, or the same in another order.
    pub photos: Patch<Vec<PhotoId>>,
    /// Another way to the door.
    pub address: Patch<Address>,
    /// Other times.
    pub windows: Patch<Vec<RawWindow>>,
    /// Another note.
    pub note: Patch<String>,
}

/// A member of a PATCH: absent, null, or a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Patch<T> {
    /// Absent: stays as it is.
    #[default]
    Keep,
    /// Null: is taken away.
    Clear,
    /// Becomes this.
    Set(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Clear, Self::Set))
    }
}

impl<T> Patch<T> {
    /// The member after the patch.
    pub fn over(self, present: Option<T>) -> Option<T> {
        match self {
            Self::Keep => present,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }
}
