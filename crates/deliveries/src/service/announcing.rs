use std::collections::BTreeMap;

use collectors::{Collector, CollectorError};
use database::{Connection, DatabaseError};
use event_log::{
    Actor, Fact,
    fact::{BroughtLoad, DeliveryAnnounced},
};
use primitives::{CollectorId, Invalid};

use super::Deliveries;
use crate::{Delivery, DeliveryError, DeliveryState, NewDelivery, rules, store};

impl Deliveries {
    /// A collector says what he brings to a facility; at most what he carries, and one delivery at a time.
    ///
    /// A suspended collector may do it as well: what he carries must end somewhere.
    pub fn announce_in(
        &self,
        conn: &mut Connection,
        by: CollectorId,
        new: &NewDelivery,
    ) -> Result<Delivery, DeliveryError> {
        let loads = rules::judge_announced(&new.loads, &self.catalog)?;
        let collector = self.collectors.collector_in(conn, by)?;
        self.check_facility(conn, by, new.facility)?;
        let announced_at = self.ambient.now();
        let delivery = Delivery {
            id: self.ambient.mint(),
            collector: by,
            facility: new.facility,
            desa: collector.desa.clone(),
            loads,
            announced_at,
            expires_at: rules::expiry(announced_at),
            state: DeliveryState::Announced,
            version: 1,
        };
        // The row first: it waits for one that is just ending, and only then is what he carries certain.
        if !store::insert(conn, &delivery)? {
            return Err(under_way(conn, by)?);
        }
        carries(conn, &delivery)?;
        self.tell(conn, &collector, &delivery)?;
        Ok(delivery)
    }

    fn check_facility(
        &self,
        conn: &mut Connection,
        collector: CollectorId,
        facility: CollectorId,
    ) -> Result<(), DeliveryError> {
        let judged = match self.collectors.collector_in(conn, facility) {
            Ok(facility) => rules::check_facility(&facility, collector),
            Err(CollectorError::NotFound) => Err(Invalid("facility_unknown")),
            Err(other) => return Err(other.into()),
        };
        judged.map_err(|what| DeliveryError::field("/facility_id", what))
    }

    fn tell(
        &self,
        conn: &mut Connection,
        collector: &Collector,
        delivery: &Delivery,
    ) -> Result<(), DatabaseError> {
        let loads = delivery.loads.iter();
        let loads = loads
            .map(|load| BroughtLoad { material: load.material.to_string(), grams: load.grams });
        let fact = Fact::DeliveryAnnounced(DeliveryAnnounced {
            delivery: delivery.id,
            collector: delivery.collector,
            facility: delivery.facility,
            loads: loads.collect(),
        });
        self.append(conn, Actor::Account(collector.account), delivery, fact)
    }
}

/// The refusal that names the one under way; it may have ended since, and then it is worth another try.
fn under_way(conn: &mut Connection, by: CollectorId) -> Result<DeliveryError, DatabaseError> {
    let known = store::under_way(conn, by)?;
    Ok(known.map_or(DeliveryError::Database(DatabaseError::Busy), DeliveryError::UnderWay))
}

/// Nobody brings more than he carries.
fn carries(conn: &mut Connection, delivery: &Delivery) -> Result<(), DeliveryError> {
    let carried = ledger::carried_in(conn, delivery.collector)?;
    let carried: BTreeMap<String, i64> = carried
        .into_iter()
        .map(|(goods, balance)| (goods.to_string(), balance.available()))
        .collect();
    for load in &delivery.loads {
        let available = carried.get(load.material.as_str()).copied().unwrap_or_default();
        if load.grams.get() > available {
            return Err(DeliveryError::CarriedInsufficient(load.material.to_string()));
        }
    }
    Ok(())
}
