use gateway_simulator::{Chaos, Whim};

use super::{Trial, block_on};
use crate::{
    Accepted, GatewayName, Learnt, Withdrawal, WithdrawalState, WithdrawalStateName as Name,
    tests::world::{World, on_each_engine},
};

/// Ten minutes go by, and the worker looks, so many times.
async fn looks(trial: &Trial, times: usize) {
    for _ in 0..times {
        trial.minutes(10);
        trial.dispatcher().step(100).await.unwrap();
    }
}

fn ends_in(name: GatewayName, whim: Whim, looks_needed: usize, end: Name) {
    on_each_engine(|world: &World| {
        let trial = Trial::of(world, name, Chaos::Only(whim), 1);
        let saver = trial.office.saver(1, 100_000);
        let asked = trial.asked(saver);
        block_on(async {
            trial.dispatcher().step(100).await.unwrap();
            looks(&trial, looks_needed).await;
        });
        let found = trial.office.find(&asked);
        assert_eq!(found.state.name(), end, "{name:?} {whim:?} {found:?}");
        let transfers = trial.simulator.with_book(|book| book.transfers());
        let moved = usize::from(whim != Whim::Fails);
        assert_eq!(transfers.values().sum::<usize>(), moved, "{name:?} {whim:?}");
        world.verify().unwrap();
    });
}

#[test]
fn an_honest_gateway_takes_one_look() {
    for name in GatewayName::ALL {
        ends_in(name, Whim::Honest, 2, Name::Succeeded);
        ends_in(name, Whim::Fails, 2, Name::Failed);
    }
}

#[test]
fn what_comes_back_later_is_noticed_without_being_told() {
    for name in GatewayName::ALL {
        ends_in(name, Whim::Reversed, 14, Name::Reversed);
    }
}

#[test]
fn answers_that_never_came_are_looked_up() {
    for name in GatewayName::ALL {
        for whim in [Whim::Drops, Whim::Slow, Whim::ErrsAfter, Whim::Hidden] {
            ends_in(name, whim, 4, Name::Succeeded);
        }
    }
}

#[test]
fn what_was_never_booked_is_sent_again() {
    for name in GatewayName::ALL {
        ends_in(name, Whim::ErrsBefore, 9, Name::Succeeded);
    }
}

#[test]
fn another_amount_waits_for_a_person() {
    on_each_engine(|world| {
        for name in GatewayName::ALL {
            let trial = Trial::of(world, name, Chaos::Only(Whim::WrongAmount), 1);
            let number = if name == GatewayName::Xendit { 1 } else { 2 };
            let saver = trial.office.saver(number, 100_000);
            let asked = trial.asked(saver);
            block_on(async {
                trial.dispatcher().step(100).await.unwrap();
                looks(&trial, 3).await;
            });
            let found = trial.office.find(&asked);
            assert!(found.state.name().is_open() && found.escalated_at.is_some(), "{found:?}");
            assert!(found.state.paid().is_none());
        }
        world.verify().unwrap();
    });
}

#[test]
fn the_truth_is_reached_within_fifteen_minutes_without_any_notification() {
    on_each_engine(|world| {
        let trial = Trial::of(world, GatewayName::Xendit, Chaos::Quiet, 1);
        let saver = trial.office.saver(1, 100_000);
        let asked = trial.asked(saver);
        block_on(async {
            trial.dispatcher().step(100).await.unwrap();
            // It arrives after five minutes; the worker ticks every minute.
            for _ in 0..(5 + 15) {
                trial.minutes(1);
                trial.dispatcher().step(100).await.unwrap();
            }
        });
        assert_eq!(trial.office.find(&asked).state.name(), Name::Succeeded);
    });
}

#[test]
fn a_gateway_that_is_gone_keeps_the_money_in_clearing() {
    on_each_engine(|world| {
        let trial = Trial::of(world, GatewayName::Xendit, Chaos::Quiet, 1);
        let saver = trial.office.saver(1, 100_000);
        let asked = trial.asked(saver);
        let gone = crate::Dispatcher::new(
            world.database.clone(),
            trial.office.withdrawals.clone(),
            [super::adapter(GatewayName::Xendit, "http://127.0.0.1:9")].into(),
        );
        block_on(async {
            gone.step(100).await.unwrap();
            assert_eq!(trial.office.find(&asked).state.name(), Name::InDoubt);
            looks(&trial, 4).await;
        });
        assert_eq!(trial.office.find(&asked).state.name(), Name::Succeeded);
        world.verify().unwrap();
    });
}

/// A backup from before the sending is brought back a day later, when the gateway has forgotten the key.
fn restored(name: GatewayName, end: Name, escalated: bool) {
    on_each_engine(|world| {
        let trial = Trial::of(world, name, Chaos::Quiet, 1);
        let saver = trial.office.saver(1, 100_000);
        let asked = trial.asked(saver);
        let lost_history = async {
            let [gateway] = &trial.gateways[..] else { panic!("one gateway") };
            let Learnt::Known(payout) = gateway.create(&asked).await else { panic!("honest") };
            let reference = payout.reference;
            let accepted = Accepted { sent_at: world.ambient.now(), reference };
            let state = WithdrawalState::Pending(accepted);
            gateway.approve(&Withdrawal { state, ..asked.clone() }).await;
        };
        block_on(async {
            lost_history.await;
            trial.minutes(25 * 60);
            trial.dispatcher().step(100).await.unwrap();
            looks(&trial, 4).await;
        });
        let found = trial.office.find(&asked);
        assert_eq!((found.state.name(), found.escalated_at.is_some()), (end, escalated));
        let transfers = trial.simulator.with_book(|book| book.transfers());
        assert_eq!(transfers.into_values().collect::<Vec<_>>(), [1]);
        world.verify().unwrap();
    });
}

#[test]
fn a_restored_backup_pays_nothing_twice() {
    restored(GatewayName::Xendit, Name::Succeeded, false);
    // Midtrans has no look-up by our name: a person decides.
    restored(GatewayName::Midtrans, Name::InDoubt, true);
}

#[test]
fn what_waited_for_an_absent_worker_is_looked_up_and_then_sent() {
    for name in GatewayName::ALL {
        on_each_engine(|world| {
            let trial = Trial::of(world, name, Chaos::Quiet, 1);
            let saver = trial.office.saver(1, 100_000);
            let asked = trial.asked(saver);
            trial.minutes(5 * 60);
            block_on(looks(&trial, 3));
            assert_eq!(trial.office.find(&asked).state.name(), Name::Succeeded);
            world.verify().unwrap();
        });
    }
}
