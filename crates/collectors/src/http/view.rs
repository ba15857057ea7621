use catalog::VehicleCode;
use primitives::{CollectorId, Coordinates, Location, RegionCode, Timestamp, UnitPrice};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Collector, CollectorKind, PriceBoard, PriceItem, PriceList, Promises, Rating, RawShift,
    ServiceArea, Verification, VerificationState, WorkingHours,
};

/// A collector as he himself and the staff responsible for him see him.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CollectorView {
    pub(super) id: CollectorId,
    kind: CollectorKind,
    #[schema(min_length = 2, max_length = 80)]
    name: String,
    base: Location,
    /// The desa of the base; decides which staff are responsible.
    desa_code: RegionCode,
    #[schema(minimum = 100, maximum = 50_000)]
    service_radius_meters: i64,
    /// Where within that radius he fetches; absent for everywhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    service_area: Option<ServiceArea>,
    /// When he fetches, by the clock of his desa; empty for always.
    #[schema(value_type = Vec<RawShift>)]
    working_hours: WorkingHours,
    vehicle: VehicleCode,
    verification: VerificationState,
    /// When staff last decided; absent while pending.
    #[serde(skip_serializing_if = "Option::is_none")]
    verification_decided_at: Option<Timestamp>,
    /// Why staff suspended him; absent unless they did.
    #[serde(skip_serializing_if = "Option::is_none")]
    suspension_reason: Option<String>,
    /// Whether he takes jobs now.
    online: bool,
    rating: CollectorRating,
    promises: PromisesView,
    created_at: Timestamp,
}

/// A collector as everybody with an account sees him.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PublicCollectorView {
    id: CollectorId,
    kind: CollectorKind,
    #[schema(min_length = 2, max_length = 80)]
    name: String,
    desa_code: RegionCode,
    /// About where he starts from: the middle of a cell of the map, never the point.
    base_area: BaseArea,
    #[schema(minimum = 100, maximum = 50_000)]
    service_radius_meters: i64,
    vehicle: VehicleCode,
    verification: VerificationState,
    rating: CollectorRating,
    promises: PromisesView,
    /// The price list in force; absent when he has published none.
    #[serde(skip_serializing_if = "Option::is_none")]
    prices: Option<PriceListView>,
    created_at: Timestamp,
}

/// The middle of a cell of the map, about a kilometer wide.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub(crate) struct BaseArea {
    /// Degrees north.
    lat: f64,
    /// Degrees east.
    lon: f64,
}

impl BaseArea {
    fn around(base: Coordinates) -> Self {
        const CELLS_PER_DEGREE: f64 = 100.0;
        let middle = |degrees: f64| ((degrees * CELLS_PER_DEGREE).floor() + 0.5) / CELLS_PER_DEGREE;
        Self { lat: middle(base.lat()), lon: middle(base.lon()) }
    }
}

/// Stars given by households.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub(crate) struct CollectorRating {
    /// The mean, 1 – 5, to the hundredth; absent while nobody has given any.
    #[serde(skip_serializing_if = "Option::is_none")]
    average_stars: Option<f64>,
    /// How many households gave them.
    count: i64,
}

impl From<Rating> for CollectorRating {
    fn from(rating: Rating) -> Self {
        let hundredths = (rating.sum * 100 + rating.count / 2).checked_div(rating.count);
        let hundredths = hundredths.and_then(|hundredths| u16::try_from(hundredths).ok());
        Self { average_stars: hundredths.map(|it| f64::from(it) / 100.0), count: rating.count }
    }
}

/// What became of the jobs a collector accepted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PromisesView {
    /// Fetched and paid.
    completed: i64,
    /// Given back by him.
    released: i64,
    /// Taken from him because he did not come.
    no_shows: i64,
}

impl From<Promises> for PromisesView {
    fn from(promises: Promises) -> Self {
        let Promises { completed, released, no_shows } = promises;
        Self { completed, released, no_shows }
    }
}

