use catalog::VehicleCode;
use primitives::{CollectorId, Location, RegionCode, Timestamp};

use crate::{CollectorKind, Limits, Name, PriceItem, ServiceArea, ServiceRadius, WorkingHours};

/// A request to become a collector.
#[derive(Debug, Clone, PartialEq)]
pub struct NewCollector {
    /// The identity a phone minted while offline.
    pub id: Option<CollectorId>,
    /// What sort of buyer.
    pub kind: CollectorKind,
    /// The name on the sign.
    pub name: Name,
    /// Where trips begin.
    pub base: Location,
    /// The desa, when the applicant knows better than the map.
    pub desa: Option<RegionCode>,
    /// How far he fetches.
    pub service_radius: ServiceRadius,
    /// Where and when he fetches within that.
    pub limits: Limits,
    /// What he drives.
    pub vehicle: VehicleCode,
}

/// What a collector changes about himself; absent means unchanged.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ProfileChange {
    /// Another name on the sign.
    pub name: Option<Name>,
    /// Another base.
    pub base: Option<Location>,
    /// Another desa than the map says.
    pub desa: Option<RegionCode>,
    /// Another radius.
    pub service_radius: Option<ServiceRadius>,
    /// Another area, or everywhere in the circle again.
    pub service_area: Option<Option<ServiceArea>>,
    /// Other hours.
    pub working_hours: Option<WorkingHours>,
    /// Another vehicle.
    pub vehicle: Option<VehicleCode>,
}

/// A price list to be published.
#[derive(Debug, Clone, PartialEq)]
pub struct NewPriceList {
    /// 1 – 100 lines, no material twice.
    pub items: Vec<PriceItem>,
    /// From when it counts; absent means now.
    pub valid_from: Option<Timestamp>,
}

impl NewPriceList {
    /// The lines by material code, the order in which lists are kept and compared.
    pub(crate) fn items_in_order(&self) -> Vec<PriceItem> {
        let mut items = self.items.clone();
        items.sort();
        items
    }
}
