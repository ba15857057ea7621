use std::thread;

use primitives::JournalId;

use super::*;
use crate::{NewHold, NewRefund, hold_in, refund_in, reverse_in, settle_hold_in, void_hold_in};

/// Gives `amount` of what the first wallet paid to the second back.
fn back(world: &World, key: &str, original: JournalId, amount: i64) -> NewRefund {
    let lines = vec![Line::new(world.wallet(1), -amount), Line::new(world.wallet(0), amount)];
    NewRefund { business_key: key.into(), original, lines }
}

fn refund(world: &mut World, new: &NewRefund) -> Result<Journal, LedgerError> {
    let ambient = world.ambient.clone();
    world.commit(|conn| refund_in(conn, &ambient, new))
}

#[test]
fn parts_never_exceed_the_whole() {
    on_each_engine(|world| {
        world.top_up("t1", 0, 100);
        let paid = world.pay("p1", 0, 1, 30).unwrap().id;
        let first = back(world, "r1", paid, 12);
        let journal = refund(world, &first).unwrap();
        assert_eq!(journal.kind, "refund");
        assert!(matches!(refund(world, &first), Err(LedgerError::AlreadyPosted { .. })));
        let more = back(world, "r2", paid, 19);
        assert!(matches!(refund(world, &more), Err(LedgerError::RefundExceeded { left: 18, .. })));
        let rest = back(world, "r2", paid, 18);
        refund(world, &rest).unwrap();
        let nothing_left = back(world, "r3", paid, 1);
        let refused = refund(world, &nothing_left);
        assert!(matches!(refused, Err(LedgerError::RefundExceeded { left: 0, .. })));
        assert_eq!((world.balance(0), world.balance(1)), (100, 0));
        assert_eq!(world.verify().unwrap().refunds, 2);
    });
}

#[test]
fn only_what_was_taken_goes_back_and_only_to_whom() {
    on_each_engine(|world| {
        world.top_up("t1", 0, 100);
        let paid = world.pay("p1", 0, 1, 30).unwrap().id;
        let forth = back(world, "r1", paid, -5);
        assert!(matches!(refund(world, &forth), Err(LedgerError::Malformed(_))));
        let lines = vec![Line::new(world.wallet(1), -5), Line::new(world.wallet(2), 5)];
        let elsewhere = NewRefund { business_key: "r1".into(), original: paid, lines };
        assert!(matches!(refund(world, &elsewhere), Err(LedgerError::Malformed(_))));
        let unknown = back(world, "r1", world.ambient.mint(), 5);
        assert!(matches!(refund(world, &unknown), Err(LedgerError::JournalNotFound)));
        world.pay("p2", 1, 2, 28).unwrap();
        let spent = back(world, "r1", paid, 5);
        assert!(matches!(
            refund(world, &spent),
            Err(LedgerError::Insufficient { available: 2, .. })
        ));
        world.verify().unwrap();
    });
}

#[test]
fn a_refund_and_a_reversal_exclude_each_other() {
    on_each_engine(|world| {
        world.top_up("t1", 0, 100);
        let ambient = world.ambient.clone();
        let paid = world.pay("p1", 0, 1, 30).unwrap().id;
        let part = back(world, "r1", paid, 5);
        let part = refund(world, &part).unwrap().id;
        let reverse = |world: &mut World, id| world.commit(|conn| reverse_in(conn, &ambient, id));
        assert!(matches!(reverse(world, paid), Err(LedgerError::AlreadyRefunded(_))));
        assert!(matches!(reverse(world, part), Err(LedgerError::NotReversible(_))));
        let of_refund = back(world, "r2", part, 1);
        assert!(matches!(refund(world, &of_refund), Err(LedgerError::NotReversible(_))));

        let other = world.pay("p2", 0, 1, 30).unwrap().id;
        reverse(world, other).unwrap();
        let late = back(world, "r3", other, 1);
        assert!(matches!(refund(world, &late), Err(LedgerError::AlreadyReversed(_))));
        world.verify().unwrap();
    });
}

#[test]
fn what_a_hold_paid_can_be_refunded_and_what_it_held_cannot() {
    on_each_engine(|world| {
        world.top_up("t1", 0, 100);
        let ambient = world.ambient.clone();
        let new = |world: &World, key: &str| NewHold {
            business_key: key.into(),
            account: world.wallet(0),
            amount: 40,
            expires_at: world.ambient.now(),
        };
        let (first, second, payee) = (new(world, "h1"), new(world, "h2"), world.wallet(1));
        let hold = world.commit(|conn| hold_in(conn, &ambient, &first)).unwrap().id;
        let settled =
            world.commit(|conn| settle_hold_in(conn, &ambient, hold, &payee, 30)).unwrap().id;
        let part = back(world, "r1", settled, 30);
        refund(world, &part).unwrap();
        let hold = world.commit(|conn| hold_in(conn, &ambient, &second)).unwrap().id;
        let voided = world.commit(|conn| void_hold_in(conn, &ambient, hold)).unwrap().id;
        let nothing = back(world, "r2", voided, 1);
        assert!(matches!(refund(world, &nothing), Err(LedgerError::Malformed(_))));
        assert_eq!((world.balance(0), world.balance(1)), (100, 0));
        world.verify().unwrap();
    });
}

/// Ten parts of 7 and one reversal, all at once, of a payment of 30.
#[test]
fn of_corrections_at_once_no_more_is_given_back_than_taken() {
    on_each_engine(|world| {
        world.top_up("t1", 0, 100);
        for round in 0..5 {
            let paid = world.pay(&format!("p{round}"), 0, 1, 30).unwrap().id;
            let parts = (0..10).map(|part| back(world, &format!("r{round}-{part}"), paid, 7));
            let (database, ambient) = (&world.database, &world.ambient);
            let given_back: i64 = thread::scope(|scope| {
                let whole = scope.spawn(move || {
                    let ambient = ambient.clone();
                    let whole =
                        database.write_blocking(move |conn| reverse_in(conn, &ambient, paid));
                    if whole.is_ok() { 30 } else { 0 }
                });
                let parts: Vec<_> = parts
                    .map(|new| {
                        let ambient = ambient.clone();
                        scope.spawn(move || {
                            let part = database
                                .write_blocking(move |conn| refund_in(conn, &ambient, &new));
                            if part.is_ok() { 7 } else { 0 }
                        })
                    })
                    .collect();
                let parts: i64 = parts.into_iter().map(|part| part.join().unwrap()).sum();
                parts + whole.join().unwrap()
            });
            assert!(given_back == 28 || given_back == 30, "{given_back}");
            let mut settle_up = |amount| world.pay(&format!("s{round}"), 1, 0, amount);
            if given_back == 28 {
                settle_up(2).unwrap();
            }
            assert_eq!((world.balance(0), world.balance(1)), (100, 0));
        }
        world.verify().unwrap();
    });
}
