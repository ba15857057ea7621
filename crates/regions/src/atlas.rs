mod centers;
mod shapes;

use std::{collections::BTreeMap, ops::Bound};

use geo::MultiPolygon;
use primitives::{Coordinates, RegionCode};
use serde::Serialize;
use utoipa::ToSchema;

use self::{centers::Centers, shapes::Shapes};
use crate::Region;

/// A desa farther than this from a point that no boundary holds is not where the point lies.
const FARTHEST_CENTER_METERS: f64 = 50_000.0;

/// The desa of a point, and how it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// The desa or kelurahan.
    pub desa: RegionCode,
    /// What tells that it is this one.
    pub method: Method,
    /// From the point to the desa's centre.
    pub distance_meters: i64,
}

/// How a desa was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Its boundary holds the point.
    Boundary,
    /// Its centre is the nearest, of the region that holds the point or of all.
    NearestCenter,
}

/// Everything that is known about regions at one moment. Never changes; a new one takes its place.
pub(crate) struct Atlas {
    regions: BTreeMap<RegionCode, Region>,
    shapes: Shapes,
    centers: Centers,
}

impl Atlas {
    pub(crate) fn new(regions: Vec<Region>, boundaries: Vec<(RegionCode, MultiPolygon)>) -> Self {
        let regions: BTreeMap<_, _> =
            regions.into_iter().map(|region| (region.code.clone(), region)).collect();
        let current = |code: &RegionCode| regions.get(code).is_some_and(Region::is_current);
        let shapes = boundaries.into_iter().filter(|(code, _)| current(code));
        let villages = regions.values().filter(|region| region.is_current() && region.is_village());
        let (shapes, centers) = (Shapes::new(shapes), Centers::new(villages));
        Self { regions, shapes, centers }
    }

    pub(crate) fn get(&self, code: &RegionCode) -> Option<&Region> {
        self.regions.get(code)
    }

    /// The current regions directly below `parent` (the provinces, without one) whose codes follow `after`.
    pub(crate) fn children<'a>(
        &'a self,
        parent: Option<&'a RegionCode>,
        after: Option<&RegionCode>,
    ) -> impl Iterator<Item = &'a Region> {
        // A region's descendants follow it directly in the order of codes.
        let start = after.or(parent).map_or(Bound::Unbounded, Bound::Excluded);
        self.regions
            .range((start, Bound::Unbounded))
            .map(|(_code, region)| region)
            .take_while(move |region| parent.is_none_or(|parent| parent.contains(&region.code)))
            .filter(move |region| region.is_current() && region.code.parent().as_ref() == parent)
    }

    pub(crate) fn locate(&self, place: Coordinates) -> Option<Located> {
        let holder = self.shapes.smallest_holding(place);
        let village = holder.and_then(|code| self.get(code)).filter(|region| region.is_village());
        if let Some(village) = village {
            return Some(located(village, Method::Boundary, place));
        }
        let inside = holder.and_then(|code| self.nearest_within(code, place));
        let nearest = inside.or_else(|| self.nearest_anywhere(place))?;
        Some(located(nearest, Method::NearestCenter, place))
    }

    fn nearest_within(&self, holder: &RegionCode, place: Coordinates) -> Option<&Region> {
        self.regions
            .range(holder..)
            .map(|(_code, region)| region)
            .take_while(|region| holder.contains(&region.code))
            .filter(|region| region.is_current() && region.is_village())
            .min_by(|one, other| {
                let distance = |region: &Region| region.center.distance_meters(place);
                distance(one).total_cmp(&distance(other))
            })
    }

    fn nearest_anywhere(&self, place: Coordinates) -> Option<&Region> {
        let nearest = self.get(self.centers.nearest(place)?)?;
        (nearest.center.distance_meters(place) <= FARTHEST_CENTER_METERS).then_some(nearest)
    }
}

fn located(desa: &Region, method: Method, place: Coordinates) -> Located {
    let meters = desa.center.distance_meters(place).round();
    #[expect(clippy::cast_possible_truncation, reason = "at most half way round the Earth")]
    let distance_meters = meters as i64;
    Located { desa: desa.code.clone(), method, distance_meters }
}

#[cfg(test)]
mod tests;
