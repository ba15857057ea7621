mod agreement;
mod ending;
mod evidence;
mod journey;
mod looking;

use std::sync::Arc;

use catalog::Catalog;
use database::{Connection, DatabaseError};
use event_log::{Actor, Entry, Fact, fact::PickupAssigned};
use primitives::{AccountId, Ambient, Grams, Invalid, Milliliters, PickupId, Rupiah, Timestamp};
use reports::{Item, Report, Reports, Settlement};

pub use agreement::{Objection, Outcome, Ruling};
pub use evidence::Evidence;
pub use looking::Load;

use crate::{
    Assignment, Deposits, Handover, JobCollector, Pickup, PickupError, PickupState,
    PickupStateName, Side, store,
};

/// A transition that loses its row this often meets a crowd; the caller may come back.
const ATTEMPTS: usize = 8;

/// The use cases around jobs. Each `_in` takes part in the caller's unit of work.
#[derive(Clone)]
pub struct Pickups {
    ambient: Ambient,
    reports: Reports,
    catalog: Catalog,
    deposits: Option<Arc<dyn Deposits>>,
}

impl Pickups {
    /// Jobs by this clock and chance, fetching these reports, weighed by this catalog.
    pub const fn new(ambient: Ambient, reports: Reports, catalog: Catalog) -> Self {
        Self { ambient, reports, catalog, deposits: None }
    }

    /// The same, and whoever takes on a job that is paid by wallet may have to set money aside.
    #[must_use]
    pub fn with_deposits(self, deposits: Arc<dyn Deposits>) -> Self {
        Self { deposits: Some(deposits), ..self }
    }

    /// A collector gets the report: of several at once exactly one succeeds. Prices are frozen from here on.
    pub fn assign_in(
        &self,
        conn: &mut Connection,
        assignment: &Assignment,
    ) -> Result<Pickup, PickupError> {
        let id = self.ambient.mint();
        let claimed =
            self.reports.claim_in(conn, assignment.report, assignment.report_version, id)?;
        if claimed.household == assignment.collector_account {
            return Err(PickupError::OwnReport);
        }
        let pickup = self.begun(id, assignment, &claimed)?;
        store::insert(conn, &pickup)?;
        self.reserve_in(conn, &pickup, &claimed)?;
        let fact = Fact::PickupAssigned(PickupAssigned {
            pickup: id,
            report: pickup.report,
            collector: pickup.collector.id,
            collector_kind: pickup.collector.kind.clone(),
            desa: pickup.desa.clone(),
            seconds_to_acceptance: pickup.assigned_at.seconds_since(pickup.report_opened_at),
            estimated_grams: pickup.estimated_grams,
            estimated_milliliters: pickup.estimated_milliliters.get(),
            ranking: assignment.ranking.clone(),
        });
        self.append(conn, assignment.actor.clone(), &pickup, pickup.assigned_at, fact)?;
        Ok(pickup)
    }

    /// Sets aside what the job may cost, where somebody wants that of jobs paid by wallet.
    fn reserve_in(
        &self,
        conn: &mut Connection,
        pickup: &Pickup,
        report: &Report,
    ) -> Result<(), PickupError> {
        match &self.deposits {
            Some(deposits) if pickup.settlement == Settlement::Wallet => {
                let most = estimated_cost(pickup, report)
                    .map_err(|what| DatabaseError::corrupt("report", report.id, what))?;
                Ok(deposits.reserve_in(conn, pickup, most)?)
            }
            _ => Ok(()),
        }
    }

    /// The job came to nothing: what was set aside for it is free again.
    fn unreserve_in(&self, conn: &mut Connection, pickup: &Pickup) -> Result<(), PickupError> {
        match &self.deposits {
            Some(deposits) => Ok(deposits.release_in(conn, pickup.id)?),
            None => Ok(()),
        }
    }

