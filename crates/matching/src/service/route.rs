use database::{Connection, DatabaseError};
use primitives::{CollectorId, Coordinates, Invalid};

use crate::{Matcher, MatchingError, Workday, workday::Driver};

impl Matcher {
    /// The collector's open jobs as they stand now; `seen` is where he was lately. Planning them is left to the caller,
    /// who holds no connection meanwhile. Who may not work any more still has to do what he has accepted.
    pub fn workday_in(
        &self,
        conn: &mut Connection,
        collector: CollectorId,
        seen: Option<Coordinates>,
    ) -> Result<Workday, MatchingError> {
        let sources = self.sources();
        let profile = sources.collectors.collector_in(conn, collector)?;
        let vehicle = self.vehicle(&profile.vehicle).ok_or_else(|| {
            DatabaseError::corrupt("collector", collector, Invalid("vehicle_unknown"))
        })?;
        let mut jobs = Vec::new();
        for pickup in sources.pickups.open_jobs_in(conn, collector)? {
            let report = sources.reports.find_in(conn, pickup.report)?;
            jobs.push((pickup, report));
        }
        let driver = Driver { vehicle, base: profile.base.coordinates, seen };
        Ok(Workday::of(&driver, jobs, self.ambient().now()))
    }
}
