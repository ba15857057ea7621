use std::cmp::Reverse;

use primitives::Rupiah;

use super::{Appraisal, Job, Judge, Score, Standing};

/// The least that would have lifted a runner-up above the one before him, all else equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counterfactual {
    /// What would have to be different.
    pub change: Change,
    /// Where he would stand then; counts from 1.
    pub rank: usize,
}

/// What would have to be different about a collector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// He sets out from so much nearer.
    Nearer {
        /// As the crow flies.
        meters: u32,
    },
    /// Being at the door already is not enough, but he pays so much more.
    Paying {
        /// For everything together.
        more: Rupiah,
    },
}

impl Judge<'_> {
    /// What would have lifted the one in this place of a ranking (0 is the best); nothing for the best himself, and for
    /// those whom neither nearness nor price can help.
    ///
    /// The score only ever rises with nearness and payout, so the formulas are inverted exactly by halving.
    pub fn counterfactual(
        &self,
        job: &Job,
        standing: &Standing,
        ranked: &[Appraisal],
        place: usize,
    ) -> Option<Counterfactual> {
        let (own, above) = (ranked.get(place)?, ranked.get(..place)?);
        let rival = above.last()?.rank_key();
        let key = |score: Score| (Reverse(score), own.collector);
        let nearer = |meters: i64| {
            let meters = u32::try_from(meters).unwrap_or(u32::MAX);
            let left = own.distance_meters.saturating_sub(meters);
            key(self.score(job, standing, &own.deal, left))
        };
        let paying = |more: i64| {
            let payout = Rupiah::new(own.deal.payout.get().saturating_add(more));
            key(self.score(job, standing, &own.deal.paying(payout), own.distance_meters))
        };
        let rank = |key| above.partition_point(|other| other.rank_key() < key) + 1;
        if let Some(meters) = least(i64::from(own.distance_meters), |it| nearer(it) < rival) {
            let change = Change::Nearer { meters: u32::try_from(meters).ok()? };
            return Some(Counterfactual { change, rank: rank(nearer(meters)) });
        }
        // Beyond the top of the reference prices nothing is gained.
        let headroom = job.top_payout.get().saturating_sub(own.deal.payout.get());
        let more = least(headroom, |it| paying(it) < rival)?;
        let change = Change::Paying { more: Rupiah::new(more) };
        Some(Counterfactual { change, rank: rank(paying(more)) })
    }
}

/// The least number from 1 to `most` that suffices, where every number above one that suffices does too.
fn least(most: i64, suffices: impl Fn(i64) -> bool) -> Option<i64> {
    if most < 1 || !suffices(most) {
        return None;
    }
    let (mut too_little, mut enough) = (0, most);
    while enough - too_little > 1 {
        let middle = too_little + (enough - too_little) / 2;
        if suffices(middle) { enough = middle } else { too_little = middle }
    }
    Some(enough)
}

#[cfg(test)]
mod tests {
    use primitives::Coordinates;
    use proptest::prelude::*;

    use super::*;
    use crate::{
        index::{Fleet, whole_meters},
        ranking::{Contender, Sighting},
        worlds::{NOON, crowd, job, weights},
    };

    /// A point towards `to` from which it is exactly so many meters.
    fn at_distance(from: Coordinates, to: Coordinates, meters: u32) -> Option<Coordinates> {
        let between = |part: f64| {
            let lat = to.lat() + (from.lat() - to.lat()) * part;
            Coordinates::parse(lat, to.lon() + (from.lon() - to.lon()) * part).unwrap()
        };
        let (mut near, mut far) = (0.0, 1.0);
        for _ in 0..60 {
            let middle = f64::midpoint(near, far);
            let there = between(middle);
            match whole_meters(there, to).cmp(&meters) {
                std::cmp::Ordering::Equal => return Some(there),
                std::cmp::Ordering::Less => near = middle,
                std::cmp::Ordering::Greater => far = middle,
            }
        }
        None
    }

    fn rank_after_moving(
        crowd: &[Contender],
        (job, judge): (&Job, &Judge<'_>),
        who: &Appraisal,
        meters: u32,
    ) -> Option<usize> {
        let mut moved = crowd.to_vec();
        let own = moved.iter_mut().find(|one| one.collector == who.collector)?;
        let left = who.distance_meters - meters;
        // Whoever has been lost from sight would be found by moving.
        if own.sighting == Sighting::Stale {
            return None;
        }
        own.sighting = Sighting::Fresh(at_distance(own.whereabouts(), job.place, left)?);
        let ranked = Fleet::build(&moved).rank(job, judge, usize::MAX);
        Some(ranked.iter().position(|it| it.collector == who.collector)? + 1)
    }

    proptest! {
        #[test]
        fn who_moves_as_told_ranks_as_told_and_a_meter_less_does_not_help(
            crowd in crowd(30),
            job in job(),
            weights in weights(),
        ) {
            let judge = Judge { weights: &weights, now: NOON };
            let ranked = Fleet::build(&crowd).rank(&job, &judge, usize::MAX);
            for (place, own) in ranked.iter().enumerate() {
                let contender = crowd.iter().find(|one| one.collector == own.collector).unwrap();
                let standing = Standing::of(contender);
                match judge.counterfactual(&job, &standing, &ranked, place) {
                    Some(Counterfactual { change: Change::Nearer { meters }, rank }) => {
                        prop_assert!(rank <= place);
                        let after = |meters| rank_after_moving(&crowd, (&job, &judge), own, meters);
                        if let Some(after) = after(meters) {
                            prop_assert_eq!(after, rank);
                        }
                        if let Some(short_of_it) = after(meters - 1) {
                            prop_assert_eq!(short_of_it, place + 1);
                        }
                    }
                    Some(Counterfactual { change: Change::Paying { more }, rank }) => {
                        let after = |more: i64| {
                            let payout = Rupiah::new(own.deal.payout.get() + more);
                            let deal = own.deal.paying(payout);
                            let raised = judge.appraise(&job, own.collector, &standing, deal);
                            let better = |it: &&Appraisal| it.rank_key() < raised.rank_key();
                            ranked.iter().filter(|it| it.collector != own.collector).filter(better).count() + 1
                        };
                        prop_assert_eq!(after(more.get()), rank);
                        prop_assert_eq!(after(more.get() - 1), place + 1);
                    }
                    None => {}
                }
            }
        }

        #[test]
        fn the_least_is_the_first_that_suffices(most in 0i64..1_000, first in 0i64..1_200) {
            let scanned = (1..=most).find(|&number| number >= first);
            prop_assert_eq!(least(most, |number| number >= first), scanned);
        }
    }
}
