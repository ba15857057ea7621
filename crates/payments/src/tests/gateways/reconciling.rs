use std::time::Duration;

use database::Connection;
use event_log::Actor;
use gateway_simulator::{Chaos, Whim};
use http_kit::Failure as _;

use super::{Trial, block_on};
use crate::{
    DifferenceCause, ExplainedItem, GatewayName, MatchOutcome, ReadFailure, Reconciliation,
    ReconciliationError, ReconciliationState, ReconciliationTally, Withdrawal,
    tests::world::{World, on_each_engine},
};

const DAY: u64 = 24 * 60;

/// Withdrawals that went all the way through each gateway.
fn on_every_gateway(chaos: Chaos, test: impl Fn(&Trial, &Withdrawal)) {
    on_each_engine(|world: &World| {
        for (number, name) in (1..).zip(GatewayName::ALL) {
            let trial = Trial::of(world, name, chaos, 1);
            let saver = trial.office.saver(number, 100_000);
            trial.synchronize();
            let asked = trial.asked(saver);
            block_on(async {
                for _look in 0..3 {
                    trial.dispatcher().step(100).await.unwrap();
                    trial.minutes(10);
                }
            });
            test(&trial, &asked);
            world.verify().unwrap();
        }
    });
}

fn tally(reconciliation: &Reconciliation) -> ReconciliationTally {
    match reconciliation.state {
        ReconciliationState::Finished { tally, .. } => tally,
        other => panic!("{other:?}"),
    }
}

fn items(trial: &Trial, of: &Reconciliation) -> Vec<ExplainedItem> {
    let (reconciliations, id) = (trial.reconciliations(), of.id);
    let read = move |conn: &mut Connection| reconciliations.items_in(conn, id, None, None, 100);
    trial.office.world.database.read_blocking(read).unwrap()
}

fn explain(
    trial: &Trial,
    by: u32,
    of: &Reconciliation,
    subject: &str,
    reason: &str,
) -> Result<ExplainedItem, ReconciliationError> {
    let by = trial.office.world.person(by);
    let (reconciliations, id) = (trial.reconciliations(), of.id);
    let (subject, reason) = (subject.to_owned(), reason.to_owned());
    trial.office.world.database.write_blocking(move |conn| {
        reconciliations.explain_in(conn, by, id, &subject, (DifferenceCause::ByHand, &reason))
    })
}

#[test]
fn books_that_agree() {
    for whim in [Whim::Honest, Whim::Fails, Whim::Drops] {
        on_every_gateway(Chaos::Only(whim), |trial, _| {
            let found = block_on(trial.reconciled());
            assert_eq!(
                tally(&found),
                ReconciliationTally { matched: 1, ..ReconciliationTally::default() },
                "{whim:?}"
            );
            assert_eq!(trial.standing().open_differences, 0);
        });
    }
}

#[test]
fn a_payout_that_came_back_unseen_is_seen_and_looked_up() {
    on_every_gateway(Chaos::Only(Whim::Reversed), |trial, asked| {
        assert_eq!(trial.office.find(asked).state.name().as_str(), "succeeded");
        trial.minutes(2 * DAY);
        let found = block_on(trial.reconciled());
        assert_eq!(
            tally(&found),
            ReconciliationTally { different_amount: 1, ..ReconciliationTally::default() }
        );
        // The worker had stopped looking; now it has heard.
        block_on(trial.dispatcher().step(100)).unwrap();
        assert_eq!(trial.office.find(asked).state.name().as_str(), "reversed");
        let again = block_on(trial.reconciled());
        assert_eq!(
            tally(&again),
            ReconciliationTally { matched: 1, ..ReconciliationTally::default() }
        );
    });
}

#[test]
fn a_fee_is_given_back_once_and_only_where_the_gateway_gives_it_back() {
    // Xendit's (2,775) and Midtrans's (5,000), as they stand at first and two days later.
    for (whim, xendit, midtrans) in [
        (Whim::Honest, [2_775, 2_775], [5_000, 5_000]),
        (Whim::Fails, [0, 0], [0, 0]),
        (Whim::Reversed, [2_775, 0], [5_000, 5_000]),
    ] {
        on_every_gateway(Chaos::Only(whim), |trial, _| {
            let is_xendit = trial.gateways[0].name() == GatewayName::Xendit;
            for (days, kept) in [0, 2].into_iter().zip(if is_xendit { xendit } else { midtrans }) {
                trial.minutes(days * DAY);
                for _again in 0..3 {
                    block_on(trial.reconciled());
                    assert_eq!(trial.standing().fees.get(), kept, "{whim:?} {days}");
                }
            }
        });
    }
}

