use pickups::Pickup;
use primitives::{Quantity, Unit, UnitPrice};
use reports::{MinimumShare, NewItem, NewReport, Selection};

use super::world::{BOTTLES, bottles, material, on_each_engine};
use crate::{MatchingError, NewOffer, OfferedPrice, ranking::Ineligible};

const CARDBOARD: &str = "KRT-KARDUS-A";

/// 4 kg of bottles and as much cardboard, of which so much has to be bought.
fn mixed(cardboard_grams: i64, percent: i64, selection: Selection) -> NewReport {
    let quantity = Quantity::parse(Unit::Kg, cardboard_grams).unwrap();
    let mut new = bottles(4_000, selection);
    new.items.push(NewItem { material: material(CARDBOARD), quantity, note: None });
    NewReport { minimum_share: MinimumShare::parse(percent).unwrap(), ..new }
}

fn priced(pickup: &Pickup) -> Vec<&str> {
    pickup.prices.iter().map(|frozen| frozen.material.as_str()).collect()
}

#[test]
fn who_buys_enough_of_it_comes_for_that_part() {
    on_each_engine(|world| {
        let botot = world.working(1);
        let too_much = [100, 41].map(|it| world.submit(mixed(6_000, it, Selection::Instant)));
        let enough = world.submit(mixed(6_000, 40, Selection::Instant));
        world.settle();
        for report in &too_much {
            assert!(world.ranked(report).is_empty());
            let refused = world.accept(botot, report);
            let reason = Ineligible::MaterialNotAccepted;
            assert!(matches!(refused, Err(MatchingError::NotEligible(it)) if it == reason));
        }
        let ranking = world.matcher.candidates_of(&enough, 10);
        let [candidate] = ranking.candidates.as_slice() else { panic!("{ranking:?}") };
        assert_eq!(candidate.taken, Some(vec![material(BOTTLES)]));
        assert_eq!(candidate.appraisal.deal.payout.get(), 4 * 3_001);
        let pickup = world.accept(botot, &enough).unwrap().pickup;
        assert_eq!((priced(&pickup), pickup.estimated_grams.get()), (vec![BOTTLES], 4_000));
    });
}

#[test]
fn only_what_is_taken_has_to_fit() {
    on_each_engine(|world| {
        // A betor holds 0.8 m³; 60 kg of cardboard fill more than that.
        let report = world.submit(mixed(60_000, 5, Selection::Instant));
        let botot = world.working(1);
        world.settle();
        assert_eq!(world.ranked(&report), [botot.id]);
        assert!(world.accept(botot, &report).is_ok());
    });
}

#[test]
fn an_offer_names_the_part_and_the_rest_of_the_list_does_not_count() {
    on_each_engine(|world| {
        let report = world.submit(mixed(6_000, 50, Selection::Choose));
        let line = |code| OfferedPrice {
            material: material(code),
            price: UnitPrice::parse(2_000).unwrap(),
        };
        let offer = |codes: &[&'static str]| NewOffer {
            prices: codes.iter().map(|&code| line(code)).collect(),
            ..world.new_offer(1)
        };
        let both = world.trading(1, &[BOTTLES, CARDBOARD]);
        let refused = world.offer(both, &report, offer(&[BOTTLES]));
        let Err(MatchingError::Refused(problems)) = refused else { panic!("{refused:?}") };
        assert_eq!(
            (problems[0].pointer.as_str(), problems[0].code),
            ("/prices", "prices_incomplete")
        );
        let made = world.offer(both, &report, offer(&[CARDBOARD])).unwrap();
        let pickup = world.pick(&made).unwrap().pickup;
        assert_eq!((priced(&pickup), pickup.estimated_grams.get()), (vec![CARDBOARD], 6_000));
    });
}
