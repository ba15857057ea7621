use std::sync::Arc;

use arc_swap::ArcSwap;
use database::{Connection, DatabaseError};
use primitives::{Coordinates, RegionCode};

use crate::{
    Located, Region, TimeZone,
    atlas::Atlas,
    store::{self, Fingerprint},
};

/// The regions in memory. Cheap to clone; every clone sees what a reload brings.
#[derive(Clone)]
pub struct Regions(Arc<ArcSwap<Loaded>>);

struct Loaded {
    fingerprint: Fingerprint,
    atlas: Atlas,
}

impl Regions {
    /// Reads everything.
    pub fn load(conn: &mut Connection) -> Result<Self, DatabaseError> {
        Ok(Self(Arc::new(ArcSwap::from_pointee(Loaded::read(conn)?))))
    }

    /// Reads everything again when an import, here or in another process, has changed something.
    pub fn reload_if_changed(&self, conn: &mut Connection) -> Result<bool, DatabaseError> {
        let changed = store::fingerprint_in(conn)? != self.0.load().fingerprint;
        if changed {
            self.0.store(Arc::new(Loaded::read(conn)?));
        }
        Ok(changed)
    }

    /// The region with this code, also when the code has ended.
    pub fn get(&self, code: &RegionCode) -> Option<Region> {
        self.0.load().atlas.get(code).cloned()
    }

    /// The current regions directly below this one, in the order of codes.
    pub fn children(&self, parent: &RegionCode) -> Vec<Region> {
        self.0.load().atlas.children(Some(parent), None).cloned().collect()
    }

    /// At most `limit` current regions directly below `parent` (the provinces, without one) after a code.
    pub(crate) fn page(
        &self,
        parent: Option<&RegionCode>,
        after: Option<&RegionCode>,
        limit: usize,
    ) -> Vec<Region> {
        self.0.load().atlas.children(parent, after).take(limit).cloned().collect()
    }

    /// The desa in which a place lies; none when there is none within 50 km.
    pub fn locate(&self, place: Coordinates) -> Option<Located> {
        self.0.load().atlas.locate(place)
    }

    /// The zone in which the region's days begin.
    pub fn time_zone(&self, code: &RegionCode) -> TimeZone {
        let known = self.0.load().atlas.get(code).map(|region| region.time_zone);
        known.unwrap_or_else(|| TimeZone::of_province(code))
    }
}

impl Loaded {
    fn read(conn: &mut Connection) -> Result<Self, DatabaseError> {
        // Read first: a change in between is then seen as a change at the next look.
        let fingerprint = store::fingerprint_in(conn)?;
        let atlas = Atlas::new(store::all_in(conn)?, store::boundaries_in(conn)?);
        Ok(Self { fingerprint, atlas })
    }
}
