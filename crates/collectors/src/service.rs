mod decisions;
mod log;
mod prices;
mod profiles;

use std::sync::Arc;

use catalog::Catalog;
use database::{Connection, DatabaseError};
use event_log::{Actor, CollectorChanged, CollectorRegistered, Entry, Fact};
use primitives::{AccountId, Ambient, CollectorId, Location, RegionCode, RegionLevel};
use regions::Regions;

pub use decisions::{Decider, StaffFilter};
pub use log::{absorb_in, record_outcome_in, record_rating_in};

use crate::{
    Collector, CollectorError, Limits, NewCollector, ProfileChange, Promises, Rating, Verification,
    rules, store,
};

/// The use cases about collectors. Every `_in` method takes part in the caller's unit of work.
#[derive(Clone)]
pub struct Collectors {
    ambient: Ambient,
    regions: Regions,
    catalog: Catalog,
}

impl Collectors {
    /// Brings together what the use cases need.
    pub const fn new(ambient: Ambient, regions: Regions, catalog: Catalog) -> Self {
        Self { ambient, regions, catalog }
    }

    /// An account asks to be a collector. The same request again finds what the first one made.
    pub fn register_in(
        &self,
        conn: &mut Connection,
        actor: AccountId,
        new: &NewCollector,
    ) -> Result<Collector, CollectorError> {
        if let Some(known) = store::find_of_account(conn, actor)? {
            return if new.id == Some(known.id) { Ok(known) } else { Err(CollectorError::Exists) };
        }
        self.known_vehicle(&new.vehicle)?;
        let collector = Collector {
            id: new.id.unwrap_or_else(|| self.ambient.mint()),
            account: actor,
            kind: new.kind,
            name: new.name.clone(),
            base: new.base,
            desa: self.desa_of(&new.base, new.desa.as_ref())?,
            service_radius: new.service_radius,
            limits: new.limits.clone(),
            vehicle: new.vehicle.clone(),
            verification: Verification::Pending,
            online: false,
            rating: Rating::default(),
            promises: Promises::default(),
            version: 1,
            created_at: self.ambient.now(),
        };
        store::insert(conn, &collector).map_err(refused_insert)?;
        if !accounts::link_collector_in(conn, actor, collector.id)? {
            return Err(CollectorError::Exists);
        }
        self.append_in(
            conn,
            Actor::Account(actor),
            &collector,
            Fact::CollectorRegistered(CollectorRegistered {
                collector: collector.id,
                account: actor,
                collector_kind: collector.kind.as_str().to_owned(),
                vehicle: collector.vehicle.to_string(),
            }),
        )?;
        Ok(collector)
    }

    /// A collector changes his profile. Moving to another kabupaten makes him wait for its staff again.
    pub fn change_in(
        &self,
        conn: &mut Connection,
        id: CollectorId,
        expected_version: i64,
        change: &ProfileChange,
    ) -> Result<Collector, CollectorError> {
        let before = at_version(self.collector_in(conn, id)?, expected_version)?;
        let changed = self.changed(&before, change)?;
        if changed == before {
            return Ok(before);
        }
        let after = replace(conn, &before, changed)?;
        self.append_in(
            conn,
            Actor::Account(after.account),
            &after,
            Fact::CollectorChanged(CollectorChanged {
                collector: after.id,
                version: after.version,
            }),
        )?;
        Ok(after)
    }

    /// One collector.
    pub fn collector_in(
        &self,
        conn: &mut Connection,
        id: CollectorId,
    ) -> Result<Collector, CollectorError> {
        store::find(conn, id)?.ok_or(CollectorError::NotFound)
    }

    fn changed(
        &self,
        before: &Collector,
        change: &ProfileChange,
    ) -> Result<Collector, CollectorError> {
        let base = change.base.unwrap_or(before.base);
        let desa = match (&change.base, &change.desa) {
            (None, None) => before.desa.clone(),
            (_, named) => self.desa_of(&base, named.as_ref())?,
        };
        if let Some(vehicle) = &change.vehicle {
            self.known_vehicle(vehicle)?;
        }
        let verification =
            rules::verification_after_move(&before.verification, &before.desa, &desa);
        Ok(Collector {
            name: change.name.clone().unwrap_or_else(|| before.name.clone()),
            service_radius: change.service_radius.unwrap_or(before.service_radius),
            limits: changed_limits(&before.limits, change),
            vehicle: change.vehicle.clone().unwrap_or_else(|| before.vehicle.clone()),
            online: before.online && verification == before.verification,
            base,
            desa,
            verification,
            ..before.clone()
        })
    }

    fn desa_of(
        &self,
        base: &Location,
        named: Option<&RegionCode>,
    ) -> Result<RegionCode, CollectorError> {
        let Some(code) = named else {
            let located = self.regions.locate(base.coordinates);
            return located
                .map(|located| located.desa)
                .ok_or_else(|| CollectorError::field("/base", "place_in_no_known_desa"));
        };
        let is_village = matches!(code.level(), RegionLevel::Desa | RegionLevel::Kelurahan);
        if is_village && self.regions.get(code).is_some() {
            Ok(code.clone())
        } else {
            Err(CollectorError::field("/desa_code", "desa_unknown"))
        }
    }

    fn known_vehicle(&self, code: &catalog::VehicleCode) -> Result<(), CollectorError> {
        match self.catalog.vehicle(code) {
            Some(_) => Ok(()),
            None => Err(CollectorError::field("/vehicle", "vehicle_unknown")),
        }
    }

    fn append_in(
        &self,
        conn: &mut Connection,
        actor: Actor,
        collector: &Collector,
        fact: Fact,
    ) -> Result<(), DatabaseError> {
        let region = Some(collector.desa.clone());
        let occurred_at = self.ambient.now();
        event_log::append_in(conn, &self.ambient, Entry { actor, region, occurred_at, fact })?;
        Ok(())
    }
}

fn changed_limits(before: &Limits, change: &ProfileChange) -> Limits {
    let area = change.service_area.clone().map(|area| area.map(Arc::new));
    Limits {
        area: area.unwrap_or_else(|| before.area.clone()),
        hours: change.working_hours.clone().unwrap_or_else(|| before.hours.clone()),
    }
}

fn at_version(collector: Collector, expected: i64) -> Result<Collector, CollectorError> {
    if collector.version == expected { Ok(collector) } else { Err(CollectorError::VersionConflict) }
}

/// Stores the changed collector under the next version, unless somebody was faster.
fn replace(
    conn: &mut Connection,
    before: &Collector,
    changed: Collector,
) -> Result<Collector, CollectorError> {
    let after = Collector { version: before.version + 1, ..changed };
    if store::replace(conn, before, &after)? {
        Ok(after)
    } else {
        Err(CollectorError::VersionConflict)
    }
}

fn refused_insert(error: DatabaseError) -> CollectorError {
    if error.violates("collector_account_id_key") {
        CollectorError::Exists
    } else if error.violates("collector_id_key") {
        CollectorError::IdTaken
    } else {
        CollectorError::Database(error)
    }
}
