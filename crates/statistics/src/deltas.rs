use std::collections::BTreeMap;

use diesel::{QueryableByName, sql_types::BigInt};
use event_log::{PickupPaid, WeighedLine};
use primitives::RegionCode;

use crate::{
    Day,
    wait::{Measure, bucket_of},
};

/// What a batch of events adds to the figures. Sorted, so that two writers lock rows in the same order.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Deltas {
    pub(crate) reports: BTreeMap<(RegionCode, Day), Reports>,
    pub(crate) pickups: BTreeMap<(RegionCode, Day, String), Pickups>,
    pub(crate) cells: BTreeMap<(RegionCode, Day, String, String), Cell>,
    pub(crate) waits: BTreeMap<(RegionCode, Measure, Day, i64), i64>,
    pub(crate) seconds: BTreeMap<(Measure, i64, RegionCode, Day, i64), i64>,
}

/// How many reports began and ended, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, QueryableByName)]
pub(crate) struct Reports {
    #[diesel(sql_type = BigInt)]
    pub(crate) opened: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) closed: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) cancelled: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) expired: i64,
}

/// Jobs done, what was paid, and how far the collectors went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, QueryableByName)]
pub(crate) struct Pickups {
    #[diesel(sql_type = BigInt)]
    pub(crate) pickups: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) amount_rupiah: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) distance_meters: i64,
}

/// What was sold of one material to one kind of collector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, QueryableByName)]
pub(crate) struct Cell {
    #[diesel(sql_type = BigInt)]
    pub(crate) grams: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) amount_rupiah: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) lines: i64,
}

/// The region itself and every region above it.
pub(crate) fn levels_of(desa: &RegionCode) -> impl Iterator<Item = RegionCode> {
    std::iter::successors(Some(desa.clone()), RegionCode::parent)
}

impl Deltas {
    /// Counts a report's beginning or end on every level.
    pub(crate) fn add_report(&mut self, desa: &RegionCode, day: Day, count: fn(&mut Reports)) {
        for region in levels_of(desa) {
            count(self.reports.entry((region, day)).or_default());
        }
    }

    /// Counts a finished job on every level.
    pub(crate) fn add_pickup(&mut self, paid: &PickupPaid, day: Day) {
        for region in levels_of(&paid.desa) {
            let key = (region.clone(), day, paid.collector_kind.clone());
            let pickups = self.pickups.entry(key).or_default();
            pickups.pickups += 1;
            pickups.amount_rupiah += paid.amount_rupiah.get();
            pickups.distance_meters += paid.distance_meters.max(0);
            for line in &paid.lines {
                self.add_line(&region, day, &paid.collector_kind, line);
            }
        }
    }

    fn add_line(&mut self, region: &RegionCode, day: Day, kind: &str, line: &WeighedLine) {
        let key = (region.clone(), day, line.material.clone(), kind.to_owned());
        let cell = self.cells.entry(key).or_default();
        cell.grams += line.grams.get();
        cell.amount_rupiah += line.amount_rupiah.get();
        cell.lines += 1;
    }

    /// Counts a wait, roughly on every level and to the second in its desa. Clocks that disagree make no wait negative.
    pub(crate) fn add_wait(&mut self, measure: Measure, desa: &RegionCode, day: Day, seconds: i64) {
        let seconds = seconds.max(0);
        let bucket = bucket_of(seconds);
        for region in levels_of(desa) {
            *self.waits.entry((region, measure, day, bucket)).or_default() += 1;
        }
        *self.seconds.entry((measure, bucket, desa.clone(), day, seconds)).or_default() += 1;
    }
}
