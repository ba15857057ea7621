use database::Connection;
use event_log::{Actor, CollectorSuspended, CollectorVerified, Fact};
use primitives::{AccountId, CollectorId, RegionCode};

use super::{Collectors, replace};
use crate::{Collector, CollectorError, Reason, VerificationState, rules, store};

/// A member of staff and the regions that are his to decide about.
#[derive(Debug, Clone, Copy)]
pub struct Decider<'a> {
    /// Who decides.
    pub account: AccountId,
    /// Where he may.
    pub regions: &'a [RegionCode],
}

/// Which collectors staff want to see.
#[derive(Debug, Clone, Copy)]
pub struct StaffFilter<'a> {
    /// Only those based in one of these regions.
    pub regions: &'a [RegionCode],
    /// Only those in this state.
    pub verification: Option<VerificationState>,
}

impl Collectors {
    /// Staff let a collector work.
    pub fn verify_in(
        &self,
        conn: &mut Connection,
        decider: Decider<'_>,
        id: CollectorId,
    ) -> Result<Collector, CollectorError> {
        let before = self.collector_of_staff_in(conn, decider.regions, id)?;
        let changed = rules::verify(&before, decider.account, self.ambient.now())?;
        let fact = Fact::CollectorVerified(CollectorVerified { collector: id });
        self.decide_in(conn, decider.account, before, changed, fact)
    }

    /// Staff stop a collector from working.
    pub fn suspend_in(
        &self,
        conn: &mut Connection,
        decider: Decider<'_>,
        id: CollectorId,
        reason: &Reason,
    ) -> Result<Collector, CollectorError> {
        let before = self.collector_of_staff_in(conn, decider.regions, id)?;
        let changed = rules::suspend(&before, decider.account, self.ambient.now(), reason)?;
        let fact = Fact::CollectorSuspended(CollectorSuspended { collector: id });
        self.decide_in(conn, decider.account, before, changed, fact)
    }

    /// The first `limit` collectors after the given id that these staff may see, in the order of their ids.
    pub fn staff_page_in(
        &self,
        conn: &mut Connection,
        filter: StaffFilter<'_>,
        after: Option<CollectorId>,
        limit: i64,
    ) -> Result<Vec<Collector>, CollectorError> {
        let mut found = Vec::new();
        for region in filter.regions {
            found.extend(store::page_of_region(conn, region, filter.verification, after, limit)?);
        }
        // Grants may lie within each other.
        found.sort_by_key(|collector| collector.id);
        found.dedup_by_key(|collector| collector.id);
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(found)
    }

    fn collector_of_staff_in(
        &self,
        conn: &mut Connection,
        regions: &[RegionCode],
        id: CollectorId,
    ) -> Result<Collector, CollectorError> {
        let collector = self.collector_in(conn, id)?;
        if regions.iter().any(|region| region.contains(&collector.desa)) {
            Ok(collector)
        } else {
            Err(CollectorError::NotFound)
        }
    }

    fn decide_in(
        &self,
        conn: &mut Connection,
        by: AccountId,
        before: Collector,
        changed: Option<Collector>,
        fact: Fact,
    ) -> Result<Collector, CollectorError> {
        let Some(changed) = changed else { return Ok(before) };
        let after = replace(conn, &before, changed)?;
        self.append_in(conn, Actor::Account(by), &after, fact)?;
        Ok(after)
    }
}
