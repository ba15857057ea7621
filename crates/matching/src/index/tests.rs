use proptest::{collection::vec, prelude::*};

use super::*;
use crate::{
    ranking::{Appraisal, Contender, Job, Judge, Standing, Weights, eligible},
    worlds::{NOON, crowd, job, report, weights, worlds},
};

/// The oracle: asks everybody, one after the other, and sorts.
fn brute_force(crowd: &[Contender], job: &Job, judge: &Judge<'_>) -> Vec<Appraisal> {
    let mut all: Vec<Appraisal> = crowd
        .iter()
        .filter(|contender| eligible(contender, job).is_ok())
        .map(|contender| {
            let deal = job.deal_at(&contender.prices).unwrap();
            judge.appraise(job, contender.collector, &Standing::of(contender), deal)
        })
        .collect();
    all.sort_by_key(Appraisal::rank_key);
    all
}

/// The same, nearest first.
fn by_distance(mut all: Vec<Appraisal>) -> Vec<Appraisal> {
    all.sort_by_key(|appraisal| (appraisal.distance_meters, appraisal.collector));
    all
}

proptest! {
    #![proptest_config(worlds())]

    #[test]
    fn the_index_answers_exactly_as_a_scan_does(
        crowd in crowd(80),
        jobs in vec(job(), 1..4),
        most in 0usize..30,
        weights in weights(),
    ) {
        let judge = Judge { weights: &weights, now: NOON };
        let fleet = Fleet::build(&crowd);
        for job in &jobs {
            let mut expected = brute_force(&crowd, job, &judge);
            prop_assert_eq!(fleet.rank(job, &judge, usize::MAX), expected.clone());
            expected.truncate(most);
            prop_assert_eq!(fleet.rank(job, &judge, most), expected);
        }
    }

    #[test]
    fn who_has_moved_is_ranked_where_he_is_now(
        crowd in crowd(80),
        others in crowd(80),
        job in job(),
        most in 0usize..30,
    ) {
        let judge = Judge { weights: &Weights::CANDIDATES, now: NOON };
        let elsewhere = others.iter().map(|other| other.sighting).chain(std::iter::repeat_with(Default::default));
        let moved: Vec<Contender> =
            crowd.iter().zip(elsewhere).map(|(who, sighting)| Contender { sighting, ..who.clone() }).collect();
        let fleet = Fleet::build(&crowd).moved(&moved);
        let anew = Fleet::build(&moved);
        prop_assert_eq!(fleet.rank(&job, &judge, most), anew.rank(&job, &judge, most));
        prop_assert_eq!(fleet.nearest(&job, &judge, most), anew.nearest(&job, &judge, most));
    }

    #[test]
    fn the_nearest_are_those_whom_a_scan_finds(
        crowd in crowd(80),
        jobs in vec(job(), 1..4),
        most in 0usize..30,
        radius_meters in 0u32..20_000,
    ) {
        let judge = Judge { weights: &Weights::CANDIDATES, now: NOON };
        let fleet = Fleet::build(&crowd);
        for job in &jobs {
            let mut expected = by_distance(brute_force(&crowd, job, &judge));
            let within = expected.partition_point(|appraisal| appraisal.distance_meters <= radius_meters);
            prop_assert_eq!(&fleet.within(job, &judge, radius_meters), &expected[..within]);
            expected.truncate(most);
            prop_assert_eq!(fleet.nearest(job, &judge, most), expected);
        }
    }

    #[test]
    fn a_feed_is_the_same_question_from_the_other_side(
        crowd in crowd(4),
        jobs in vec(job(), 0..60),
        weights in weights(),
    ) {
        let judge = Judge { weights: &weights, now: NOON };
        let postings: Vec<Posting> = jobs
            .into_iter()
            .enumerate()
            .map(|(number, job)| Posting { report: report(number * 31 % 61), job })
            .collect();
        let board = Board::build(postings.clone());
        for contender in &crowd {
            let alone = std::slice::from_ref(contender);
            let mut expected: Vec<_> = postings
                .iter()
                .filter_map(|posting| Some((posting, *brute_force(alone, &posting.job, &judge).first()?)))
                .collect();
            expected.sort_by_key(|(posting, appraisal)| posting.rank_key(appraisal));
            prop_assert_eq!(board.feed(contender, &judge), expected);
        }
    }
}