impl From<&Collector> for CollectorView {
    fn from(collector: &Collector) -> Self {
        let (decided_at, reason) = match &collector.verification {
            Verification::Pending => (None, None),
            Verification::Verified { at, .. } => (Some(*at), None),
            Verification::Suspended { at, reason, .. } => (Some(*at), Some(reason.clone().into())),
        };
        Self {
            id: collector.id,
            kind: collector.kind,
            name: collector.name.clone().into(),
            base: collector.base,
            desa_code: collector.desa.clone(),
            service_radius_meters: collector.service_radius.meters(),
            service_area: collector.limits.area.as_deref().cloned(),
            working_hours: collector.limits.hours.clone(),
            vehicle: collector.vehicle.clone(),
            verification: collector.verification.state(),
            verification_decided_at: decided_at,
            suspension_reason: reason,
            online: collector.online,
            rating: collector.rating.into(),
            promises: collector.promises.into(),
            created_at: collector.created_at,
        }
    }
}

impl PublicCollectorView {
    pub(crate) fn new(collector: &Collector, prices: Option<&PriceList>) -> Self {
        Self {
            id: collector.id,
            kind: collector.kind,
            name: collector.name.clone().into(),
            desa_code: collector.desa.clone(),
            base_area: BaseArea::around(collector.base.coordinates),
            service_radius_meters: collector.service_radius.meters(),
            vehicle: collector.vehicle.clone(),
            verification: collector.verification.state(),
            rating: collector.rating.into(),
            promises: collector.promises.into(),
            prices: prices.map(PriceListView::from),
            created_at: collector.created_at,
        }
    }
}

/// A published price list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PriceListView {
    /// From when it counts, until a list with a later date does.
    valid_from: Timestamp,
    /// When it was published.
    created_at: Timestamp,
    items: Vec<PriceItemView>,
}

/// What a collector pays for one material.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PriceItemView {
    #[schema(example = "PLA-PET-BENING")]
    material: String,
    /// Per kilogram, piece or liter.
    price_rupiah: UnitPrice,
}

impl From<&PriceList> for PriceListView {
    fn from(list: &PriceList) -> Self {
        Self {
            valid_from: list.valid_from,
            created_at: list.created_at,
            items: list.items.iter().map(PriceItemView::from).collect(),
        }
    }
}

impl From<&PriceItem> for PriceItemView {
    fn from(item: &PriceItem) -> Self {
        Self { material: item.material.to_string(), price_rupiah: item.price }
    }
}

/// A collector's prices: in force, and announced.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PricesView {
    /// The list in force; absent when none has been published, or none has begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    in_force: Option<PriceListView>,
    /// Lists to come, soonest first.
    announced: Vec<PriceListView>,
}

impl From<&PriceBoard> for PricesView {
    fn from(board: &PriceBoard) -> Self {
        Self {
            in_force: board.in_force.as_ref().map(PriceListView::from),
            announced: board.announced.iter().map(PriceListView::from).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn area(lat: f64, lon: f64) -> BaseArea {
        BaseArea::around(Coordinates::parse(lat, lon).unwrap())
    }

    proptest! {
        #[test]
        fn two_bases_in_one_cell_look_the_same(
            row in -1_100i32..600, column in 9_500i32..14_100,
            a in 0.01f64..0.99, b in 0.01f64..0.99, c in 0.01f64..0.99, d in 0.01f64..0.99,
        ) {
            let at = |cell: i32, part: f64| (f64::from(cell) + part) / 100.0;
            prop_assert_eq!(area(at(row, a), at(column, b)), area(at(row, c), at(column, d)));
        }
    }

    #[test]
    fn means_are_rounded_to_the_hundredth_and_absent_without_stars() {
        let mean = |sum, count| CollectorRating::from(Rating { sum, count }).average_stars;
        assert_eq!(mean(14, 3), Some(4.67));
        assert_eq!(mean(5, 1), Some(5.0));
        assert_eq!(mean(0, 0), None);
    }
}