#[test]
fn a_service_that_costs_nothing_is_no_posting() {
    on_every_gateway(Chaos::Quiet, |trial, _| {
        trial.simulator.with_book(|book| book.free_of_charge = true);
        let found = block_on(trial.reconciled());
        assert_eq!((tally(&found).matched, trial.standing().fees.get()), (1, 0));
    });
}

#[test]
fn a_changed_amount_is_found() {
    on_every_gateway(Chaos::Only(Whim::WrongAmount), |trial, asked| {
        let found = block_on(trial.reconciled());
        let items = items(trial, &found);
        // Without a name of theirs that we believe, Midtrans's payout is looked up by its notes.
        let (item, _) = items.iter().find(|(it, _)| it.theirs_out == 50_001).unwrap();
        assert_eq!((item.outcome, item.ours), (MatchOutcome::DifferentAmount, 50_000));
        assert_eq!(item.withdrawal, Some(asked.id));
        assert_eq!(trial.standing().open_differences, 1);
    });
}

#[test]
fn a_payout_of_nobodys_stays_in_sight_until_it_is_explained() {
    on_every_gateway(Chaos::Quiet, |trial, _| {
        let name = trial.gateways[0].name().as_str();
        let reference = trial.simulator.with_book(|book| book.plant(name, "by hand", 70_000));
        for days in [0, 1, 10] {
            trial.minutes(days * DAY);
            let found = block_on(trial.reconciled());
            assert_eq!((tally(&found).theirs_only, trial.standing().open_differences), (1, 1));
        }
        let found = block_on(trial.reconciled());
        let said = explain(trial, 90, &found, &reference, "lewat dasbor").unwrap();
        assert_eq!(said.1.unwrap().cause, DifferenceCause::ByHand);
        assert_eq!(trial.standing().open_differences, 0);
        let other = explain(trial, 91, &found, &reference, "salah").unwrap_err();
        assert_eq!(other.code().code, "already_explained");
        let unknown = explain(trial, 91, &found, "x", "salah").unwrap_err();
        assert_eq!(unknown.code().code, "not_found");
        let empty = explain(trial, 91, &found, &reference, " ").unwrap_err();
        assert_eq!(empty.code().code, "invalid_fields");
        let again = block_on(trial.reconciled());
        assert_eq!(tally(&again).theirs_only, 0, "the period has left it behind");
    });
}

#[test]
fn what_agrees_needs_no_explanation_and_nobody_explains_his_own() {
    on_every_gateway(Chaos::Quiet, |trial, asked| {
        let found = block_on(trial.reconciled());
        let (item, _) = items(trial, &found).remove(0);
        let refused = explain(trial, 90, &found, &item.subject, "x").unwrap_err();
        assert_eq!(refused.code().code, "nothing_to_explain");
        let reference = item.subject;
        let mut conn = test_kit::raw_connection(&trial.office.world.database);
        let sql =
            format!("UPDATE reconciliation_line SET suspense = {{}} WHERE subject = '{reference}'");
        let yes = if matches!(conn, Connection::Sqlite(_)) { "1" } else { "TRUE" };
        conn.run_script(&sql.replace("{}", yes)).unwrap();
        let (reconciliations, id, own) = (trial.reconciliations(), found.id, asked.account);
        let refused = trial.office.world.database.write_blocking(move |conn| {
            reconciliations.explain_in(conn, own, id, &reference, (DifferenceCause::Other, "x"))
        });
        assert_eq!(refused.unwrap_err().code().code, "own_wallet");
    });
}

#[test]
fn what_the_gateway_writes_late_is_ours_alone_for_a_while() {
    on_every_gateway(Chaos::Quiet, |trial, _| {
        let day = Duration::from_secs(DAY * 60).as_secs();
        trial.simulator.with_book(|book| book.statement_lag = 2 * day);
        let found = block_on(trial.reconciled());
        assert_eq!(
            tally(&found),
            ReconciliationTally { ours_only: 1, ..ReconciliationTally::default() }
        );
        assert_eq!(trial.standing().open_differences, 0, "it is young");
        trial.minutes(DAY);
        block_on(trial.reconciled());
        assert_eq!(trial.standing().open_differences, 1);
        trial.minutes(DAY);
        let found = block_on(trial.reconciled());
        assert_eq!(
            tally(&found),
            ReconciliationTally { matched: 1, ..ReconciliationTally::default() }
        );
    });
}

