use std::thread;

use event_log::Fact;
use primitives::{Quantity, Rupiah, Unit};
use proptest::prelude::*;

use super::world::{home, line, material, on_each_engine, place};
use crate::{
    FrozenPrice, Pickup, PickupError, PickupStateName, WeighIn, handover::MOST_WRONG_CODES,
};

fn refusal(result: Result<Pickup, PickupError>) -> Vec<(String, &'static str)> {
    match result {
        Err(PickupError::Refused(problems)) => {
            problems.into_iter().map(|problem| (problem.pointer, problem.code)).collect()
        }
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[test]
fn amounts_follow_the_frozen_prices_and_round_once_per_line() {
    on_each_engine(|world| {
        let pickup = world.arrived();
        let lines = vec![
            line("PLA-PET-BENING", Unit::Kg, 4_210),
            line("KCA-BOTOL-BIR", Unit::Piece, 12),
            line("MNY-JELANTAH", Unit::Liter, 1_250),
            line("LGM-BESI", Unit::Kg, 9_999),
            line("PLA-PET-BENING", Unit::Kg, 110),
        ];
        let weighed = world.weigh(pickup.id, world.weigh_in(&pickup, lines)).unwrap();
        let weighing = weighed.weighing().unwrap();
        let amounts: Vec<i64> = weighing.lines.iter().map(|line| line.amount.get()).collect();
        // 13,682.5 up; 12 × 400; 4,166.25 down; worthless; 357.5 up.
        assert_eq!(amounts, [13_683, 4_800, 4_166, 0, 358]);
        assert_eq!(weighing.amount, Rupiah::new(13_683 + 4_800 + 4_166 + 358));
        assert_eq!(world.read(pickup.id), weighed);
        let last = world.facts().pop().unwrap();
        assert!(matches!(last, Fact::PickupWeighed(it) if it.amount_rupiah == weighing.amount));
    });
}

proptest! {
    #[test]
    fn a_line_is_worth_its_exact_product_rounded_half_up(
        grams in 100i64..=5_000_000, price in 0i64..=1_000_000,
    ) {
        let price = primitives::UnitPrice::parse(price).unwrap();
        let value = Quantity::parse(Unit::Kg, grams).unwrap().value_at(price).unwrap().get();
        // The same as a fraction: value is the one integer with value - ½ ≤ exact < value + ½.
        let exact_doubled = 2 * i128::from(grams) * i128::from(price.get());
        let doubled = 2_000 * i128::from(value);
        prop_assert!(doubled - 1_000 <= exact_doubled && exact_doubled < doubled + 1_000);
    }
}

#[test]
fn lines_that_cannot_be_are_told_at_once() {
    on_each_engine(|world| {
        let pickup = world.arrived();
        let lines = vec![
            line("PLA-PET-BENING", Unit::Kg, 99),
            line("PLA-PET-BENING", Unit::Piece, 5),
            line("PLA-PET-BIRU", Unit::Kg, 500),
            line("NO-SUCH", Unit::Kg, 500),
            line("KCA-BOTOL-BIR", Unit::Piece, 10_001),
        ];
        let told = refusal(world.weigh(pickup.id, world.weigh_in(&pickup, lines)));
        let told: Vec<(&str, &str)> = told.iter().map(|(at, code)| (at.as_str(), *code)).collect();
        let expected = [
            ("/lines/0", "line_out_of_range"),
            ("/lines/1", "quantity_unit_mismatch"),
            ("/lines/2/material", "material_not_priced"),
            ("/lines/3/material", "material_unknown"),
            ("/lines/4", "line_out_of_range"),
        ];
        assert_eq!(told, expected);
        let none = refusal(world.weigh(pickup.id, world.weigh_in(&pickup, Vec::new())));
        assert_eq!(none, [("/lines".to_owned(), "lines_empty")]);
        let many = vec![line("PLA-PET-BENING", Unit::Kg, 500); 21];
        let many = refusal(world.weigh(pickup.id, world.weigh_in(&pickup, many)));
        assert_eq!(many, [("/lines".to_owned(), "lines_too_many")]);
        assert_eq!(world.read(pickup.id).state.name(), PickupStateName::Arrived);
    });
}

#[test]
fn a_later_price_list_changes_nothing() {
    on_each_engine(|world| {
        let pickup = world.arrived();
        let frozen = FrozenPrice {
            material: material("PLA-PET-BENING"),
            price: primitives::UnitPrice::parse(3_250).unwrap(),
        };
        assert!(world.read(pickup.id).prices.contains(&frozen));
    });
}

#[test]
fn the_weigh_in_needs_the_households_code() {
    on_each_engine(|world| {
        let pickup = world.arrived();
        let lines = vec![line("PLA-PET-BENING", Unit::Kg, 1_000)];
        let right = world.weigh_in(&pickup, lines);
        let guess = WeighIn { handover_code: "abcdef".to_owned(), ..right.clone() };
        assert!(matches!(world.weigh(pickup.id, guess), Err(PickupError::CodeWrong)));
        assert_eq!(world.read(pickup.id), pickup);
        world.weigh(pickup.id, right).unwrap();
    });
}

#[test]
fn wrong_codes_are_counted_even_when_many_come_at_once() {
    on_each_engine(|world| {
        let pickup = world.arrived();
        let (account, id) = (world.collector.1, pickup.id);
        let try_code = |code: &str| {
            let code = code.to_owned();
            world.write(move |pickups, conn| pickups.count_try_in(conn, account, id, &code))
        };
        let right = pickup.handover.code().to_owned();
        for _ in 0..20 {
            try_code(&right).unwrap();
        }
        let allowed = thread::scope(|scope| {
            let tries: Vec<_> = (0..16).map(|_| scope.spawn(|| try_code("abcdef"))).collect();
            let outcomes = tries.into_iter().map(|attempt| attempt.join().unwrap());
            outcomes.filter(Result::is_ok).count()
        });
        assert_eq!(i64::try_from(allowed), Ok(MOST_WRONG_CODES));
        // Now the right one is of no use either.
        assert!(matches!(try_code(&right), Err(PickupError::CodeShut)));
        let lines = vec![line("PLA-PET-BENING", Unit::Kg, 1_000)];
        let shut = world.weigh(id, world.weigh_in(&pickup, lines));
        assert!(matches!(shut, Err(PickupError::CodeShut)));
    });
}

#[test]
fn one_weigh_in_however_often_and_from_however_many_devices() {
    on_each_engine(|world| {
        let pickup = world.arrived();
        let id = pickup.id;
        let weigh_in =
            |grams| world.weigh_in(&pickup, vec![line("PLA-PET-BENING", Unit::Kg, grams)]);
        let (one, two) = (weigh_in(1_000), weigh_in(2_000));
        let outcomes: Vec<_> = thread::scope(|scope| {
            let sends =
                (0..8).map(|number| if number % 2 == 0 { one.clone() } else { two.clone() });
            let threads: Vec<_> =
                sends.map(|weigh_in| scope.spawn(move || world.weigh(id, weigh_in))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let stored = world.read(id);
        let told: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok()).collect();
        assert_eq!(told.len(), 4);
        assert!(told.iter().all(|told| **told == stored));
        let weighed = world.kinds().into_iter().filter(|kind| kind == "pickup_weighed");
        assert_eq!(weighed.count(), 1);
    });
}

#[test]
fn steps_repeat_without_effect_and_out_of_turn_are_refused() {
    on_each_engine(|world| {
        let pickup = world.assigned();
        let early = world.arrive(pickup.id, home());
        assert!(matches!(early, Err(PickupError::WrongState(PickupStateName::Assigned))));
        let left = world.depart(pickup.id).unwrap();
        world.pass(1);
        assert_eq!(world.depart(pickup.id).unwrap(), left);
        // Some 1.1 km away: written down, not refused.
        let arrived = world.arrive(pickup.id, place(3.5641, 98.8812)).unwrap();
        assert_eq!(world.arrive(pickup.id, home()).unwrap(), arrived);
        let late = world.depart(pickup.id);
        assert!(matches!(late, Err(PickupError::WrongState(PickupStateName::Arrived))));
        assert_eq!(world.kinds(), ["pickup_assigned", "pickup_progressed", "pickup_progressed"]);
        let last = world.facts().pop().unwrap();
        let Fact::PickupProgressed(told) = last else { panic!("{last:?}") };
        assert!((1_100..1_125).contains(&told.distance_meters.unwrap()));
    });
}