    fn begun(
        &self,
        id: PickupId,
        assignment: &Assignment,
        report: &Report,
    ) -> Result<Pickup, PickupError> {
        let now = self.ambient.now();
        let corrupt = |what| DatabaseError::corrupt("report", report.id, what);
        let home = report.home.location().coordinates;
        let mut prices = assignment.prices.clone();
        prices.sort_by(|one, other| one.material.as_str().cmp(other.material.as_str()));
        prices.dedup_by(|one, other| one.material == other.material);
        let is_taken = |item: &&Item| prices.iter().any(|frozen| frozen.material == item.material);
        let taken: Vec<&Item> = report.items.iter().filter(is_taken).collect();
        Ok(Pickup {
            id,
            report: report.id,
            household: report.household,
            collector: JobCollector {
                id: assignment.collector,
                account: assignment.collector_account,
                kind: assignment.collector_kind.clone(),
                name: assignment.collector_name.clone(),
            },
            desa: report.region.desa.clone(),
            settlement: report.settlement,
            estimated_grams: Grams::parse(taken.iter().map(|item| item.grams.get()).sum())
                .map_err(corrupt)?,
            estimated_milliliters: Milliliters::parse(
                taken.iter().map(|item| item.milliliters.get()).sum(),
            )
            .map_err(corrupt)?,
            prices,
            base_distance_meters: assignment.collector_base.whole_meters_to(home),
            handover: Handover::draw(&self.ambient),
            pickup_at: assignment.pickup_at,
            report_opened_at: report.opened_at,
            assigned_at: now,
            due_at: assignment.due_at(report, now),
            state: PickupState::Assigned,
            version: 1,
        })
    }

    /// The account's own job, if this is its side's to do.
    fn own(
        &self,
        conn: &mut Connection,
        account: AccountId,
        side: Side,
        id: PickupId,
    ) -> Result<Pickup, PickupError> {
        let (pickup, found) = self.find_party_in(conn, account, id)?;
        if found == side { Ok(pickup) } else { Err(PickupError::OtherSide) }
    }

    /// When it happened by the phone, but neither before the job began nor in our future.
    fn moment(
        &self,
        pickup: &Pickup,
        claimed: Option<Timestamp>,
    ) -> Result<Timestamp, PickupError> {
        let now = self.ambient.now();
        let moment = reports::claimed_moment(claimed, now)
            .map_err(|what| PickupError::field("/occurred_at", what))?;
        Ok(moment.min(now).max(pickup.assigned_at))
    }

    fn append(
        &self,
        conn: &mut Connection,
        actor: Actor,
        pickup: &Pickup,
        occurred_at: Timestamp,
        fact: Fact,
    ) -> Result<(), DatabaseError> {
        let region = Some(pickup.desa.clone());
        event_log::append_in(conn, &self.ambient, Entry { actor, region, occurred_at, fact })?;
        Ok(())
    }
}

/// The household's whole estimate at the frozen prices; what has no price stays with it.
fn estimated_cost(pickup: &Pickup, report: &Report) -> Result<Rupiah, Invalid> {
    let price = |item: &Item| {
        let frozen = pickup.prices.iter().find(|frozen| frozen.material == item.material);
        frozen.map_or(Ok(Rupiah::ZERO), |frozen| item.quantity.value_at(frozen.price))
    };
    let costs = report.items.iter().map(price).collect::<Result<Vec<_>, _>>()?;
    Rupiah::sum(costs)
}

/// A job after a step: the step was taken now, or it had been taken before.
enum Stepped {
    Now(Pickup),
    Before(Pickup),
}

/// Takes the step from the state that was read; when somebody was faster, reads and judges again.
fn advance(
    conn: &mut Connection,
    mut present: Pickup,
    target: PickupStateName,
    step: impl Fn(Pickup) -> Result<Pickup, PickupError>,
) -> Result<Stepped, PickupError> {
    for _ in 0..ATTEMPTS {
        if present.state.name() == target {
            return Ok(Stepped::Before(present));
        }
        let (id, version) = (present.id, present.version);
        let after = step(present)?;
        if store::save(conn, version, &after)? {
            return Ok(Stepped::Now(after));
        }
        present = store::find(conn, id)?.ok_or(PickupError::NotFound)?;
    }
    Err(DatabaseError::Busy.into())
}
