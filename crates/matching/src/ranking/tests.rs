use primitives::{Coordinates, UnitPrice};
use proptest::prelude::*;

use super::*;
use crate::worlds::{NOON, account, collector, crowd, job, weights};

fn appraise(contender: &Contender, job: &Job, weights: &Weights) -> Option<Appraisal> {
    let deal = job.deal_at(&contender.prices)?;
    let judge = Judge { weights, now: NOON };
    Some(judge.appraise(job, contender.collector, &Standing::of(contender), deal))
}

/// A contender and a job that he could be asked to do.
fn pair() -> impl Strategy<Value = (Contender, Job)> {
    (crowd(2), job()).prop_filter_map("somebody who buys", |(crowd, job)| {
        let contender = crowd.into_iter().next()?;
        job.deal_at(&contender.prices).is_some().then_some((contender, job))
    })
}

/// The point a part of the way from one to the other.
fn between(from: Coordinates, to: Coordinates, hundredths: u32) -> Coordinates {
    let part = f64::from(hundredths) / 100.0;
    let lat = from.lat() + (to.lat() - from.lat()) * part;
    Coordinates::parse(lat, from.lon() + (to.lon() - from.lon()) * part).unwrap()
}

proptest! {
    #[test]
    fn a_score_is_the_exact_sum_of_its_parts((contender, job) in pair(), weights in weights()) {
        let appraisal = appraise(&contender, &job, &weights).unwrap();
        let parts = appraisal.parts(&weights);
        let sum: u32 = parts.iter().map(|part| part.contribution.millionths()).sum();
        prop_assert_eq!(sum, appraisal.score.millionths());
        prop_assert!(sum <= 1_000_000);
        for part in parts {
            let product = part.value.as_fraction() * f64::from(part.percent) / 100.0;
            prop_assert!((product - part.contribution.as_fraction()).abs() < 1e-9);
        }
    }

    #[test]
    fn a_score_is_a_short_decimal(millionths in 0u32..=1_000_000) {
        let text = Score::from_millionths(millionths).as_fraction().to_string();
        let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
        prop_assert!(decimals.len() <= 6);
        let read: u32 = format!("{whole}{decimals:0<6}").parse().unwrap();
        prop_assert_eq!(read, millionths);
    }

    #[test]
    fn nearer_never_ranks_worse((contender, job) in pair(), hundredths in 0u32..=100) {
        let closer = between(contender.whereabouts(), job.place, hundredths);
        let moved = Contender { sighting: Sighting::Fresh(closer), ..contender.clone() };
        let (before, after) = (
            appraise(&contender, &job, &Weights::CANDIDATES).unwrap(),
            appraise(&moved, &job, &Weights::CANDIDATES).unwrap(),
        );
        // A straight line on the map is not quite one on the ground.
        prop_assume!(after.distance_meters <= before.distance_meters);
        prop_assert!(after.rank_key() <= before.rank_key());
    }

    #[test]
    fn better_paying_never_ranks_worse((contender, job) in pair(), line in 0usize..4, more in 0i64..5_000) {
        let mut generous = contender.clone();
        if let Some(price) = generous.prices.get_mut(line) {
            price.price = UnitPrice::parse(price.price.get() + more).unwrap();
        }
        let before = appraise(&contender, &job, &Weights::CANDIDATES).unwrap();
        let after = appraise(&generous, &job, &Weights::CANDIDATES).unwrap();
        prop_assert!(after.deal.payout >= before.deal.payout);
        prop_assert!(after.rank_key() <= before.rank_key());
    }

    #[test]
    fn a_better_record_never_ranks_worse((contender, job) in pair(), stars in 0u32..=5) {
        let record = contender.record;
        let kept_one_more = Record { promised: record.promised + 1, kept: record.kept + 1, ..record };
        let broke_one_less = Record { promised: record.promised.max(record.kept + 1) - 1, ..record };
        let best_rated = Record { ratings: record.ratings + 1, stars: record.stars + 5, ..record };
        let better_rated = Record { stars: record.stars.max(record.ratings * stars), ..record };
        let before = appraise(&contender, &job, &Weights::CANDIDATES).unwrap();
        for record in [kept_one_more, broke_one_less, best_rated, better_rated] {
            let better = Contender { record, ..contender.clone() };
            let after = appraise(&better, &job, &Weights::CANDIDATES).unwrap();
            prop_assert!(after.rank_key() <= before.rank_key());
        }
    }

    #[test]
    fn being_found_never_ranks_worse((contender, job) in pair()) {
        let lost = Contender { sighting: Sighting::Stale, ..contender.clone() };
        let found = Contender { sighting: Sighting::Fresh(contender.base), ..contender };
        let before = appraise(&lost, &job, &Weights::CANDIDATES).unwrap();
        let after = appraise(&found, &job, &Weights::CANDIDATES).unwrap();
        prop_assert_eq!(before.eta_seconds - after.eta_seconds, 600);
        prop_assert!(after.rank_key() <= before.rank_key());
    }

    #[test]
    fn lighter_and_emptier_never_rank_worse((contender, job) in pair(), grams in 0i64..50_000) {
        let carried = Load { grams: contender.carried.grams + grams, ..contender.carried };
        let fuller = Contender { carried, ..contender.clone() };
        let before = appraise(&fuller, &job, &Weights::CANDIDATES).unwrap();
        let after = appraise(&contender, &job, &Weights::CANDIDATES).unwrap();
        prop_assert!(after.rank_key() <= before.rank_key());
    }

    #[test]
    fn asking_for_less_keeps_nobody_away((contender, job) in pair(), more in 1i64..=100, less in 1i64..=100) {
        // No report is without items.
        prop_assume!(!job.items.is_empty());
        let asking = |percent| Job {
            minimum_share: reports::MinimumShare::parse(percent).unwrap(),
            ..job.clone()
        };
        let deal = |percent: i64| asking(percent).deal_at(&contender.prices);
        if let Some(found) = deal(more) {
            prop_assert_eq!(deal(less.min(more)), Some(found));
            let taken = job.items.iter().enumerate().filter(|(position, _)| found.takes(*position));
            let load = taken.fold(Load::default(), |sum, (_, item)| sum.plus(item.load));
            prop_assert_eq!(found.load, load);
        }
    }

    #[test]
    fn the_parts_that_are_bounded_alone_are_those_of_the_score((contender, job) in pair(), weights in weights()) {
        let judge = Judge { weights: &weights, now: NOON };
        let appraisal = appraise(&contender, &job, &weights).unwrap();
        let (values, percent) = (&appraisal.values, &weights.percent);
        let way = values.travel_time.weighing(percent.travel_time);
        let seconds = f64::from(u32::try_from(appraisal.eta_seconds).unwrap());
        let at_most = judge.way_at_most(seconds);
        // A value is rounded down to a ten-thousandth; the bound is not.
        let rounding = Score::from_millionths(weights.percent.travel_time + 1);
        prop_assert!(way <= at_most && at_most <= way.plus(rounding));
        let fit = values.window_fit.weighing(percent.window_fit);
        let standstill = fit.plus(values.ageing.weighing(percent.ageing));
        prop_assert_eq!(judge.standstill(&job, appraisal.eta_seconds), standstill);
        prop_assert_eq!(judge.payout(&job, appraisal.deal.payout), values.payout.weighing(percent.payout));
        // The room of an empty vehicle of his, less what the load takes: never less than what is left.
        let room = spare_capacity(contender.capacity, contender.free(), Load::default());
        let most = room.weighing(percent.spare_capacity).less(judge.room_taken(&job, contender.capacity));
        prop_assert!(values.spare_capacity.weighing(percent.spare_capacity) <= most);
    }
}

