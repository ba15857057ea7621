//! The same answers, the slow way: look at every event for every question.

use std::collections::{BTreeMap, BTreeSet};

use catalog::{Catalog, MaterialCode};
use event_log::{Fact, PickupPaid};
use primitives::{RegionCode, Timestamp};

use crate::{BreakdownBy, Carbon, Day, Metric, Period, Summary};

pub(super) struct Model<'a> {
    pub(super) facts: &'a [(Timestamp, Fact)],
    pub(super) catalog: &'a Catalog,
}

/// Days by plain arithmetic: Sumatera is seven hours ahead of UTC, Papua nine.
fn day_of(desa: &RegionCode, moment: Timestamp) -> i64 {
    let hours = if desa.as_str().starts_with("12") { 7 } else { 9 };
    (moment.micros() + hours * 3_600_000_000).div_euclid(86_400_000_000)
}

impl Model<'_> {
    fn within(&self, region: &RegionCode, period: Period) -> Vec<&Fact> {
        let counts = |(moment, fact): &&(Timestamp, Fact)| {
            let desa = match fact {
                Fact::ReportOpened(it) => &it.desa,
                Fact::ReportClosed(it) => &it.desa,
                Fact::ReportCancelled(it) => &it.desa,
                Fact::ReportExpired(it) => &it.desa,
                Fact::PickupAssigned(it) => &it.desa,
                Fact::PickupPaid(it) => &it.desa,
                _ => return false,
            };
            let day = Day::new(day_of(desa, *moment));
            region.contains(desa) && period.from() <= day && day <= period.to()
        };
        self.facts.iter().filter(counts).map(|it| &it.1).collect()
    }

    fn paid(&self, region: &RegionCode, period: Period) -> Vec<&PickupPaid> {
        self.within(region, period)
            .into_iter()
            .filter_map(|fact| if let Fact::PickupPaid(paid) = fact { Some(paid) } else { None })
            .collect()
    }

    pub(super) fn summary(&self, region: &RegionCode, period: Period) -> Summary {
        let facts = self.within(region, period);
        let count = |is: fn(&Fact) -> bool| {
            i64::try_from(facts.iter().filter(|it| is(it)).count()).unwrap()
        };
        let paid = self.paid(region, period);
        let accepted = facts.iter().filter_map(|fact| match fact {
            Fact::PickupAssigned(it) => Some(it.seconds_to_acceptance.max(0)),
            _ => None,
        });
        Summary {
            reports: count(|fact| matches!(fact, Fact::ReportOpened(_))),
            reports_closed: count(|fact| matches!(fact, Fact::ReportClosed(_))),
            reports_cancelled: count(|fact| matches!(fact, Fact::ReportCancelled(_))),
            reports_expired: count(|fact| matches!(fact, Fact::ReportExpired(_))),
            pickups: self.value(Metric::Pickups, None, region, period),
            grams: self.value(Metric::Grams, None, region, period),
            rupiah_paid: self.value(Metric::RupiahPaid, None, region, period),
            households: self.value(Metric::Households, None, region, period),
            active_collectors: self.value(Metric::ActiveCollectors, None, region, period),
            median_seconds_to_acceptance: median(accepted.collect()),
            median_seconds_to_pickup: median(
                paid.iter().map(|it| it.seconds_to_pickup.max(0)).collect(),
            ),
            carbon: self.carbon(&paid),
        }
    }

    pub(super) fn value(
        &self,
        metric: Metric,
        material: Option<&str>,
        region: &RegionCode,
        period: Period,
    ) -> i64 {
        let paid = self.paid(region, period);
        let lines = || {
            let lines = paid.iter().flat_map(|it| &it.lines);
            lines.filter(|line| material.is_none_or(|wanted| line.material == wanted))
        };
        let distinct = |who: fn(&PickupPaid) -> String| {
            paid.iter().map(|it| who(it)).collect::<BTreeSet<_>>().len()
        };
        match metric {
            Metric::Reports => {
                let facts = self.within(region, period);
                let opened = facts.iter().filter(|it| matches!(it, Fact::ReportOpened(_)));
                i64::try_from(opened.count()).unwrap()
            }
            Metric::Pickups => i64::try_from(paid.len()).unwrap(),
            Metric::Grams => lines().map(|line| line.grams.get()).sum(),
            Metric::RupiahPaid => lines().map(|line| line.amount_rupiah.get()).sum(),
            Metric::Households => i64::try_from(distinct(|it| it.household.to_string())).unwrap(),
            Metric::ActiveCollectors => {
                i64::try_from(distinct(|it| it.collector.to_string())).unwrap()
            }
        }
    }

    /// Grams, rupiah and lines by key; keys without anything are left out.
    pub(super) fn lines_by(
        &self,
        by: BreakdownBy,
        region: &RegionCode,
        period: Period,
    ) -> BTreeMap<String, (i64, i64, i64)> {
        let mut sums = BTreeMap::<String, (i64, i64, i64)>::new();
        for paid in self.paid(region, period) {
            for line in &paid.lines {
                let key = match by {
                    BreakdownBy::Material => line.material.clone(),
                    BreakdownBy::CollectorKind => paid.collector_kind.clone(),
                    BreakdownBy::SipsnCategory => {
                        let code = MaterialCode::parse(&line.material).unwrap();
                        self.catalog.material(&code).unwrap().sipsn_category.clone()
                    }
                    BreakdownBy::Region => child_of(region, &paid.desa),
                };
                let sum = sums.entry(key).or_default();
                sum.0 += line.grams.get();
                sum.1 += line.amount_rupiah.get();
                sum.2 += 1;
            }
        }
        sums
    }

    fn carbon(&self, paid: &[&PickupPaid]) -> Carbon {
        let (mut avoided, mut meters) = (0i128, 0i128);
        let mut carbon = Carbon::default();
        for paid in paid {
            meters += i128::from(paid.distance_meters);
            for line in &paid.lines {
                let code = MaterialCode::parse(&line.material).unwrap();
                match &self.catalog.material(&code).unwrap().emission_factor {
                    Some(factor) => {
                        avoided += i128::from(line.grams.get() * factor.grams_co2e_per_kg);
                        carbon.factor_sets.insert(factor.set.clone());
                    }
                    None => carbon.not_estimated_grams += line.grams.get(),
                }
            }
        }
        carbon.avoided_grams = i64::try_from((avoided + 500) / 1_000).unwrap();
        // There and back, 1.3 times as far by road, 70 g per 1,000 m.
        carbon.trip_grams = i64::try_from((meters * 2 * 13 * 70 + 5_000) / 10_000).unwrap();
        carbon
    }
}

fn child_of(region: &RegionCode, desa: &RegionCode) -> String {
    let groups = region.as_str().split('.').count() + 1;
    desa.as_str().split('.').take(groups).collect::<Vec<_>>().join(".")
}

fn median(mut waits: Vec<i64>) -> Option<i64> {
    waits.sort_unstable();
    let upper = *waits.get(waits.len() / 2)?;
    let lower = if waits.len().is_multiple_of(2) { waits[waits.len() / 2 - 1] } else { upper };
    Some((lower + upper) / 2)
}