#[test]
fn a_book_that_cannot_be_read_is_read_again_soon() {
    on_every_gateway(Chaos::Quiet, |trial, _| {
        trial.simulator.with_book(|book| book.statement_errors = 2);
        assert_eq!(tally(&block_on(trial.reconciled())).matched, 1);
        trial.simulator.with_book(|book| book.statement_errors = 3);
        let failed = block_on(trial.reconciled());
        let ReconciliationState::Failed { failure, .. } = failed.state else {
            panic!("{failed:?}")
        };
        assert_eq!(failure, ReadFailure::Unanswered);
        let stepped = || block_on(trial.reconciler().step()).unwrap();
        assert_eq!(stepped(), 0);
        trial.minutes(15);
        assert_eq!((stepped(), stepped()), (1, 0));
        trial.minutes(DAY);
        assert_eq!((stepped(), stepped()), (1, 0), "once a day");
    });
}

#[test]
fn of_many_that_ask_at_once_one_counts() {
    on_every_gateway(Chaos::Quiet, |trial, _| {
        let name = trial.gateways[0].name();
        let ask = || {
            let reconciliations = trial.reconciliations();
            trial.office.world.database.write_blocking(move |conn| {
                reconciliations.request_in(conn, name, &Actor::CommandLine)
            })
        };
        let asked = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(ask)).collect();
            threads.into_iter().map(|it| it.join().unwrap()).collect::<Vec<_>>()
        });
        let winners: Vec<_> = asked.iter().flatten().collect();
        let [winner] = winners[..] else { panic!("{asked:?}") };
        let losers = asked.iter().filter_map(|it| it.as_ref().err()).map(|it| it.member());
        assert!(
            losers.eq(std::iter::repeat_n(Some(("reconciliation_id", winner.id.to_string())), 3))
        );
        block_on(async {
            let worker = trial.reconciler();
            let slow = worker.claim(winner).await.unwrap().unwrap();
            assert!(worker.claim(winner).await.unwrap().is_none(), "the lease runs");
            assert_eq!(worker.step().await.unwrap(), 0);
            // He has slept past its end, and another one took over.
            trial.minutes(11);
            assert_eq!(worker.step().await.unwrap(), 1);
            let late = worker.advance(slow).await.unwrap_err();
            assert!(matches!(late, ReconciliationError::LeaseLost), "{late}");
        });
        assert_eq!(trial.standing().last.map(|last| last.id), Some(winner.id));
    });
}

#[test]
fn both_books_stay_as_they_were() {
    on_every_gateway(Chaos::Quiet, |trial, _| {
        let journals = |conn: &mut Connection| {
            Ok::<_, database::DatabaseError>(
                ["withdrawal", "withdrawal_paid", "top_up"]
                    .map(|kind| ledger::count_of_kind_in(conn, kind).unwrap()),
            )
        };
        let count = || trial.office.world.database.read_blocking(journals).unwrap();
        let name = trial.gateways[0].name().as_str();
        trial.simulator.with_book(|book| book.plant(name, "by hand", 70_000));
        let (before, transfers) = (count(), trial.simulator.with_book(|book| book.transfers()));
        block_on(trial.reconciled());
        assert_eq!(before, count());
        assert_eq!(transfers, trial.simulator.with_book(|book| book.transfers()));
    });
}

#[test]
fn what_was_kept_of_a_comparison_is_proved() {
    for (check, sql) in [
        ("reconciliation_wrong", "UPDATE reconciliation SET matched = matched + 1"),
        ("reconciliation_wrong", "DELETE FROM reconciliation_line"),
        (
            "quarantine_wrong",
            "INSERT INTO payout_quarantine SELECT 'midtrans', 1, 1, 2, id FROM reconciliation
             WHERE gateway = 'xendit'",
        ),
    ] {
        on_each_engine(|world| {
            let trial = Trial::of(world, GatewayName::Xendit, Chaos::Quiet, 1);
            let saver = trial.office.saver(1, 100_000);
            trial.synchronize();
            trial.asked(saver);
            block_on(trial.dispatcher().step(100)).unwrap();
            block_on(trial.reconciled());
            assert_eq!(world.verify().unwrap().reconciliations, 1);
            test_kit::raw_connection(&world.database).run_script(sql).unwrap();
            world.must_find(check);
        });
    }
}
