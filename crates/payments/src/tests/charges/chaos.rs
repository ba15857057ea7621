//! Every whim at once, payers with habits of their own, and a worker that dies between any two steps.

use gateway_simulator::{Chaos, Charged, Whim};

use super::AMOUNT;
use crate::{
    Charge, ChargeStateName as Name, GatewayName, PayInChannel,
    tests::{
        gateways::{Trial, block_on},
        world::{World, on_each_engine},
    },
};

/// How many top-ups: a few, or what the long trial asks for.
fn count() -> usize {
    #[expect(clippy::disallowed_methods, reason = "the long trial says how long by a variable")]
    let asked = std::env::var("JUMPA_MADU_SOAK_GATEWAYS");
    asked.map_or(36, |count| count.parse().unwrap())
}

/// Some time of a day on which workers die: each in turn after its claim, or after its question, or not at all.
async fn round(trial: &Trial, mortal: bool) {
    let ambient = &trial.office.world.ambient;
    let dispatcher = trial.charge_dispatcher();
    if !mortal {
        dispatcher.step(10_000).await.unwrap();
        return;
    }
    let charges = trial.charges.clone();
    let due = trial.office.world.database.read(move |conn| charges.due_in(conn, 10_000)).await;
    for id in due.unwrap() {
        let life = ambient.below(5);
        let Some((charge, question)) = dispatcher.claim(id).await.unwrap() else { continue };
        if life == 0 {
            continue;
        }
        let heard = dispatcher.ask(&charge, question).await;
        if life > 1 {
            dispatcher.learn(charge, heard).await.unwrap();
        }
    }
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
        let Some(booked) = trial.booked(charge) else { continue };
        for amount in payments_at(habit, minute) {
            trial.simulator.with_book(|book| book.pay(&booked.pay_to, *amount));
        }
    }
}

fn compare(world: &World, trial: &Trial, charge: &Charge) -> i64 {
    let booked: Option<Charged> = trial.booked(charge);
    let found = trial.stands(charge);
    let paid: Vec<i64> = booked.iter().flat_map(|it| &it.payments).map(|it| it.amount).collect();
    let waits_for_ours = booked.as_ref().is_some_and(|it| it.whim != Whim::WrongAmount);
    // A gateway that waits for one sum only, and was paid another, tells of that as of its own.
    let credited = i64::from(waits_for_ours && paid.contains(&AMOUNT)) * AMOUNT;
    assert_eq!(world.wallet(charge.account), credited, "{booked:?} {found:?}");
    let rest = paid.iter().sum::<i64>() - credited;
    assert_eq!(found.state.name() == Name::Paid, credited > 0, "{booked:?} {found:?}");
    assert!(rest == 0 || found.escalated_at.is_some(), "{booked:?} {found:?}");
    rest
}

fn day_of_chaos(world: &World, name: GatewayName, seed: u64) {
    let trial = Trial::of(world, name, Chaos::All, seed);
    let first = if name == GatewayName::Xendit { 1 } else { 1_000_000 };
    let served: Vec<PayInChannel> = trial.charges.channels().collect();
    let asked: Vec<Charge> = (first..)
        .take(count())
        .zip(served.into_iter().cycle())
        .map(|(number, channel)| trial.asks(number, channel))
        .collect();
    block_on(async {
        let (mut minute, mut refused) = (0, 0);
        while minute < 30 * 60 {
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
    let rest: i64 = asked.iter().map(|charge| compare(world, &trial, charge)).sum();
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
