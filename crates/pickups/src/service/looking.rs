use std::collections::HashMap;

use database::{Connection, DatabaseError};
use primitives::{AccountId, CollectorId, PickupId, Timestamp};

use super::Pickups;
use crate::{Pickup, PickupError, PickupStateName, PickupView, Side, rules, store};

/// What a collector's vehicle still has to carry, by the households' estimates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Load {
    /// Weight.
    pub grams: i64,
    /// Loose volume.
    pub milliliters: i64,
    /// How many open jobs.
    pub jobs: i64,
}

impl Load {
    const fn plus(self, grams: i64, milliliters: i64) -> Self {
        Self {
            grams: self.grams.saturating_add(grams),
            milliliters: self.milliliters.saturating_add(milliliters),
            jobs: self.jobs.saturating_add(1),
        }
    }
}

impl Pickups {
    /// Any job, for slices that have their own reason to see it.
    pub fn find_in(&self, conn: &mut Connection, id: PickupId) -> Result<Pickup, PickupError> {
        store::find(conn, id)?.ok_or(PickupError::NotFound)
    }

    /// A job of the account's, and on which side it stands.
    pub fn find_party_in(
        &self,
        conn: &mut Connection,
        account: AccountId,
        id: PickupId,
    ) -> Result<(Pickup, Side), PickupError> {
        let pickup = self.find_in(conn, id)?;
        let side = pickup.side_of(account).ok_or(PickupError::NotFound)?;
        Ok((pickup, side))
    }

    /// The account's jobs on either side, newest first, after the given place in the list.
    pub fn page_of_party(
        &self,
        conn: &mut Connection,
        account: AccountId,
        state: Option<PickupStateName>,
        after: Option<(Timestamp, PickupId)>,
        limit: i64,
    ) -> Result<Vec<Pickup>, PickupError> {
        Ok(store::page_of_party(conn, account, state, after, limit)?)
    }

    /// Paid jobs in the order of their ids, after the given one: for who proves the books.
    pub fn paid_after_in(
        &self,
        conn: &mut Connection,
        after: Option<PickupId>,
        limit: i64,
    ) -> Result<Vec<Pickup>, PickupError> {
        Ok(store::paid_after(conn, after, limit)?)
    }

    /// The job as one of its sides may see it now, but for the collector's live position.
    pub fn view_in(
        &self,
        conn: &mut Connection,
        pickup: &Pickup,
        side: Side,
    ) -> Result<PickupView, PickupError> {
        let report = self.reports.find_in(conn, pickup.report)?;
        let view = PickupView::of(pickup, &report, side);
        if side == Side::Collector && !rules::home_is_visible(pickup, self.ambient.now()) {
            return Ok(view);
        }
        let view = view.with_photos(self.evidence_in(conn, pickup)?);
        if side == Side::Household {
            return Ok(view.for_household(pickup, &report));
        }
        let contact = accounts::contact_in(conn, pickup.household)?;
        Ok(view.with_home(pickup, &report, contact))
    }

    /// The collector's jobs that his vehicle still has to carry, the oldest first.
    pub fn open_jobs_in(
        &self,
        conn: &mut Connection,
        collector: CollectorId,
    ) -> Result<Vec<Pickup>, DatabaseError> {
        store::open_jobs(conn, collector)
    }

    /// What the collector's vehicle still has to carry.
    pub fn open_load_in(
        &self,
        conn: &mut Connection,
        collector: CollectorId,
    ) -> Result<Load, DatabaseError> {
        let rows = store::loads(conn, Some(collector))?;
        Ok(rows
            .into_iter()
            .fold(Load::default(), |load, (_, grams, milliliters)| load.plus(grams, milliliters)))
    }

    /// What every collector's vehicle still has to carry; who is not in it carries nothing.
    pub fn open_loads_in(
        &self,
        conn: &mut Connection,
    ) -> Result<HashMap<CollectorId, Load>, DatabaseError> {
        let mut loads: HashMap<CollectorId, Load> = HashMap::new();
        for (collector, grams, milliliters) in store::loads(conn, None)? {
            let load = loads.entry(collector).or_default();
            *load = load.plus(grams, milliliters);
        }
        Ok(loads)
    }

    /// Who got a job after the given moment, and when; once per job.
    pub fn assigned_since_in(
        &self,
        conn: &mut Connection,
        since: Timestamp,
    ) -> Result<Vec<(CollectorId, Timestamp)>, DatabaseError> {
        store::assigned_since(conn, since)
    }
}
