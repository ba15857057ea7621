use std::thread;

use super::{FEE, Office, known};
use crate::{PayoutStatus, Withdrawal, WithdrawalError, tests::world::on_each_engine};

fn together<T: Send>(count: usize, task: impl Fn() -> T + Sync) -> Vec<T> {
    thread::scope(|scope| {
        let tasks: Vec<_> = (0..count).map(|_| scope.spawn(&task)).collect();
        tasks.into_iter().map(|task| task.join().unwrap()).collect()
    })
}

#[test]
fn two_phones_at_once_withdraw_once() {
    on_each_engine(|world| {
        let office = Office::of(world);
        for number in 1..=8 {
            let siti = office.saver(number, 100_000);
            let outcomes = together(4, || office.withdraw(siti, 60_000));
            let winners: Vec<&Withdrawal> = outcomes.iter().flatten().collect();
            assert_eq!(winners.len(), 1);
            for refusal in outcomes.iter().filter_map(|outcome| outcome.as_ref().err()) {
                let named =
                    matches!(refusal, WithdrawalError::UnderWay(id) if *id == winners[0].id);
                assert!(
                    named || matches!(refusal, WithdrawalError::BalanceInsufficient),
                    "{refusal}"
                );
            }
            assert_eq!(world.wallet(siti), 100_000 - 60_000 - FEE);
        }
        assert_eq!(world.verify().unwrap().withdrawals, 8);
    });
}

#[test]
fn a_settlement_from_the_wallet_and_a_withdrawal_never_overdraw_it() {
    on_each_engine(|world| {
        let office = Office::of(world);
        for number in 1..=6 {
            let deal = world.deal(10 + number);
            world.pass(31 * 24);
            world.top_up(deal.payer, 30_000).unwrap();
            let paid = together(2, || {
                let pay = world.pay(&deal, crate::Method::Wallet).is_ok();
                (pay, office.withdraw(deal.payer, 20_000).is_ok())
            });
            assert!(!paid.is_empty());
            assert!(world.wallet(deal.payer) >= 0);
        }
        world.verify().unwrap();
    });
}

#[test]
fn two_workers_at_once_have_one_lease() {
    on_each_engine(|world| {
        let office = Office::of(world);
        for number in 1..=8 {
            let siti = office.saver(number, 100_000);
            let asked = office.withdraw(siti, 50_000).unwrap();
            let claims = together(4, || office.claim(&asked));
            assert_eq!(claims.iter().flatten().count(), 1);
            let (claimed, _create) = claims.into_iter().flatten().next().unwrap();
            let heard = together(4, || {
                office.hear(&claimed, known(&asked, PayoutStatus::Succeeded)).is_ok()
            });
            assert_eq!(heard.into_iter().filter(|&ok| ok).count(), 1);
        }
        assert_eq!(world.verify().unwrap().withdrawals, 8);
    });
}
