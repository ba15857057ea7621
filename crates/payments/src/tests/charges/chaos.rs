//! Every whim at once, payers with habits of their own, and a worker that dies between any two steps.

use std::collections::BTreeMap;

use database::Connection;
use gateway_simulator::{Chaos, Charged, Whim};
use primitives::{Rupiah, TopUpId};

use super::AMOUNT;
use crate::{
    Charge, ChargeDispatcher, ChargeError, ChargeStateName as Name, GatewayName, NewCharge,
    tests::{
        gateways::{Trial, at_once, block_on, count_of, tell},
        world::{World, on_each_engine},
    },
};

/// More than there are: every look reaches everybody who is due.
const ALL: i64 = 100_000;

/// Some time of a day on which workers die: each in turn after its claim, or after its question, or not at all.
async fn round(trial: &Trial, mortal: bool) {
    let dispatcher = trial.charge_dispatcher();
    if !mortal {
        dispatcher.step(ALL).await.unwrap();
        return;
    }
    let (world, charges) = (&trial.office.world, trial.charges.clone());
    let due = world.database.read(move |conn| charges.due_in(conn, ALL)).await.unwrap();
    let lives = due.into_iter().map(|id| (id, world.ambient.below(5))).collect();
    at_once(lives, |(id, life)| work(&dispatcher, id, life)).await;
}

async fn work(dispatcher: &ChargeDispatcher, id: TopUpId, life: u32) {
    let Some((charge, question)) = dispatcher.claim(id).await.unwrap() else { return };
    if life == 0 {
        return;
    }
    let heard = dispatcher.ask(&charge, question).await;
    if life > 1 {
        dispatcher.learn(charge, heard).await.unwrap();
    }
}

/// Everybody wants to pay, by one channel or another.
fn asked_by_all(trial: &Trial, first: u32) -> Vec<Charge> {
    let (world, charges) = (&trial.office.world, trial.charges.clone());
    let people = world.people(first..first + count_of(36));
    let ask = move |conn: &mut Connection| {
        let amount = Rupiah::new(AMOUNT);
        let served: Vec<_> = charges.channels().collect();
        let wishes = people.iter().zip(served.into_iter().cycle());
        let ask = |(account, channel): (&_, _)| {
            charges.request_in(conn, *account, NewCharge { amount, channel })
        };
        wishes.map(ask).collect::<Result<_, ChargeError>>()
    };
    world.database.write_blocking(ask).unwrap()
}

/// What somebody pays at a minute, by his habit: at once, in the evening, wrongly, twice, too late, or never.
fn payments_at(habit: usize, minute: u64) -> &'static [Option<i64>] {
    match (habit % 6, minute) {
        (0, 25) | (1, 180) | (4, 420) => &[None],
        (2, 30) => &[Some(AMOUNT - 1)],
        (3, 40) => &[None, None],
        (3, 200) => &[Some(12_345)],
        _ => &[],
    }
}

/// Whoever knows a number pays to it, also those to whom we have not shown it.
fn pay(trial: &Trial, asked: &[Charge], minute: u64) {
    for (habit, charge) in asked.iter().enumerate() {
        for amount in payments_at(habit, minute) {
            trial.simulator.with_book(|book| {
                let to = book.charge_of(&charge.id.to_string()).map(|it| it.pay_to.clone());
                to.is_some_and(|to| book.pay(&to, *amount))
            });
        }
    }
}

/// How often each whim came to each end; none where the gateway was never reached.
type Ends = BTreeMap<(Option<Whim>, &'static str), usize>;

/// The gateway's own book beside ours; how much of it waits for a person.
fn compare(trial: &Trial, charge: &Charge, ends: &mut Ends) -> i64 {
    let booked: Option<Charged> = trial.booked(charge);
    let found = trial.stands(charge);
    let whim = booked.as_ref().map(|it| it.whim);
    *ends.entry((whim, found.state.name().as_str())).or_default() += 1;
    let paid: Vec<i64> = booked.iter().flat_map(|it| &it.payments).map(|it| it.amount).collect();
    let waits_for_ours = booked.as_ref().is_some_and(|it| it.whim != Whim::WrongAmount);
    // A gateway that waits for one sum only, and was paid another, tells of that as of its own.
    let credited = i64::from(waits_for_ours && paid.contains(&AMOUNT)) * AMOUNT;
    assert_eq!(trial.office.world.wallet(charge.account), credited, "{booked:?} {found:?}");
    let rest = paid.iter().sum::<i64>() - credited;
    assert_eq!(found.state.name() == Name::Paid, credited > 0, "{booked:?} {found:?}");
    assert!(rest == 0 || found.escalated_at.is_some(), "{booked:?} {found:?}");
    rest
}

fn day_of_chaos(world: &World, name: GatewayName, seed: u64) {
    let trial = Trial::of(world, name, Chaos::All, seed);
    let first = if name == GatewayName::Xendit { 1 } else { 1_000_000 };
    let asked = asked_by_all(&trial, first);
    block_on(async {
        let (mut minute, mut refused) = (0, 0);
        while minute < 30 * 60 {
            tell(name, minute);
            let step = match minute {
                ..60 => 1,
                60..240 => 10,
                // The last payment comes in the seventh hour.
                240..480 => 30,
                _ => 60,
            };
            round(&trial, minute < 240).await;
            pay(&trial, &asked, minute);
            trial.minutes(step);
            minute += step;
            let told = trial.simulator.take_notifications();
            let forged = told.iter().filter(|told| told.is_forged()).count();
            assert_eq!(trial.deliver_all(&told), told.len() - forged);
            refused += forged;
        }
        assert!(refused > 0, "somebody has tried to forge");
    });
    let mut ends = BTreeMap::new();
    let rest: i64 = asked.iter().map(|charge| compare(&trial, charge, &mut ends)).sum();
    println!("{} top-ups, {rest} waits for a person: {ends:?}", asked.len());
    let gateway = || ledger::Label::parse(name.as_str()).unwrap();
    let suspense = world.balance(ledger::AccountName::Suspense(gateway())).balance;
    assert_eq!(suspense, rest);
    world.verify().unwrap();
}

#[test]
fn every_wallet_has_what_was_paid_once() {
    on_each_engine(|world| {
        for name in GatewayName::ALL {
            day_of_chaos(world, name, 7);
        }
    });
}
