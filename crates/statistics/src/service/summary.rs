use std::collections::BTreeMap;

use database::{Connection, DatabaseError};
use primitives::RegionCode;

use super::Statistics;
use crate::{
    Carbon, Period, carbon,
    presence::Role,
    store::{self, By, Scope},
    wait::Measure,
};

/// What happened in a region within a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Reports opened.
    pub reports: i64,
    /// Reports that ended well.
    pub reports_closed: i64,
    /// Reports called off.
    pub reports_cancelled: i64,
    /// Reports nobody took in time.
    pub reports_expired: i64,
    /// Jobs done and paid.
    pub pickups: i64,
    /// What was weighed in.
    pub grams: i64,
    /// What households were paid.
    pub rupiah_paid: i64,
    /// Different households that sold.
    pub households: i64,
    /// Different collectors who bought.
    pub active_collectors: i64,
    /// Half of all acceptances came within this time; none, no median.
    pub median_seconds_to_acceptance: Option<i64>,
    /// Half of all weigh-ins came within this time; none, no median.
    pub median_seconds_to_pickup: Option<i64>,
    /// What became of the climate.
    pub carbon: Carbon,
}

impl Summary {
    /// Of the reports that ended within the period, how many of a thousand ended well; none ended, no rate.
    pub const fn completion_rate_permille(&self) -> Option<i64> {
        let ended = self.reports_closed + self.reports_cancelled + self.reports_expired;
        (self.reports_closed * 1_000 + ended / 2).checked_div(ended)
    }
}

impl Statistics {
    /// What happened in a region within a period.
    pub fn summary_in(
        &self,
        conn: &mut Connection,
        region: &RegionCode,
        period: Period,
    ) -> Result<Summary, DatabaseError> {
        let scope = Scope { region: region.clone(), period };
        let reports = store::reports(conn, &scope, By::Region)?;
        let reports = reports.into_values().next().unwrap_or_default();
        let pickups = store::pickups(conn, &scope, By::Region)?;
        let pickups = pickups.into_values().next().unwrap_or_default();
        let cells = store::cells(conn, &scope, By::Material, None)?;
        let weights: BTreeMap<String, i64> =
            cells.into_iter().map(|(material, cell)| (material, cell.grams)).collect();
        Ok(Summary {
            reports: reports.opened,
            reports_closed: reports.closed,
            reports_cancelled: reports.cancelled,
            reports_expired: reports.expired,
            pickups: pickups.pickups,
            grams: weights.values().sum(),
            rupiah_paid: pickups.amount_rupiah,
            households: store::active(conn, &scope, Role::Household)?,
            active_collectors: store::active(conn, &scope, Role::Collector)?,
            median_seconds_to_acceptance: store::median(conn, &scope, Measure::Acceptance)?,
            median_seconds_to_pickup: store::median(conn, &scope, Measure::Pickup)?,
            carbon: carbon::estimate(&weights, pickups.distance_meters, &self.catalog),
        })
    }
}