#[test]
fn weights_are_percentages() {
    for weights in [Weights::CANDIDATES, Weights::FEED] {
        let sum: u32 = weights.percent.in_order().iter().map(|(_, percent)| percent).sum();
        assert_eq!(sum, 100, "{}", weights.version);
    }
}

#[test]
fn a_three_wheeler_is_full_of_loose_bottles_long_before_it_is_heavy() {
    let capacity = Load { grams: 700_000, milliliters: 1_250_000 };
    let bottles = Load { grams: 26_000, milliliters: 1_238_000 };
    assert!(capacity.holds(bottles));
    assert!(!capacity.minus(bottles).holds(Load { grams: 1_000, milliliters: 47_600 }));
}

#[test]
fn every_reason_to_refuse_is_named() {
    let here = Coordinates::parse(3.5, 98.7).unwrap();
    let price = Price { material: MaterialSlot(0), price: UnitPrice::parse(1_000).unwrap() };
    let fit = Contender {
        collector: collector(1),
        account: account(1),
        duty: Duty::Working,
        base: here,
        radius_meters: 5_000,
        area: None,
        sighting: Sighting::Never,
        crow_meters_per_hour: 20_000,
        capacity: Load { grams: 10_000, milliliters: 10_000 },
        carried: Load::default(),
        prices: vec![price],
        record: Record::default(),
    };
    let job = Job {
        household: account(2),
        place: Coordinates::parse(3.51, 98.71).unwrap(),
        tolerance_meters: 0,
        items: vec![Item {
            material: MaterialSlot(0),
            quantity: primitives::Quantity::parse(primitives::Unit::Kg, 3_000).unwrap(),
            load: Load { grams: 3_000, milliliters: 10_000 },
        }],
        load: Load { grams: 3_000, milliliters: 10_000 },
        minimum_share: reports::MinimumShare::ALL,
        top_payout: primitives::Rupiah::new(6_000),
        windows: Vec::new(),
        waiting_since: NOON,
    };
    assert_eq!(eligible(&fit, &job), Ok(()));
    let refused = |change: &dyn Fn(&mut Contender)| {
        let mut contender = fit.clone();
        change(&mut contender);
        eligible(&contender, &job).unwrap_err()
    };
    assert_eq!(refused(&|one| one.duty = Duty::Offline), Ineligible::Offline);
    assert_eq!(refused(&|one| one.duty = Duty::OffHours), Ineligible::OutsideHours);
    assert_eq!(refused(&|one| one.duty = Duty::Unverified), Ineligible::Unverified);
    assert_eq!(refused(&|one| one.duty = Duty::Suspended), Ineligible::Suspended);
    assert_eq!(refused(&|one| one.account = account(2)), Ineligible::OwnReport);
    assert_eq!(refused(&|one| one.radius_meters = 1_000), Ineligible::OutsideRadius);
    let elsewhere = [[98.6, 3.4], [98.65, 3.4], [98.65, 3.45], [98.6, 3.4]];
    let elsewhere = std::sync::Arc::new(collectors::ServiceArea::parse(&elsewhere).unwrap());
    assert_eq!(refused(&|one| one.area = Some(elsewhere.clone())), Ineligible::OutsideArea);
    assert_eq!(refused(&|one| one.capacity.grams = 0), Ineligible::NoCapacity);
    assert_eq!(refused(&|one| one.prices.clear()), Ineligible::MaterialNotAccepted);
    assert_eq!(refused(&|one| one.carried.milliliters = 1), Ineligible::NoCapacity);
    assert_eq!(refused(&|one| one.carried.grams = 7_001), Ineligible::NoCapacity);
    let nothing = Job { items: Vec::new(), load: Load::default(), ..job.clone() };
    assert_eq!(eligible(&fit, &nothing), Ok(()));
    let empty_handed = Contender { prices: Vec::new(), ..fit.clone() };
    assert_eq!(eligible(&empty_handed, &nothing), Err(Ineligible::MaterialNotAccepted));
    let on_foot = Contender { capacity: Load::default(), ..fit.clone() };
    assert_eq!(eligible(&on_foot, &nothing), Err(Ineligible::NoCapacity));
    let borderline = Contender { radius_meters: 1_000, ..fit.clone() };
    let vague = Job { tolerance_meters: 600, ..job.clone() };
    assert_eq!(eligible(&borderline, &vague), Ok(()));
    assert_eq!(job.deal_at(&fit.prices).map(|deal| deal.payout.get()), Some(3_000));
}

#[test]
fn the_formulas_give_the_figures_the_readme_names() {
    let newcomer = Record::default();
    assert_eq!(values::reliability(&newcomer).as_fraction(), 0.9);
    assert_eq!(values::rating(&newcomer).as_fraction(), 0.75);
    assert_eq!(values::fairness(&newcomer), Value::BEST);
    assert_eq!(values::fairness(&Record { recent_wins: 5, ..newcomer }).as_fraction(), 0.5);
    assert_eq!(values::eta_seconds(10_000, 20_000), 1_800);
    assert_eq!(values::travel_time(0), Value::BEST);
    assert_eq!(values::travel_time(900).as_fraction(), 0.5);
}
