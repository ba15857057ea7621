use std::{sync::Arc, time::Duration};

use primitives::{HoldId, ManualClock, SeededEntropy};

use super::*;
use crate::{Hold, NewHold, due_holds_in, expire_hold_in, hold_in, settle_hold_in, void_hold_in};

fn hold(world: &mut World, key: &str, amount: i64) -> Result<Hold, LedgerError> {
    let expires_at = world.ambient.now().plus(Duration::from_secs(3_600));
    let new = NewHold { business_key: key.into(), account: world.wallet(0), amount, expires_at };
    let ambient = world.ambient.clone();
    world.commit(|conn| hold_in(conn, &ambient, &new))
}

fn settle(world: &mut World, id: HoldId, amount: i64) -> Result<Journal, LedgerError> {
    let (ambient, payee) = (world.ambient.clone(), world.wallet(1));
    world.commit(|conn| settle_hold_in(conn, &ambient, id, &payee, amount))
}

fn available(world: &mut World, person: usize) -> i64 {
    let wallet = world.wallet(person);
    balance_in(&mut world.conn, &wallet).unwrap().available()
}

#[test]
fn held_money_is_owed_but_not_at_hand() {
    on_each_engine(|world| {
        world.top_up("t1", 0, 100);
        let held = hold(world, "h1", 60).unwrap();
        assert_eq!((world.balance(0), available(world, 0)), (100, 40));
        assert!(matches!(world.pay("p1", 0, 1, 41), Err(LedgerError::Insufficient { .. })));
        assert!(matches!(hold(world, "h2", 41), Err(LedgerError::Insufficient { .. })));
        settle(world, held.id, 25).unwrap();
        assert_eq!((available(world, 0), available(world, 1)), (75, 25));
        world.verify().unwrap();
    });
}

#[test]
fn a_hold_ends_once_and_never_pays_more_than_it_holds() {
    on_each_engine(|world| {
        world.top_up("t1", 0, 100);
        let held = hold(world, "h1", 60).unwrap();
        assert!(matches!(settle(world, held.id, 61), Err(LedgerError::HoldExceeded { .. })));
        assert!(matches!(settle(world, held.id, 0), Err(LedgerError::Malformed(_))));
        let ambient = world.ambient.clone();
        world.commit(|conn| void_hold_in(conn, &ambient, held.id)).unwrap();
        assert!(matches!(settle(world, held.id, 10), Err(LedgerError::HoldClosed(_))));
        let again = world.commit(|conn| void_hold_in(conn, &ambient, held.id));
        assert!(matches!(again, Err(LedgerError::HoldClosed(_))));
        let unknown = ambient.mint();
        assert!(matches!(settle(world, unknown, 10), Err(LedgerError::HoldNotFound)));
        assert_eq!(available(world, 0), 100);
        world.verify().unwrap();
    });
}

#[test]
fn a_hold_expires_in_its_time_and_not_before() {
    on_each_engine(|world| {
        let clock = Arc::new(ManualClock::starting_at(world.ambient.now()));
        world.ambient = Ambient::new(clock.clone(), Arc::new(SeededEntropy::from_seed(9)));
        world.top_up("t1", 0, 100);
        let held = hold(world, "h1", 60).unwrap();
        let ambient = world.ambient.clone();
        let early = world.commit(|conn| expire_hold_in(conn, &ambient, held.id));
        assert!(matches!(early, Err(LedgerError::HoldRunning { .. })));
        clock.set(held.expires_at);
        world.commit(|conn| expire_hold_in(conn, &ambient, held.id)).unwrap();
        assert_eq!(available(world, 0), 100);
        world.verify().unwrap();
    });
}

#[test]
fn due_holds_are_found_in_order_and_only_while_open() {
    on_each_engine(|world| {
        world.top_up("t1", 0, 100);
        let ambient = world.ambient.clone();
        let mut held = Vec::new();
        for (number, seconds) in [30, 10, 20, 40].into_iter().enumerate() {
            let expires_at = ambient.now().plus(Duration::from_secs(seconds));
            let (business_key, account) = (format!("h{number}"), world.wallet(0));
            let new = NewHold { business_key, account, amount: 10, expires_at };
            held.push(world.commit(|conn| hold_in(conn, &ambient, &new)).unwrap());
        }
        world.commit(|conn| void_hold_in(conn, &ambient, held[2].id)).unwrap();
        let at = |seconds| ambient.now().plus(Duration::from_secs(seconds));
        let mut due = |now, limit| due_holds_in(&mut world.conn, now, limit).unwrap();
        assert_eq!(due(at(9), 10), []);
        assert_eq!(due(at(30), 10), [held[1].clone(), held[0].clone()]);
        assert_eq!(due(at(99), 1), [held[1].clone()]);
        world.verify().unwrap();
    });
}
