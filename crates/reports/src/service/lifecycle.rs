use database::{Connection, DatabaseError};
use event_log::{
    Actor, Fact,
    fact::{ReportCancelled, ReportClosed, ReportExpired, ReportReopened},
};
use primitives::{AccountId, PickupId, ReportId, Timestamp};

use crate::{Report, ReportError, ReportState, ReportStateName, Reports, store};

/// A transition that loses its row this often meets a crowd; the caller may come back.
const ATTEMPTS: usize = 8;

impl Reports {
    /// A collector's job claims the report; of several at once exactly one succeeds.
    ///
    /// With `version`, only while the report is what the collector read.
    pub fn claim_in(
        &self,
        conn: &mut Connection,
        id: ReportId,
        version: Option<i64>,
        pickup: PickupId,
    ) -> Result<Report, ReportError> {
        let now = self.ambient.now();
        advance(conn, id, |report| {
            let is_other = version.is_some_and(|read| read != report.version);
            if report.state == ReportState::Open && is_other {
                return Err(ReportError::VersionConflict);
            }
            report.assign(pickup, now).map_err(|refusal| match refusal.0 {
                ReportStateName::Cancelled | ReportStateName::Expired => refusal.into(),
                _ => ReportError::AlreadyTaken,
            })
        })
    }

    /// The job was given back: the household waits again.
    pub fn reopen_in(
        &self,
        conn: &mut Connection,
        actor: Actor,
        id: ReportId,
        pickup: PickupId,
    ) -> Result<Report, ReportError> {
        let now = self.ambient.now();
        let report = advance(conn, id, |report| Ok(report.reopen(pickup, now)?))?;
        let desa = report.region.desa.clone();
        let fact = Fact::ReportReopened(ReportReopened { report: id, desa });
        self.append(conn, actor, &report, fact)?;
        Ok(report)
    }

    /// The household agreed with the weigh-in.
    pub fn collect_in(
        &self,
        conn: &mut Connection,
        id: ReportId,
        pickup: PickupId,
    ) -> Result<Report, ReportError> {
        let now = self.ambient.now();
        advance(conn, id, |report| Ok(report.collect(pickup, now)?))
    }

    /// The money is where it belongs.
    pub fn close_in(
        &self,
        conn: &mut Connection,
        actor: Actor,
        id: ReportId,
        pickup: PickupId,
    ) -> Result<Report, ReportError> {
        let now = self.ambient.now();
        let report = advance(conn, id, |report| Ok(report.close(pickup, now)?))?;
        let desa = report.region.desa.clone();
        let fact = Fact::ReportClosed(ReportClosed { report: id, desa });
        self.append(conn, actor, &report, fact)?;
        Ok(report)
    }

    /// The household calls its report off while nobody has accepted; twice is once.
    pub fn cancel_in(
        &self,
        conn: &mut Connection,
        household: AccountId,
        id: ReportId,
        reason: &str,
    ) -> Result<Report, ReportError> {
        let now = self.ambient.now();
        let before = self.find_owned(conn, household, id)?;
        if before.state.name() == ReportStateName::Cancelled {
            return Ok(before);
        }
        let report = advance(conn, id, |report| Ok(report.cancel(reason.to_owned(), now)?))?;
        self.append(conn, Actor::Account(household), &report, cancelled(&report))?;
        Ok(report)
    }

    /// The job was called off, and the report with it.
    pub fn cancel_with_in(
        &self,
        conn: &mut Connection,
        actor: Actor,
        id: ReportId,
        pickup: PickupId,
        reason: &str,
    ) -> Result<Report, ReportError> {
        let now = self.ambient.now();
        let report =
            advance(conn, id, |report| Ok(report.cancel_with(pickup, reason.to_owned(), now)?))?;
        self.append(conn, actor, &report, cancelled(&report))?;
        Ok(report)
    }

    /// Lets reports expire that nobody took in time; at most `limit`, and says how many.
    pub fn expire_due_in(
        &self,
        conn: &mut Connection,
        now: Timestamp,
        limit: i64,
    ) -> Result<usize, ReportError> {
        let mut expired = 0;
        for id in store::due(conn, now, limit)? {
            match advance(conn, id, |report| Ok(report.expire(now)?)) {
                Ok(report) => {
                    let desa = report.region.desa.clone();
                    let fact = Fact::ReportExpired(ReportExpired { report: id, desa });
                    self.append(conn, Actor::Worker("reports"), &report, fact)?;
                    expired += 1;
                }
                // Somebody took it at the last moment.
                Err(ReportError::WrongState(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(expired)
    }
}

fn cancelled(report: &Report) -> Fact {
    let desa = report.region.desa.clone();
    Fact::ReportCancelled(ReportCancelled { report: report.id, desa })
}

/// Takes the step from the state that was read; when somebody was faster, reads and judges again.
fn advance(
    conn: &mut Connection,
    id: ReportId,
    step: impl Fn(Report) -> Result<Report, ReportError>,
) -> Result<Report, ReportError> {
    for _ in 0..ATTEMPTS {
        let before = store::find(conn, id)?.ok_or(ReportError::NotFound)?;
        let version = before.version;
        let after = step(before)?;
        if store::save(conn, version, &after)? {
            return Ok(after);
        }
    }
    Err(DatabaseError::Busy.into())
}
