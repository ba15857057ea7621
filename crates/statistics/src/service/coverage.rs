use database::{Connection, DatabaseError};
use primitives::RegionCode;

use super::Statistics;
use crate::{
    Period,
    store::{self, Scope},
};

/// A village whose reports nobody accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The village.
    pub region: RegionCode,
    /// What people call it; absent when the table has forgotten it.
    pub name: Option<String>,
    /// Reports opened there.
    pub reports: i64,
    /// Reports that expired there.
    pub reports_expired: i64,
}

impl Statistics {
    /// The villages within a region where reports were opened and no collector accepted any, most reports first.
    pub fn coverage_in(
        &self,
        conn: &mut Connection,
        region: &RegionCode,
        period: Period,
    ) -> Result<Vec<Gap>, DatabaseError> {
        let scope = Scope { region: region.clone(), period };
        let gap = |(code, reports): (RegionCode, crate::deltas::Reports)| Gap {
            name: self.regions.get(&code).map(|region| region.name),
            region: code,
            reports: reports.opened,
            reports_expired: reports.expired,
        };
        let mut gaps: Vec<Gap> =
            store::without_acceptance(conn, &scope)?.into_iter().map(gap).collect();
        gaps.sort_by(|one, other| {
            other.reports.cmp(&one.reports).then_with(|| one.region.cmp(&other.region))
        });
        Ok(gaps)
    }
}
