use std::thread;

use super::{AMOUNT, Counter, known, refusal};
use crate::{Charge, PayInChannel, tests::world::on_each_engine};

fn together<T: Send>(count: usize, task: impl Fn() -> T + Sync) -> Vec<T> {
    thread::scope(|scope| {
        let tasks: Vec<_> = (0..count).map(|_| scope.spawn(&task)).collect();
        tasks.into_iter().map(|task| task.join().unwrap()).collect()
    })
}

#[test]
fn two_phones_at_once_ask_once() {
    on_each_engine(|world| {
        let counter = Counter::of(world);
        for number in 1..=6 {
            let siti = world.person(number);
            let outcomes = together(4, || counter.ask(siti, AMOUNT, PayInChannel::Bri));
            let winners: Vec<&Charge> = outcomes.iter().flatten().collect();
            assert_eq!(winners.len(), 1);
            let named = Some(("top_up_id", winners[0].id.to_string()));
            for refused in outcomes.iter().filter_map(|outcome| outcome.as_ref().err()) {
                assert_eq!(refusal(refused), ("top_up_under_way", named.clone()));
            }
        }
    });
}

#[test]
fn two_workers_at_once_have_one_lease_and_credit_once() {
    on_each_engine(|world| {
        let counter = Counter::of(world);
        for number in 1..=6 {
            let charge = counter.asked(number);
            let claims = together(4, || counter.claim(&charge));
            assert_eq!(claims.iter().flatten().count(), 1);
            let (claimed, _create) = claims.into_iter().flatten().next().unwrap();
            let paid = known(&charge, &[("py", AMOUNT)]);
            let heard = together(4, || counter.hear(&claimed, paid.clone()).is_ok());
            assert_eq!(heard.into_iter().filter(|&ok| ok).count(), 1);
            assert_eq!(world.wallet(charge.account), AMOUNT);
        }
        assert_eq!(world.verify().unwrap().top_ups, 6);
    });
}
