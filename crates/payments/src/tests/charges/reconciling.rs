//! What came in beside the gateways' own books, and what they kept for it.

use gateway_simulator::{Chaos, Whim};

use super::AMOUNT;
use crate::{
    Charge, DifferenceCause, Direction, GatewayName, MatchOutcome, PayInChannel, Reconciliation,
    ReconciliationItem, ReconciliationTally,
    tests::{
        gateways::{Trial, block_on},
        world::on_each_engine,
    },
};

const NOTHING: ReconciliationTally =
    ReconciliationTally { matched: 0, ours_only: 0, theirs_only: 0, different_amount: 0 };

/// A top-up at each gateway, by virtual account or QRIS, to which one can pay.
fn on_every_gateway(chaos: Chaos, test: impl Fn(&Trial, &Charge)) {
    on_each_engine(|world| {
        for (number, name) in (1..).zip(GatewayName::ALL) {
            let trial = Trial::of(world, name, chaos, 1);
            trial.synchronize();
            let channel = if number == 1 { PayInChannel::Qris } else { PayInChannel::Bni };
            let asked = trial.asks(number, channel);
            block_on(trial.looks(1));
            test(&trial, &trial.stands(&asked));
            world.verify().unwrap();
        }
    });
}

fn pay(trial: &Trial, charge: &Charge, amount: Option<i64>) {
    let to = charge.state.asked().unwrap().pay_to.clone();
    assert!(trial.simulator.with_book(|book| book.pay(&to, amount)));
}

fn incoming(of: &Reconciliation) -> ReconciliationTally {
    *of.state.incoming().unwrap()
}

fn items(trial: &Trial, of: &Reconciliation) -> Vec<ReconciliationItem> {
    let (reconciliations, id) = (trial.reconciliations(), of.id);
    let read =
        move |conn: &mut database::Connection| reconciliations.items_in(conn, id, None, None, 100);
    let found = trial.office.world.database.read_blocking(read).unwrap();
    found.into_iter().map(|(item, _)| item).collect()
}

#[test]
fn what_is_in_both_books_matches_and_its_fee_is_booked_once() {
    on_every_gateway(Chaos::Quiet, |trial, charge| {
        let fee = if charge.gateway == GatewayName::Xendit { 4_440 } else { 4_000 };
        pay(trial, charge, None);
        block_on(trial.looks(10));
        assert_eq!(trial.office.world.wallet(charge.account), AMOUNT);
        let before = trial.standing().held;
        assert_eq!(before.get(), AMOUNT);
        for _again in 0..3 {
            let found = block_on(trial.reconciled());
            assert_eq!(incoming(&found), ReconciliationTally { matched: 1, ..NOTHING });
            let standing = trial.standing();
            assert_eq!((standing.fees.get(), standing.held.get()), (fee, AMOUNT - fee));
            assert_eq!(standing.open_differences, 0);
        }
    });
}

#[test]
fn what_the_gateway_alone_knows_is_looked_up_before_it_is_posted() {
    on_every_gateway(Chaos::Quiet, |trial, charge| {
        // Late, when nobody looks any more, and no notification comes.
        block_on(async {
            for _ in 0..34 {
                trial.minutes(60);
                trial.charge_dispatcher().step(10).await.unwrap();
            }
        });
        pay(trial, charge, None);
        trial.minutes(60);
        assert_eq!(block_on(trial.charge_dispatcher().step(10)).unwrap(), 0, "it is not due");
        let found = block_on(trial.reconciled());
        assert_eq!(incoming(&found), ReconciliationTally { theirs_only: 1, ..NOTHING });
        let [item] = &items(trial, &found)[..] else { panic!("one") };
        assert_eq!(
            (item.direction, item.charge, item.theirs_in),
            (Direction::In, Some(charge.id), AMOUNT)
        );
        assert_eq!(trial.standing().open_differences, 1);
        assert_eq!(trial.office.world.wallet(charge.account), 0, "a statement moves nothing");
        block_on(trial.charge_dispatcher().step(10)).unwrap();
        assert_eq!(trial.office.world.wallet(charge.account), AMOUNT);
        let found = block_on(trial.reconciled());
        assert_eq!(incoming(&found), ReconciliationTally { matched: 1, ..NOTHING });
        assert_eq!(trial.standing().open_differences, 0);
    });
}

