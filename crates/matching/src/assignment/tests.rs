use lapjv::lapjv;
use proptest::{collection::vec, prelude::*};

use super::*;

fn row(costs: &[Option<u32>]) -> Vec<Choice> {
    let choice =
        |(collector, cost): (u32, &Option<u32>)| Some(Choice { cost: (*cost)?, collector });
    (0..).zip(costs).filter_map(choice).collect()
}

/// The oracle for small questions: tries everything. How many are left out, and the cost.
fn best(rows: &[Vec<Choice>], places: &mut [u32]) -> (usize, u64) {
    let Some((first, rest)) = rows.split_first() else { return (0, 0) };
    let (left_out, cost) = best(rest, places);
    let mut found = (left_out + 1, cost);
    for choice in first {
        let place = usize::try_from(choice.collector).unwrap();
        if places[place] > 0 {
            places[place] -= 1;
            let (left_out, cost) = best(rest, places);
            places[place] += 1;
            found = found.min((left_out, cost + u64::from(choice.cost)));
        }
    }
    found
}

/// Always the cheapest pair that is still possible.
fn greedy(rows: &[Vec<Choice>], places: &[u32]) -> (usize, u64) {
    let mut pairs: Vec<(u32, usize, u32)> = Vec::new();
    for (report, choices) in rows.iter().enumerate() {
        pairs.extend(choices.iter().map(|choice| (choice.cost, report, choice.collector)));
    }
    pairs.sort_unstable();
    let (mut places, mut has_place) = (places.to_vec(), vec![false; rows.len()]);
    let mut total = 0;
    for (cost, report, collector) in pairs {
        let left = &mut places[usize::try_from(collector).unwrap()];
        if *left > 0 && !has_place[report] {
            *left -= 1;
            has_place[report] = true;
            total += u64::from(cost);
        }
    }
    (has_place.iter().filter(|has| !**has).count(), total)
}

/// What the assignment comes to, after checking that it keeps to choices and places.
fn checked(rows: &[Vec<Choice>], places: &[u32]) -> (usize, u64) {
    let found = assign(rows.to_vec(), places);
    let mut left = places.to_vec();
    let mut total = 0;
    for (choices, collector) in rows.iter().zip(&found.collectors) {
        let Some(collector) = collector else { continue };
        let choice = choices.iter().find(|choice| choice.collector == *collector).unwrap();
        total += u64::from(choice.cost);
        let left = &mut left[usize::try_from(*collector).unwrap()];
        *left = left.checked_sub(1).expect("more than he has places for");
    }
    assert_eq!(total, found.cost);
    (found.collectors.iter().filter(|collector| collector.is_none()).count(), total)
}

prop_compose! {
    /// Few different costs, so that ties are common, and many pairs that cannot be.
    fn question(reports: usize, collectors: usize, dearest: u32)(
        rows in vec(vec(prop_oneof![1 => Just(None), 3 => (0..dearest).prop_map(Some)], collectors), 0..=reports),
        places in vec(0u32..4, collectors),
    ) -> (Vec<Vec<Choice>>, Vec<u32>) {
        (rows.iter().map(|costs| row(costs)).collect(), places)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn nobody_finds_a_better_one((rows, places) in question(6, 4, 12)) {
        prop_assert_eq!(checked(&rows, &places), best(&rows, &mut places.clone()));
    }

    #[test]
    fn it_is_never_worse_than_greedy((rows, places) in question(30, 12, 1_000)) {
        prop_assert!(checked(&rows, &places) <= greedy(&rows, &places));
    }
}

/// On a full matrix with one place each.
fn agrees_with_the_library(
    size: usize,
    cost: impl Fn(usize, usize) -> u32,
) -> Result<(), TestCaseError> {
    let matrix = lapjv::Matrix::from_shape_fn((size, size), |(report, collector)| {
        f64::from(cost(report, collector))
    });
    let (rows, _) = lapjv(&matrix).unwrap();
    let expected: u64 =
        rows.iter().enumerate().map(|(report, &other)| u64::from(cost(report, other))).sum();
    let costs_of = |report| (0..size).map(|other| Some(cost(report, other))).collect::<Vec<_>>();
    let rows: Vec<Vec<Choice>> = (0..size).map(|report| row(&costs_of(report))).collect();
    prop_assert_eq!(checked(&rows, &vec![1; size]), (0, expected));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, ..ProptestConfig::default() })]

    /// Everybody has the same nearest collectors, far more than are kept at hand, and most must go elsewhere.
    #[test]
    fn a_crowd_at_one_end_of_the_road_is_spread_along_it(
        reports in vec(0u32..1_000, 150),
        collectors in vec(0u32..100_000, 150),
    ) {
        agrees_with_the_library(150, |report, other| reports[report].abs_diff(collectors[other]))?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn a_full_matrix_comes_to_what_the_library_says(
        size in 1usize..70,
        dearest in prop_oneof![Just(4u32), Just(100), Just(1_000_000)],
        costs in vec(any::<u32>(), 70 * 70),
    ) {
        let cost = |report: usize, collector: usize| costs[report * 70 + collector] % dearest;
        agrees_with_the_library(size, cost)?;
    }
}

#[test]
fn nobody_and_nothing_are_fine() {
    assert_eq!(assign(vec![], &[]), Assignment { collectors: vec![], cost: 0 });
    assert_eq!(assign(vec![vec![]], &[3]).collectors, [None]);
    let stranger = vec![Choice { cost: 1, collector: 9 }];
    assert_eq!(assign(vec![stranger], &[3]).collectors, [None]);
}
