//! Every whim at once, and a worker that dies between any two steps.

use std::collections::BTreeMap;

use database::Connection;
use gateway_simulator::{Booked, Chaos, Whim};
use primitives::WithdrawalId;

use super::{Trial, at_once, block_on, count_of, tell};
use crate::{
    Dispatcher, GatewayName, Withdrawal, WithdrawalError, WithdrawalStateName as Name,
    tests::{
        withdrawals::wish,
        world::{World, on_each_engine},
    },
};

/// More than there are: every look reaches everybody who is due.
const ALL: i64 = 100_000;
/// For so many minutes workers die.
const MORTAL: u64 = 3 * 60;

/// Some time of a day on which workers die: each in turn after its claim, or after its call, or not at all.
async fn round(trial: &Trial, mortal: bool) {
    let dispatcher = trial.dispatcher();
    if !mortal {
        dispatcher.step(ALL).await.unwrap();
        return;
    }
    let due = trial.office.write(|withdrawals, conn| withdrawals.due_in(conn, ALL)).unwrap();
    let ambient = &trial.office.world.ambient;
    let lives = due.into_iter().map(|id| (id, ambient.below(6))).collect();
    at_once(lives, |(id, life)| work(&dispatcher, id, life)).await;
}

async fn work(dispatcher: &Dispatcher, id: WithdrawalId, mut life: u32) {
    let mut next = dispatcher.claim(id).await.unwrap();
    while let Some((withdrawal, call)) = next {
        if life == 0 {
            return;
        }
        let learnt = dispatcher.ask(&withdrawal, call).await;
        if life == 1 {
            return;
        }
        life -= 2;
        next = dispatcher.learn(withdrawal, learnt).await.unwrap();
    }
}

/// People of more than thirty days, each of whom wants half of what he has.
fn asked_by_all(trial: &Trial, first: u32) -> Vec<Withdrawal> {
    let world = &trial.office.world;
    let people = world.people(first..first + count_of(24));
    world.pass(31 * 24);
    world.top_up_each(&people, 100_000);
    let ask = move |withdrawals: &crate::Withdrawals, conn: &mut Connection| {
        let ask = |saver: &_| withdrawals.request_in(conn, *saver, &wish(50_000));
        people.iter().map(ask).collect::<Result<_, WithdrawalError>>()
    };
    trial.office.write(ask).unwrap()
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
    let asked = asked_by_all(&trial, first);
    block_on(async {
        let mut minute = 0;
        while minute < 30 * 60 {
            tell(name, minute);
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
    compare(&trial, &asked);
    world.verify().unwrap();
}

/// The gateway's own book beside ours.
fn compare(trial: &Trial, asked: &[Withdrawal]) {
    let (transfers, book) = trial.simulator.with_book(|book| {
        let named = |payout: &Booked| (payout.order.replace(' ', "_"), payout.clone());
        (book.transfers(), book.payouts().map(named).collect::<BTreeMap<_, _>>())
    });
    let mut ends: BTreeMap<(Whim, &str), usize> = BTreeMap::new();
    for withdrawal in asked {
        let found = trial.office.find(withdrawal);
        let (whim, end) = (book[&withdrawal.id.to_string()].whim, found.state.name());
        assert!(expected(whim).contains(&end), "{whim:?} {found:?}");
        *ends.entry((whim, end.as_str())).or_default() += 1;
    }
    let most = transfers.values().max();
    assert!(most.is_none_or(|&transfers| transfers <= 1), "somebody was paid twice");
    println!(
        "{} withdrawals, {} transfers, at most {most:?} for one",
        asked.len(),
        transfers.len()
    );
    println!("{ends:?}");
}

#[test]
fn at_most_one_transfer_whatever_happens() {
    on_each_engine(|world| {
        for name in GatewayName::ALL {
            day_of_chaos(world, name, 7);
        }
    });
}