#[test]
fn what_came_in_for_nobody_stays_in_sight_until_it_is_explained() {
    on_every_gateway(Chaos::Quiet, |trial, _| {
        let name = trial.gateways[0].name().as_str();
        let reference =
            trial.simulator.with_book(|book| book.plant_payment(name, "by hand", 70_000));
        for days in [0, 1, 10] {
            trial.minutes(days * 24 * 60);
            let found = block_on(trial.reconciled());
            assert_eq!(incoming(&found), ReconciliationTally { theirs_only: 1, ..NOTHING });
            assert_eq!(trial.standing().open_differences, 1);
        }
        let found = block_on(trial.reconciled());
        let (reconciliations, id, by) =
            (trial.reconciliations(), found.id, trial.office.world.person(90));
        let explained = trial.office.world.database.write_blocking(move |conn| {
            let said = (DifferenceCause::ByHand, "uji coba petugas");
            reconciliations.explain_in(conn, by, id, &reference, said)
        });
        assert_eq!(explained.unwrap().0.direction, Direction::In);
        assert_eq!(trial.standing().open_differences, 0);
    });
}

#[test]
fn another_amount_has_its_place_and_matches() {
    on_every_gateway(Chaos::Quiet, |trial, charge| {
        pay(trial, charge, Some(AMOUNT - 1));
        block_on(trial.looks(10));
        let found = block_on(trial.reconciled());
        assert_eq!(incoming(&found), ReconciliationTally { matched: 1, ..NOTHING });
    });
}

#[test]
fn what_was_taken_back_is_a_difference_and_a_persons_business() {
    on_every_gateway(Chaos::Only(Whim::Reversed), |trial, charge| {
        pay(trial, charge, None);
        block_on(trial.looks(10));
        trial.minutes(26 * 60);
        let found = block_on(trial.reconciled());
        assert_eq!(incoming(&found), ReconciliationTally { different_amount: 1, ..NOTHING });
        block_on(trial.charge_dispatcher().step(10)).unwrap();
        let found = trial.stands(charge);
        assert!(found.escalated_at.is_some(), "{found:?}");
        assert_eq!(trial.office.world.wallet(charge.account), AMOUNT);
    });
}

#[test]
fn what_only_we_know_is_a_worry_after_a_day() {
    on_every_gateway(Chaos::Quiet, |trial, charge| {
        pay(trial, charge, None);
        block_on(trial.looks(10));
        trial.simulator.with_book(|book| book.statement_lag = 3 * 24 * 60 * 60);
        for (minutes, open) in [(0, 0), (24 * 60, 1)] {
            trial.minutes(minutes);
            let found = block_on(trial.reconciled());
            assert_eq!(incoming(&found), ReconciliationTally { ours_only: 1, ..NOTHING });
            assert_eq!(items(trial, &found)[0].outcome, MatchOutcome::OursOnly);
            assert_eq!(trial.standing().open_differences, open);
        }
    });
}

#[test]
fn fees_and_comparisons_that_the_books_do_not_follow() {
    for (check, sql) in [
        ("fee_wrong", "UPDATE gateway_fee SET amount_rupiah = amount_rupiah + 1"),
        ("fee_wrong", "UPDATE gateway_fee SET given_back = NOT given_back"),
        ("fee_wrong", "DELETE FROM gateway_fee"),
        ("reconciliation_wrong", "DELETE FROM reconciliation_line WHERE direction = 'in'"),
        ("reconciliation_wrong", "UPDATE reconciliation SET incoming_matched = 2"),
        (
            "fee_missing",
            "UPDATE reconciliation SET state = 'failed', failure = 'unanswered', matched = NULL,
                 ours_only = NULL, theirs_only = NULL, different_amount = NULL",
        ),
    ] {
        on_each_engine(|world| {
            let trial = Trial::of(world, GatewayName::Xendit, Chaos::Quiet, 1);
            trial.synchronize();
            let asked = trial.asks(1, PayInChannel::Qris);
            block_on(trial.looks(1));
            pay(&trial, &trial.stands(&asked), None);
            block_on(trial.looks(10));
            block_on(trial.reconciled());
            world.verify().unwrap();
            test_kit::forge(&mut test_kit::raw_connection(&world.database), sql);
            world.must_find(check);
        });
    }
}
