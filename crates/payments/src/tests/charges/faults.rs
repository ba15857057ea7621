//! Each comparison of charges with the books must find the fault that was planted for it.

use database::{Connection, DatabaseError};
use diesel::Connection as _;
use ledger::{AccountName, Label, Line, NewJournal};

use super::{AMOUNT, Counter, known, suspense::Desk};
use crate::{
    SuspenseOutcome,
    tests::world::{World, on_each_engine},
};

/// One that was paid, one that was paid twice, one that expired.
fn planted(check: &str, plant: impl Fn(&World, &mut Connection)) {
    on_each_engine(|world| {
        let counter = Counter::of(world);
        let (once, twice, never) = (counter.asked(1), counter.asked(2), counter.asked(3));
        counter.step(&once, known(&once, &[("one", AMOUNT)]));
        counter.step(&twice, known(&twice, &[("one", AMOUNT), ("two", AMOUNT)]));
        counter.minutes(7 * 60);
        counter.step(&never, known(&never, &[]));
        assert_eq!(world.verify().unwrap().top_ups, 2);
        let mut conn = test_kit::raw_connection(&world.database);
        plant(world, &mut conn);
        world.must_find(check);
    });
}

fn by_script(check: &str, sql: &'static str) {
    planted(check, |_, conn| test_kit::forge(conn, sql));
}

#[test]
fn a_charge_of_another_amount_wallet_or_gateway() {
    for sql in [
        "UPDATE charge SET amount_rupiah = amount_rupiah + 1 WHERE state = 'paid'",
        "UPDATE charge SET account_id = 'acc_01h455vb4pex5vsknk084sn02q' WHERE state = 'paid'",
        "UPDATE charge SET gateway = 'midtrans' WHERE state = 'paid'",
    ] {
        by_script("charge_wrong", sql);
    }
}

#[test]
fn a_state_that_no_payment_explains() {
    for sql in [
        "UPDATE charge SET state = 'expired', payment = NULL, credited_journal_id = NULL
         WHERE state = 'paid'",
        "UPDATE charge SET payment = 'another' WHERE state = 'paid'",
        "DELETE FROM incoming_payment WHERE place = 'wallet'",
    ] {
        by_script("charge_wrong", sql);
    }
}

#[test]
fn a_payment_of_another_amount_or_place() {
    for sql in [
        "UPDATE incoming_payment SET amount_rupiah = amount_rupiah + 1 WHERE place = 'suspense'",
        "UPDATE incoming_payment SET received_journal_id = placed_journal_id WHERE place = 'suspense'",
        "UPDATE incoming_payment SET place = 'suspense' WHERE place = 'wallet'",
    ] {
        by_script("charge_wrong", sql);
    }
}

#[test]
fn a_suspended_payment_that_vanished() {
    by_script("suspense_missing", "DELETE FROM incoming_payment WHERE place = 'suspense'");
}

#[test]
fn a_charge_that_vanished_with_its_payment() {
    by_script(
        "top_up_missing",
        "DELETE FROM incoming_payment WHERE charge_id NOT IN
             (SELECT charge_id FROM incoming_payment WHERE place = 'suspense');
         DELETE FROM charge WHERE id NOT IN (SELECT charge_id FROM incoming_payment)",
    );
}

#[test]
fn money_in_suspense_that_no_payment_explains() {
    planted("suspense_wrong", |world, conn| {
        let gateway = || Label::parse("midtrans").unwrap();
        let lines = vec![
            Line::new(AccountName::Bank(gateway()), -5),
            Line::new(AccountName::Suspense(gateway()), 5),
        ];
        let new = NewJournal { kind: "something", business_key: "else".to_owned(), lines };
        let posted = conn.transaction::<_, DatabaseError, _>(|conn| {
            ledger::post_in(conn, &world.ambient, &new).unwrap();
            Ok(())
        });
        posted.unwrap();
    });
}

#[test]
fn a_release_that_the_books_do_not_follow() {
    for (check, sql) in [
        ("release_missing", "DELETE FROM suspense_release WHERE outcome = 'credited'"),
        ("release_wrong", "UPDATE suspense_release SET amount_rupiah = 1 WHERE state = 'approved'"),
        (
            "release_wrong",
            "UPDATE suspense_release SET account_id = 'acc_01h455vb4pex5vsknk084sn02q'
             WHERE account_id IS NOT NULL",
        ),
        (
            "release_wrong",
            "UPDATE suspense_release SET outcome = 'returned', account_id = NULL,
                 return_reference = 'rf-2' WHERE outcome = 'credited'",
        ),
        (
            "release_missing",
            "UPDATE suspense_release SET state = 'proposed', decided_at = NULL, decided_by = NULL,
                 journal_id = NULL WHERE outcome = 'returned'",
        ),
    ] {
        on_each_engine(|world| {
            let desk = Desk::of(world);
            let (siti, ani) = (desk.suspended(5, 30_000), desk.suspended(6, 20_000));
            let returned = SuspenseOutcome::Returned("rf-1".to_owned());
            for (charge, outcome) in
                [(&siti, SuspenseOutcome::Credited(siti.account)), (&ani, returned)]
            {
                let release = desk.propose(&desk.maker, charge, outcome).unwrap();
                desk.approve(&desk.checker, release.id).unwrap();
            }
            world.verify().unwrap();
            test_kit::forge(&mut test_kit::raw_connection(&world.database), sql);
            world.must_find(check);
        });
    }
}

#[test]
fn a_top_up_that_lapsed_by_itself() {
    by_script(
        "charge_wrong",
        "UPDATE charge SET state = 'failed', failure = 'lapsed' WHERE state = 'expired'",
    );
}
