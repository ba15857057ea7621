//! Each comparison of `verify_in` must find the fault that was planted for it.

use database::{Connection, DatabaseError};
use diesel::Connection as _;
use ledger::{AccountName, Label, Line, NewJournal};

use super::world::{World, on_each_engine};
use crate::Method;

/// One job paid in cash, one by wallet, one not at all.
fn planted(check: &str, plant: impl Fn(&World, &mut Connection)) {
    on_each_engine(|world| {
        let (cash, wallet, _open) = (world.deal(1), world.deal(2), world.deal(3));
        let claimed = world.pay(&cash, Method::Cash).unwrap();
        world.confirm(&cash, &claimed).unwrap();
        world.top_up(wallet.payer, 20_000).unwrap();
        world.pay(&wallet, Method::Wallet).unwrap();
        assert_eq!(world.verify().unwrap().pickups, 2);
        let mut conn = test_kit::raw_connection(&world.database);
        plant(world, &mut conn);
        world.must_find(check);
    });
}

fn by_script(check: &str, sql: &'static str) {
    planted(check, |_, conn| test_kit::forge(conn, sql));
}

#[test]
fn a_paid_job_without_a_payment() {
    by_script("payment_missing", "DELETE FROM payment WHERE method = 'cash'");
    by_script(
        "payment_missing",
        "UPDATE pickup SET state = 'paid', ended_at = confirmed_at WHERE state = 'confirmed'",
    );
}

#[test]
fn a_paid_job_with_an_open_payment() {
    by_script(
        "payment_not_settled",
        "UPDATE payment SET state = 'pending', settled_at = NULL, journal_id = NULL
         WHERE method = 'cash'",
    );
}

#[test]
fn a_payment_of_another_amount() {
    by_script("amount_wrong", "UPDATE payment SET amount_rupiah = amount_rupiah + 1");
    by_script("amount_wrong", "UPDATE pickup_weighing SET amount_rupiah = amount_rupiah - 1");
}

#[test]
fn a_payment_that_names_another_journal() {
    by_script(
        "journal_wrong",
        "UPDATE payment SET journal_id = (SELECT received_journal_id FROM top_up)",
    );
}

#[test]
fn a_weigh_in_changed_afterwards() {
    by_script("postings_wrong", "UPDATE pickup_line SET grams = grams + 1");
}

#[test]
fn a_payment_by_another_way() {
    by_script("postings_wrong", "UPDATE payment SET method = 'wallet' WHERE method = 'cash'");
}

#[test]
fn a_settled_payment_of_a_job_that_is_not_paid() {
    by_script(
        "payment_without_paid_pickup",
        "UPDATE pickup SET state = 'confirmed', ended_at = NULL WHERE state = 'paid'",
    );
}

fn post(world: &World, conn: &mut Connection, kind: &'static str, key: &str, lines: Vec<Line>) {
    let new = NewJournal { kind, business_key: key.to_owned(), lines };
    let posted = conn.transaction::<_, DatabaseError, _>(|conn| {
        ledger::post_in(conn, &world.ambient, &new).unwrap();
        Ok(())
    });
    posted.unwrap();
}

fn manual() -> Label {
    Label::parse("manual").unwrap()
}

#[test]
fn a_settlement_of_nothing() {
    planted("settlement_without_paid_pickup", |world, conn| {
        let lines = vec![
            Line::new(AccountName::Bank(manual()), -5),
            Line::new(AccountName::Wallet(world.person(7)), 5),
        ];
        post(world, conn, "settlement", "settlement:forged", lines);
    });
}

#[test]
fn money_that_stays_in_clearing() {
    planted("clearing_wrong", |world, conn| {
        let lines = vec![
            Line::new(AccountName::Bank(manual()), -5),
            Line::new(AccountName::ClearingTopUp(manual()), 5),
        ];
        post(world, conn, "something", "else", lines);
    });
}

#[test]
fn a_top_up_that_nobody_recorded() {
    planted("top_up_missing", |world, conn| {
        let lines = vec![
            Line::new(AccountName::Bank(manual()), -5),
            Line::new(AccountName::Wallet(world.person(7)), 5),
        ];
        post(world, conn, "top_up", "top_up:forged", lines);
    });
}

#[test]
fn a_top_up_of_another_amount() {
    by_script("top_up_wrong", "UPDATE top_up SET amount_rupiah = amount_rupiah + 1");
    by_script("top_up_wrong", "UPDATE top_up SET received_journal_id = credited_journal_id");
}

#[test]
fn a_dispute_that_nobody_waits_for() {
    by_script(
        "dispute_wrong",
        "INSERT INTO payment_dispute (payment_id, opened_by, reason, opened_at, decide_by)
         SELECT id, 'worker', 'unanswered', 1, 2 FROM payment WHERE method = 'cash'",
    );
}

#[test]
fn a_ruling_that_the_payment_does_not_follow() {
    by_script(
        "ruling_ignored",
        "INSERT INTO payment_dispute (payment_id, opened_by, reason, opened_at, decide_by, outcome,
             closed_at, ruled_by, ruling_reason)
         SELECT id, 'worker', 'unanswered', 1, 2, 'not_received', 2, 'acc_x', 'x' FROM payment
         WHERE method = 'cash'",
    );
}

#[test]
fn an_adjustment_that_nobody_proposed() {
    planted("adjustment_missing", |world, conn| {
        let lines = vec![
            Line::new(AccountName::WriteOff, -5),
            Line::new(AccountName::Wallet(world.person(7)), 5),
        ];
        post(world, conn, "adjustment", "adjustment:forged", lines);
    });
}

#[test]
fn an_adjustment_that_moves_something_else() {
    by_script(
        "adjustment_wrong",
        "INSERT INTO adjustment (id, region, account_id, amount_rupiah, reason, maker, proposed_at,
             state, decided_at, decided_by, journal_id, version)
         SELECT 'adj_01h455vb4pex5vsknk084sn02q', '12.07', account_id, 5, 'x',
             'acc_01h455vb4pex5vsknk084sn02q', 1, 'approved', 2, 'acc_01h455vb4pex5vsknk084sn02r',
             received_journal_id, 2 FROM top_up",
    );
}
