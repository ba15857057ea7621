//! Every whim at once, and a worker that dies between any two steps.

use std::collections::BTreeMap;

use gateway_simulator::{Booked, Chaos, Whim};

use super::{Trial, block_on};
use crate::{
    GatewayName, Withdrawal, WithdrawalStateName as Name,
    tests::world::{World, on_each_engine},
};

/// How many withdrawals: a few, or what the long trial asks for.
fn count() -> usize {
    #[expect(clippy::disallowed_methods, reason = "the long trial says how long by a variable")]
    let asked = std::env::var("JUMPA_MADU_SOAK_GATEWAYS");
    asked.map_or(24, |count| count.parse().unwrap())
}

/// More than there are: every look reaches everybody who is due.
const ALL: i64 = 100_000;
/// For so many minutes workers die.
const MORTAL: u64 = 3 * 60;

/// Some time of a day on which workers die: each in turn after its claim, or after its call, or not at all.
async fn round(trial: &Trial, mortal: bool) {
    let ambient = &trial.office.world.ambient;
    let dispatcher = trial.dispatcher();
    if !mortal {
        dispatcher.step(ALL).await.unwrap();
        return;
    }
    let due = trial.office.write(|withdrawals, conn| withdrawals.due_in(conn, ALL)).unwrap();
    for id in due {
        let mut life = ambient.below(6);
        let mut next = dispatcher.claim(id).await.unwrap();
        while let Some((withdrawal, call)) = next {
            if life == 0 {
                break;
            }
            let learnt = dispatcher.ask(&withdrawal, call).await;
            if life == 1 {
                break;
            }
            life -= 2;
            next = dispatcher.learn(withdrawal, learnt).await.unwrap();
        }
    }
}

fn expected(whim: Whim) -> &'static [Name] {
    match whim {
        Whim::Fails => &[Name::Failed],
        Whim::Reversed => &[Name::Reversed],
        Whim::WrongAmount => &[Name::InDoubt, Name::Pending, Name::Sending],
        _ => &[Name::Succeeded],
    }
}

fn day_of_chaos(world: &World, name: GatewayName, seed: u64) {
    let trial = Trial::of(world, name, Chaos::All, seed);
    let first = if name == GatewayName::Xendit { 1 } else { 1_000_000 };
    let people: Vec<_> =
        (first..).take(count()).map(|number| trial.office.world.person(number)).collect();
    world.pass(31 * 24);
    let asked: Vec<Withdrawal> = people
        .into_iter()
        .map(|saver| {
            world.top_up(saver, 100_000).unwrap();
            trial.asked(saver)
        })
        .collect();
    block_on(async {
        let mut minute = 0;
        while minute < 30 * 60 {
            round(&trial, minute < MORTAL).await;
            // What moves by itself has moved by then; for the rest of the day one look an hour shows the same.
            let step = if minute < 4 * 60 { 10 } else { 60 };
            trial.minutes(step);
            minute += step;
            let told = trial.simulator.take_notifications();
            let honest = told.iter().filter(|told| !told.is_forged()).count();
            assert_eq!(trial.deliver_all(&told), honest);
        }
    });
    let book: BTreeMap<String, Booked> = trial.simulator.with_book(|book| {
        assert!(
            book.transfers().values().all(|&transfers| transfers <= 1),
            "somebody was paid twice"
        );
        let named = |payout: &Booked| (payout.order.replace(' ', "_"), payout.clone());
        book.payouts().map(named).collect()
    });
    for withdrawal in &asked {
        let found = trial.office.find(withdrawal);
        let whim = book[&withdrawal.id.to_string()].whim;
        assert!(expected(whim).contains(&found.state.name()), "{whim:?} {found:?}");
    }
    world.verify().unwrap();
}

#[test]
fn at_most_one_transfer_whatever_happens() {
    on_each_engine(|world| {
        for name in GatewayName::ALL {
            day_of_chaos(world, name, 7);
        }
    });
}
