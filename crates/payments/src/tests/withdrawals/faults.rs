//! Each comparison of withdrawals with the books must find the fault that was planted for it.

use database::{Connection, DatabaseError};
use diesel::Connection as _;
use ledger::{AccountName, Label, Line, NewJournal};

use super::{Office, known};
use crate::{Failure, PayoutStatus, tests::world::World, tests::world::on_each_engine};

/// One that arrived, one that failed, one that came back, one under way.
fn planted(check: &str, plant: impl Fn(&World, &mut Connection)) {
    on_each_engine(|world| {
        let office = Office::of(world);
        let ends = [
            PayoutStatus::Succeeded,
            PayoutStatus::Failed(Failure::GatewayRefused),
            PayoutStatus::Reversed,
            PayoutStatus::Pending,
        ];
        for (number, end) in (1..).zip(ends) {
            let saver = office.saver(number, 100_000);
            let asked = office.withdraw(saver, 50_000).unwrap();
            office.step(&asked, known(&asked, end));
        }
        assert_eq!(world.verify().unwrap().withdrawals, 4);
        let mut conn = test_kit::raw_connection(&world.database);
        plant(world, &mut conn);
        world.must_find(check);
    });
}

fn by_script(check: &str, sql: &'static str) {
    planted(check, |_, conn| test_kit::forge(conn, sql));
}

#[test]
fn a_withdrawal_of_another_amount_fee_or_wallet() {
    for sql in [
        "UPDATE withdrawal SET amount_rupiah = amount_rupiah + 1 WHERE state = 'pending'",
        "UPDATE withdrawal SET fee_rupiah = 0 WHERE state = 'failed'",
        "UPDATE withdrawal SET account_id = (SELECT MAX(account_id) FROM withdrawal WHERE state = 'pending')
         WHERE state = 'succeeded'",
        "UPDATE withdrawal SET gateway = 'midtrans' WHERE state = 'reversed'",
    ] {
        by_script("withdrawal_wrong", sql);
    }
}

#[test]
fn a_withdrawal_that_names_another_journal() {
    for sql in [
        "UPDATE withdrawal SET paid_journal_id = journal_id WHERE state = 'succeeded'",
        "UPDATE withdrawal SET returned_journal_id = paid_journal_id WHERE state = 'reversed'",
    ] {
        by_script("withdrawal_wrong", sql);
    }
}

#[test]
fn a_withdrawal_that_vanished() {
    by_script("withdrawal_missing", "DELETE FROM withdrawal WHERE state = 'failed'");
}

#[test]
fn one_that_is_said_to_be_under_way_but_arrived() {
    by_script(
        "withdrawal_missing",
        "UPDATE withdrawal SET state = 'pending', paid_at = NULL, paid_journal_id = NULL
         WHERE state = 'succeeded'",
    );
}

#[test]
fn one_that_is_said_to_be_under_way_but_came_back() {
    by_script(
        "payout_clearing_wrong",
        "UPDATE withdrawal SET state = 'in_doubt', returned_at = NULL, returned_journal_id = NULL,
         failure = NULL WHERE state = 'failed'",
    );
}

#[test]
fn money_in_clearing_that_no_withdrawal_explains() {
    planted("payout_clearing_wrong", |world, conn| {
        let gateway = || Label::parse("midtrans").unwrap();
        let lines = vec![
            Line::new(AccountName::Bank(gateway()), -5),
            Line::new(AccountName::ClearingPayout(gateway()), 5),
        ];
        let new = NewJournal { kind: "something", business_key: "else".to_owned(), lines };
        let posted = conn.transaction::<_, DatabaseError, _>(|conn| {
            ledger::post_in(conn, &world.ambient, &new).unwrap();
            Ok(())
        });
        posted.unwrap();
    });
}
