use std::collections::{BTreeMap, BTreeSet, HashMap};

use primitives::{CollectorId, RegionCode, ReportId, Timestamp};

use super::Waiting;
use crate::{
    assignment::{Assignment, Choice, assign},
    ranking::Load,
};

/// A report that is to be matched together with others.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Candidate {
    /// Which report.
    pub(super) report: ReportId,
    /// What it takes up on a vehicle.
    pub(super) load: Load,
    /// The nearest who are eligible, and how far away they are in meters.
    pub(super) nearest: Vec<(CollectorId, u32)>,
}

/// How many reports of one batch a collector is asked about at most.
const MOST_PLACES: i64 = 8;

/// Leaves out what still waits for others to be matched with; says which reports are to be matched together now.
pub(super) fn gathered(
    waiting: Vec<Waiting<'_>>,
    now: Timestamp,
) -> (Vec<Waiting<'_>>, Vec<BTreeSet<ReportId>>) {
    let mut batches: BTreeMap<RegionCode, Batch> = BTreeMap::new();
    for one in &waiting {
        if let (Some(gathering), Some(kabupaten), None) =
            (one.policy.gathering, &one.kabupaten, one.last_wave)
        {
            let batch = batches.entry(kabupaten.clone()).or_default();
            batch.reports.insert(one.report);
            batch.is_ready |= one.opened_at.plus(gathering.wait) <= now;
        }
    }
    let (ready, early): (Vec<Batch>, Vec<Batch>) =
        batches.into_values().partition(|batch| batch.is_ready);
    let waits = |one: &Waiting<'_>| early.iter().any(|batch| batch.reports.contains(&one.report));
    let due = waiting.into_iter().filter(|one| !waits(one)).collect();
    (due, ready.into_iter().map(|batch| batch.reports).collect())
}

#[derive(Default)]
struct Batch {
    reports: BTreeSet<ReportId>,
    is_ready: bool,
}

/// To whom each report falls, so that all ways to the doors together are the shortest; none where no room was left.
///
/// A collector is given at most as many as fit on his vehicle however they are chosen: the largest load so many times.
pub(super) fn pair(
    candidates: &[Candidate],
    free: impl Fn(CollectorId) -> Load,
) -> HashMap<ReportId, CollectorId> {
    let mut largest: BTreeMap<CollectorId, Load> = BTreeMap::new();
    for candidate in candidates {
        for (collector, _) in &candidate.nearest {
            let load = largest.entry(*collector).or_default();
            load.grams = load.grams.max(candidate.load.grams);
            load.milliliters = load.milliliters.max(candidate.load.milliliters);
        }
    }
    let places: Vec<u32> =
        largest.iter().map(|(collector, load)| places_for(free(*collector), *load)).collect();
    let numbers: HashMap<CollectorId, u32> = largest.keys().copied().zip(0..).collect();
    let choice = |(collector, cost): &(CollectorId, u32)| {
        Some(Choice { cost: *cost, collector: *numbers.get(collector)? })
    };
    let rows = candidates.iter().map(|it| it.nearest.iter().filter_map(choice).collect());
    let Assignment { collectors, .. } = assign(rows.collect(), &places);
    let names: Vec<CollectorId> = largest.into_keys().collect();
    let pairs = candidates.iter().zip(collectors).filter_map(|(candidate, number)| {
        let place = usize::try_from(number?).ok()?;
        Some((candidate.report, *names.get(place)?))
    });
    pairs.collect()
}

/// How many loads of this size fit, by weight and by volume.
fn places_for(free: Load, largest: Load) -> u32 {
    let fit = |room: i64, load: i64| if load > 0 { room.max(0) / load } else { MOST_PLACES };
    let places = fit(free.grams, largest.grams).min(fit(free.milliliters, largest.milliliters));
    u32::try_from(places.min(MOST_PLACES)).unwrap_or(0)
}
