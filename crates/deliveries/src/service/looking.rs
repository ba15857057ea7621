use std::slice;

use collectors::StaffFilter;
use database::{Connection, DatabaseError};
use ledger::{Balance, Label};
use primitives::{CollectorId, DeliveryId, RegionCode};

use super::Deliveries;
use crate::{Delivery, DeliveryError, DeliveryStateName, Difference, Period, Role, store};

impl Deliveries {
    /// The party's deliveries, newest first, after the given one; on one side only, or in one state only, if asked.
    pub fn page_of_party_in(
        &self,
        conn: &mut Connection,
        party: CollectorId,
        filter: (Option<Role>, Option<DeliveryStateName>),
        after: Option<DeliveryId>,
        limit: i64,
    ) -> Result<Vec<Delivery>, DatabaseError> {
        store::page_of_party(conn, party, filter, after, limit)
    }

    /// What the collector carries, or has carried, in grams of each material.
    pub fn carried_in(
        &self,
        conn: &mut Connection,
        collector: CollectorId,
    ) -> Result<Vec<(Label, Balance)>, DatabaseError> {
        ledger::carried_in(conn, collector)
    }

    /// For each collector of a region, after the given one, in the order of their ids: what he carries, and what
    /// facilities received of it within the period.
    pub fn differences_in(
        &self,
        conn: &mut Connection,
        region: &RegionCode,
        period: Period,
        after: Option<CollectorId>,
        limit: i64,
    ) -> Result<Vec<Difference>, DeliveryError> {
        let filter = StaffFilter { regions: slice::from_ref(region), verification: None };
        let mut differences = Vec::new();
        for collector in self.collectors.staff_page_in(conn, filter, after, limit)? {
            let carried = ledger::carried_in(conn, collector.id)?;
            let carried = carried.iter().map(|(_, balance)| balance.balance).sum();
            let delivered = store::delivered(conn, collector.id, period)?;
            differences.push(Difference::new(collector, carried, delivered));
        }
        Ok(differences)
    }
}
