use geo::{Area, BoundingRect, Intersects, MultiPolygon, Point};
use primitives::{Coordinates, RegionCode};
use rstar::{AABB, RTree, RTreeObject};

/// The boundaries, found by their boxes.
pub(super) struct Shapes(RTree<Shape>);

struct Shape {
    code: RegionCode,
    outline: MultiPolygon,
    /// In square degrees: only compared between neighbours.
    area: f64,
    envelope: AABB<[f64; 2]>,
}

impl RTreeObject for Shape {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        self.envelope
    }
}

impl Shapes {
    pub(super) fn new(boundaries: impl Iterator<Item = (RegionCode, MultiPolygon)>) -> Self {
        Self(RTree::bulk_load(boundaries.filter_map(|it| Shape::new(it.0, it.1)).collect()))
    }

    /// The smallest region whose boundary holds the place: by level, then by area, then by code.
    pub(super) fn smallest_holding(&self, place: Coordinates) -> Option<&RegionCode> {
        let point = Point::new(place.lon(), place.lat());
        self.0
            .locate_in_envelope_intersecting(&AABB::from_point([place.lon(), place.lat()]))
            .filter(|shape| shape.outline.intersects(&point))
            .min_by(|one, other| {
                let by_level = depth(&other.code).cmp(&depth(&one.code));
                by_level.then(one.area.total_cmp(&other.area)).then(one.code.cmp(&other.code))
            })
            .map(|shape| &shape.code)
    }
}

impl Shape {
    /// None for an outline without any point.
    fn new(code: RegionCode, outline: MultiPolygon) -> Option<Self> {
        let bounds = outline.bounding_rect()?;
        let envelope = AABB::from_corners(bounds.min().into(), bounds.max().into());
        Some(Self { code, area: outline.unsigned_area(), outline, envelope })
    }
}

fn depth(code: &RegionCode) -> usize {
    code.as_str().split('.').count()
}
