use database::{Connection, DatabaseError};
use primitives::{CollectorId, Timestamp};

use super::Collectors;
use crate::{
    Collector, Prices, Profile, Verification,
    store::{self, prices},
};

impl Collectors {
    /// Everybody who may work, in the order of their ids, with the prices in force now.
    pub fn profiles_in(&self, conn: &mut Connection) -> Result<Vec<Profile>, DatabaseError> {
        let profile = |collector, prices| self.profile_of(collector, prices);
        store::verified(conn, self.ambient.now(), profile)
    }

    /// One collector as a ranking sees him; nothing when he may not work.
    pub fn profile_in(
        &self,
        conn: &mut Connection,
        id: CollectorId,
    ) -> Result<Option<Profile>, DatabaseError> {
        let collector = store::find(conn, id)?
            .filter(|collector| matches!(collector.verification, Verification::Verified { .. }));
        let Some(collector) = collector else { return Ok(None) };
        let list = prices::in_force(conn, id, self.ambient.now())?;
        let prices = list.map(|list| Prices::of(&list.items)).unwrap_or_default();
        self.profile_of(collector, prices).map(Some)
    }

    /// Whose price lists came into force after one moment and not after another: dates make no events.
    pub fn prices_turned_in(
        &self,
        conn: &mut Connection,
        after: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<CollectorId>, DatabaseError> {
        prices::owners_with_list_due(conn, after, until)
    }

    fn profile_of(&self, collector: Collector, prices: Prices) -> Result<Profile, DatabaseError> {
        let vehicle = self.catalog.vehicle(&collector.vehicle).ok_or_else(|| {
            DatabaseError::corrupt("collector", collector.id, "vehicle not in the catalog")
        })?;
        Ok(Profile {
            id: collector.id,
            account: collector.account,
            name: collector.name.into(),
            kind: collector.kind,
            base: collector.base.coordinates,
            time_zone: self.regions.time_zone(&collector.desa),
            desa: collector.desa,
            limits: collector.limits,
            service_radius_meters: collector.service_radius.meters(),
            vehicle,
            online: collector.online,
            prices,
            rating: collector.rating,
            promises: collector.promises,
            created_at: collector.created_at,
        })
    }
}
