use database::Connection;
use event_log::{
    Actor, Fact,
    fact::{PickupCancelled, PickupReleased},
};
use primitives::{AccountId, PickupId, ReportId, Timestamp};
use reports::{Report, ReportState};

use super::{Pickups, Stepped, advance};
use crate::{EndedBy, Ending, Pickup, PickupError, PickupState, PickupStateName, Side, store};

impl Pickups {
    /// The collector gives the job back; the report is open again.
    pub fn release_in(
        &self,
        conn: &mut Connection,
        account: AccountId,
        id: PickupId,
        reason: &str,
    ) -> Result<Pickup, PickupError> {
        let before = self.own(conn, account, Side::Collector, id)?;
        let ending = self.ending(EndedBy::Collector, reason)?;
        let stepped = advance(conn, before, PickupStateName::Released, |pickup| {
            Ok(pickup.release(ending.clone())?)
        })?;
        match stepped {
            Stepped::Now(pickup) => self.released(conn, Actor::Account(account), pickup),
            Stepped::Before(pickup) => ended_by(pickup, EndedBy::Collector),
        }
    }

    /// One of the two calls the job off, and the report with it.
    pub fn cancel_in(
        &self,
        conn: &mut Connection,
        account: AccountId,
        id: PickupId,
        reason: &str,
    ) -> Result<Pickup, PickupError> {
        let (before, side) = self.find_party_in(conn, account, id)?;
        let by = match side {
            Side::Household => EndedBy::Household,
            Side::Collector => EndedBy::Collector,
        };
        let ending = self.ending(by, reason)?;
        let stepped = advance(conn, before, PickupStateName::Cancelled, |pickup| {
            Ok(pickup.cancel(ending.clone())?)
        })?;
        match stepped {
            Stepped::Now(pickup) => self.called_off(conn, Actor::Account(account), pickup, reason),
            Stepped::Before(pickup) => ended_by(pickup, by),
        }
    }

    /// The household calls its report off: open ones at once, accepted ones together with the job.
    pub fn cancel_report_in(
        &self,
        conn: &mut Connection,
        household: AccountId,
        id: ReportId,
        reason: &str,
    ) -> Result<Report, PickupError> {
        reports::stated_reason(reason).map_err(|what| PickupError::field("/reason", what))?;
        let report = self.reports.find_owned(conn, household, id)?;
        if let ReportState::Assigned { pickup, .. } = report.state {
            self.cancel_in(conn, household, pickup, reason)?;
            return Ok(self.reports.find_owned(conn, household, id)?);
        }
        Ok(self.reports.cancel_in(conn, household, id, reason)?)
    }

    /// Gives reports back whose collector did not depart in time; at most `limit`, and says how many.
    pub fn release_overdue_in(
        &self,
        conn: &mut Connection,
        now: Timestamp,
        limit: i64,
    ) -> Result<usize, PickupError> {
        let mut released = 0;
        for overdue in store::overdue(conn, now, limit)? {
            let reason = "the collector did not depart in time".to_owned();
            let ending = Ending { at: now, by: EndedBy::Worker, reason };
            let stepped = advance(conn, overdue, PickupStateName::Released, |pickup| {
                Ok(pickup.lapse(ending.clone())?)
            });
            match stepped {
                Ok(Stepped::Now(pickup)) => {
                    self.released(conn, Actor::Worker("pickups"), pickup)?;
                    released += 1;
                }
                // He departed at the last moment, or gave it back himself.
                Ok(Stepped::Before(_)) | Err(PickupError::WrongState(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(released)
    }

    /// What follows from a job that was called off.
    pub(super) fn called_off(
        &self,
        conn: &mut Connection,
        actor: Actor,
        pickup: Pickup,
        reason: &str,
    ) -> Result<Pickup, PickupError> {
        self.unreserve_in(conn, &pickup)?;
        self.reports.cancel_with_in(conn, actor.clone(), pickup.report, pickup.id, reason)?;
        let fact = Fact::PickupCancelled(PickupCancelled {
            pickup: pickup.id,
            report: pickup.report,
            collector: pickup.collector.id,
            desa: pickup.desa.clone(),
        });
        self.append(conn, actor, &pickup, self.ambient.now(), fact)?;
        Ok(pickup)
    }

    fn released(
        &self,
        conn: &mut Connection,
        actor: Actor,
        pickup: Pickup,
    ) -> Result<Pickup, PickupError> {
        self.unreserve_in(conn, &pickup)?;
        self.reports.reopen_in(conn, actor.clone(), pickup.report, pickup.id)?;
        let fact = Fact::PickupReleased(PickupReleased {
            pickup: pickup.id,
            report: pickup.report,
            collector: pickup.collector.id,
            desa: pickup.desa.clone(),
        });
        self.append(conn, actor, &pickup, self.ambient.now(), fact)?;
        Ok(pickup)
    }

    fn ending(&self, by: EndedBy, reason: &str) -> Result<Ending, PickupError> {
        reports::stated_reason(reason).map_err(|what| PickupError::field("/reason", what))?;
        Ok(Ending { at: self.ambient.now(), by, reason: reason.to_owned() })
    }
}

/// The same hand again is the same; another hand was too late.
fn ended_by(pickup: Pickup, hand: EndedBy) -> Result<Pickup, PickupError> {
    match &pickup.state {
        PickupState::Released(ending) | PickupState::Cancelled(ending) if ending.by == hand => {
            Ok(pickup)
        }
        _ => Err(pickup.refusal().into()),
    }
}
