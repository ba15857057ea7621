use std::thread;

use super::world::{Deal, WORTH, World, on_each_engine};
use crate::{Method, Payment, PaymentError};

/// All of them at once.
fn together<T: Send>(world: &World, tasks: Vec<impl FnOnce(&World) -> T + Send>) -> Vec<T> {
    thread::scope(|scope| {
        let tasks: Vec<_> =
            tasks.into_iter().map(|task| scope.spawn(move || task(world))).collect();
        tasks.into_iter().map(|task| task.join().unwrap()).collect()
    })
}

fn phones(
    deal: Deal,
    methods: &[Method],
) -> Vec<impl FnOnce(&World) -> Result<Payment, PaymentError> + Send + use<>> {
    let phone = move |&method: &Method| move |world: &World| world.pay(&deal, method);
    methods.iter().map(phone).collect()
}

/// Exactly one counts, and every other phone is told which.
fn one_counts(outcomes: &[Result<Payment, PaymentError>]) -> Payment {
    let winners: Vec<_> = outcomes.iter().flatten().collect();
    assert_eq!(winners.len(), 1);
    for refusal in outcomes.iter().filter_map(|outcome| outcome.as_ref().err()) {
        let named = matches!(refusal, PaymentError::PaymentExists(id) if *id == winners[0].id);
        assert!(named, "{refusal}");
    }
    winners[0].clone()
}

#[test]
fn two_phones_with_two_keys_settle_once() {
    on_each_engine(|world| {
        for number in 1..=8 {
            let deal = world.deal(number);
            world.top_up(deal.payer, 10 * WORTH).unwrap();
            one_counts(&together(world, phones(deal, &[Method::Wallet; 4])));
            assert_eq!(world.wallet(deal.household), WORTH);
        }
        assert_eq!(world.verify().unwrap().pickups, 8);
    });
}

#[test]
fn cash_and_wallet_at_once_settle_one_way() {
    on_each_engine(|world| {
        for number in 1..=8 {
            let deal = world.deal(number);
            world.top_up(deal.payer, 10 * WORTH).unwrap();
            let methods = [Method::Cash, Method::Wallet, Method::Cash, Method::Wallet];
            let counts = one_counts(&together(world, phones(deal, &methods)));
            let by_wallet = counts.method == Method::Wallet;
            assert_eq!(world.state(&deal), if by_wallet { "paid" } else { "confirmed" });
            assert_eq!(world.wallet(deal.household), if by_wallet { WORTH } else { 0 });
        }
        world.verify().unwrap();
    });
}

#[test]
fn yes_and_no_at_once_end_in_one_of_them() {
    on_each_engine(|world| {
        for number in 1..=8 {
            let deal = world.deal(number);
            let claimed = world.pay(&deal, Method::Cash).unwrap();
            let answers = (0..4).map(|phone| {
                let claimed = claimed.clone();
                move |world: &World| match phone % 2 {
                    0 => world.confirm(&deal, &claimed).is_ok(),
                    _ => world.deny(&deal, &claimed).is_ok(),
                }
            });
            let outcomes = together(world, answers.collect());
            let paid = world.state(&deal) == "paid";
            assert_eq!(outcomes, [paid, !paid, paid, !paid]);
            assert_eq!(world.cash_received(&deal), if paid { WORTH } else { 0 });
        }
        world.verify().unwrap();
    });
}

#[test]
fn one_wallet_pays_as_many_jobs_as_it_can() {
    on_each_engine(|world| {
        let deals: Vec<Deal> = (1..=6).map(|number| world.deal(number)).collect();
        // All six are fetched by one collector: his wallet is enough for four.
        let payer = deals[0].payer;
        let mut conn = test_kit::raw_connection(&world.database);
        conn.run_script(&format!("UPDATE pickup SET collector_account_id = '{payer}'")).unwrap();
        world.top_up(payer, 4 * WORTH + 1).unwrap();
        let tasks = deals.iter().map(|deal| {
            let deal = Deal { payer, ..*deal };
            move |world: &World| world.pay(&deal, Method::Wallet)
        });
        let outcomes = together(world, tasks.collect());
        assert_eq!(outcomes.iter().flatten().count(), 4);
        let refused = outcomes.iter().filter_map(|outcome| outcome.as_ref().err());
        assert!(refused.into_iter().all(|it| matches!(it, PaymentError::BalanceInsufficient)));
        assert_eq!(world.wallet(payer), 1);
        assert_eq!(world.verify().unwrap().pickups, 4);
    });
}
