use primitives::{Coordinates, RegionCode};
use rstar::{RTree, primitives::GeomWithData};

use crate::Region;

type Center = GeomWithData<[f64; 3], RegionCode>;

/// The centres of all desa as points on a unit sphere: the straight line through the Earth grows with the
/// way over its surface, so the nearest here is the nearest there, without a map projection.
pub(super) struct Centers(RTree<Center>);

impl Centers {
    pub(super) fn new<'a>(villages: impl Iterator<Item = &'a Region>) -> Self {
        let centers =
            villages.map(|desa| Center::new(on_sphere(desa.center), desa.code.clone())).collect();
        Self(RTree::bulk_load(centers))
    }

    /// The desa whose centre is nearest; of several the one with the lowest code.
    pub(super) fn nearest(&self, place: Coordinates) -> Option<&RegionCode> {
        let nearest = self.0.nearest_neighbors(&on_sphere(place));
        nearest.into_iter().map(|center| &center.data).min()
    }
}

fn on_sphere(place: Coordinates) -> [f64; 3] {
    let (lat, lon) = (place.lat().to_radians(), place.lon().to_radians());
    [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
}
