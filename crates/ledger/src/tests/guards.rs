//! The tables themselves refuse what the code would never do.

use super::*;
use crate::{NewHold, NewRefund, hold_in, refund_in, void_hold_in};

/// A top-up, a payment, a voided hold and an open one, and a refund to tamper with.
fn with_history(test: impl Fn(&mut World)) {
    on_each_engine(|world| {
        world.top_up("t1", 0, 100);
        world.pay("p1", 0, 1, 30).unwrap();
        let (ambient, account) = (world.ambient.clone(), world.wallet(1));
        let new =
            NewHold { business_key: "h1".into(), account, amount: 20, expires_at: ambient.now() };
        let hold = world.commit(|conn| hold_in(conn, &ambient, &new)).unwrap();
        world.commit(|conn| void_hold_in(conn, &ambient, hold.id)).unwrap();
        let new = NewHold { business_key: "h2".into(), account: World::bank(), ..new };
        world.commit(|conn| hold_in(conn, &ambient, &new)).unwrap();
        world.top_up("t2", 2, 50);
        let original = world.pay("p2", 1, 2, 10).unwrap().id;
        let lines = vec![Line::new(world.wallet(2), -4), Line::new(world.wallet(1), 4)];
        let refund = NewRefund { business_key: "r1".into(), original, lines };
        world.commit(|conn| refund_in(conn, &ambient, &refund)).unwrap();
        test(world);
        world.verify().unwrap();
    });
}

fn refused(world: &mut World, sql: &str, because: &str) {
    let outcome =
        world.conn.transaction::<(), diesel::result::Error, _>(|conn| conn.run_script(sql));
    let error = outcome.expect_err(sql).to_string();
    assert!(error.contains(because), "{sql}\nsaid {error}\nnot {because}");
}

const OPEN: &str =
    "INSERT INTO journal (id, kind, business_key, created_at) VALUES ('j', 'k', 'b', 1);";
const IN_IT: &str = "(SELECT seq FROM journal WHERE id = 'j')";
const WALLET: &str =
    "(SELECT id FROM ledger_account WHERE name LIKE 'wallet:%' ORDER BY id LIMIT 1)";

#[test]
fn nothing_is_ever_changed_or_removed() {
    with_history(|world| {
        for (table, column) in [
            ("ledger_account", "name"),
            ("journal", "kind"),
            ("journal_seal", "hash"),
            ("posting", "delta"),
            ("hold", "amount"),
            ("hold_outcome", "settled"),
            ("refund", "original"),
            ("open_hold", "expires_at"),
        ] {
            refused(world, &format!("UPDATE {table} SET {column} = {column}"), "append_only");
            let because =
                if table == "open_hold" { "open_hold_without_outcome" } else { "append_only" };
            refused(world, &format!("DELETE FROM {table}"), because);
            if matches!(world.conn, Connection::Postgres(_)) {
                refused(world, &format!("TRUNCATE {table} CASCADE"), "append_only");
            }
        }
    });
}

#[test]
fn nothing_is_replaced_by_inserting_it_again() {
    with_history(|world| {
        if matches!(world.conn, Connection::Postgres(_)) {
            return;
        }
        for (table, because) in [
            ("ledger_account", "exists"),
            ("journal", "exists"),
            ("journal_seal", "exists"),
            // Two rules say no, in an order that SQLite does not promise.
            ("hold", "hold_"),
            ("hold_outcome", "hold_outcome_"),
            ("refund", "refund_"),
        ] {
            let sql = format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table}");
            refused(world, &sql, because);
        }
        refused(world, "INSERT OR REPLACE INTO posting SELECT * FROM posting", "posting_exists");
        let stolen_key = OPEN.replace("INSERT", "INSERT OR REPLACE").replace("'b'", "'t1'");
        refused(world, &stolen_key, "journal_exists");
    });
}

#[test]
fn nothing_is_changed_by_inserting_it_in_a_conflict() {
    with_history(|world| {
        if matches!(world.conn, Connection::Sqlite(_)) {
            return;
        }
        for (table, key, column) in [
            ("journal_seal", "seq", "hash"),
            ("posting", "account, version", "delta"),
            ("hold", "id", "amount"),
            ("hold_outcome", "hold", "settled"),
            ("refund", "journal", "original"),
        ] {
            let sql = format!(
                "INSERT INTO {table} SELECT * FROM {table}
                 ON CONFLICT ({key}) DO UPDATE SET {column} = EXCLUDED.{column}"
            );
            let outcome = world
                .conn
                .transaction::<(), diesel::result::Error, _>(|conn| conn.run_script(&sql));
            assert!(outcome.is_err(), "{sql}");
        }
    });
}

#[test]
fn an_unsealed_journal_cannot_commit() {
    with_history(|world| {
        let foreign_key = match world.conn {
            Connection::Postgres(_) => "journal_seq_fkey",
            Connection::Sqlite(_) => "FOREIGN KEY",
        };
        refused(world, OPEN, foreign_key);
    });
}

#[test]
fn a_seal_wants_a_journal_with_lines_that_sum_to_zero() {
    with_history(|world| {
        let hash = "0".repeat(64);
        let seal =
            format!("INSERT INTO journal_seal SELECT seq, '{hash}' FROM journal WHERE id = 'j';");
        refused(world, &format!("{OPEN} {seal}"), "journal_seal_empty");
        let line = format!("INSERT INTO posting SELECT {WALLET}, 3, {IN_IT}, 5, 0, 75, 0;");
        refused(world, &format!("{OPEN} {line} {seal}"), "journal_seal_unbalanced");
        refused(world, &format!("INSERT INTO journal_seal VALUES (999, '{hash}')"), "orphan");
    });
}

#[test]
fn a_link_follows_the_last_one_exactly() {
    with_history(|world| {
        // The wallet stands at 70 after two links.
        for (link, because) in [
            ("4, {j}, 5, 0, 75, 0", "posting_version_chain"),
            ("2, {j}, 5, 0, 75, 0", "posting_version_chain"),
            ("3, {j}, 5, 0, 76, 0", "posting_balance_chain"),
            ("3, {j}, 5, 0, 75, 1", "posting_balance_chain"),
            ("3, {j}, -71, 0, -1, 0", "posting_floor"),
            ("3, {j}, 0, 71, 70, 71", "posting_floor"),
            ("3, {j}, 0, 0, 70, 0", "posting_zero_check"),
            ("3, {j}, 0, -1, 70, -1", "posting_held_check"),
            ("3, {j}, 1000000000001, 0, 1000000000071, 0", "_check"),
            ("3, {j}, 999999999999, 0, 1000000000069, 0", "posting_balance_check"),
        ] {
            let link = link.replace("{j}", IN_IT);
            refused(world, &format!("{OPEN} INSERT INTO posting SELECT {WALLET}, {link}"), because);
        }
    });
}

#[test]
fn a_hold_pays_no_more_than_it_holds() {
    with_history(|world| {
        let hold = format!(
            "{OPEN} INSERT INTO hold SELECT 'h', seq, {WALLET}, 5, 1 FROM journal WHERE id = 'j';"
        );
        let outcome =
            "INSERT INTO hold_outcome SELECT 'h', seq, 'settled', 6 FROM journal WHERE id = 'j'";
        refused(world, &format!("{hold} {outcome}"), "hold_outcome_exceeds");
        let nothing = outcome.replace("6 FROM", "0 FROM");
        refused(world, &format!("{hold} {nothing}"), "hold_outcome_settled_check");
    });
}

#[test]
fn a_correction_goes_back_and_never_too_far() {
    with_history(|world| {
        // The payment p2 moved 10 from the second wallet to the third, of which 4 went back.
        let original = "(SELECT seq FROM journal WHERE business_key = 'p2')";
        let wallet = |world: &World, person: usize| {
            format!("(SELECT id FROM ledger_account WHERE name = '{}')", world.wallet(person))
        };
        let (second, third) = (wallet(world, 1), wallet(world, 2));
        let refund = |amount: i64| {
            let seal = "INSERT INTO journal_seal SELECT seq, id FROM journal WHERE id = 'j';";
            format!(
                "{OPEN} INSERT INTO refund SELECT {IN_IT}, {original};
                 INSERT INTO posting SELECT account, version + 1, {IN_IT}, {amount}, 0,
                    balance_after + {amount}, 0 FROM posting
                    WHERE account = {second} AND version = (SELECT MAX(version) FROM posting WHERE account = {second});
                 INSERT INTO posting SELECT account, version + 1, {IN_IT}, -({amount}), 0,
                    balance_after - ({amount}), 0 FROM posting
                    WHERE account = {third} AND version = (SELECT MAX(version) FROM posting WHERE account = {third});
                 {seal}"
            )
            .replace("seq, id FROM", &format!("seq, '{}' FROM", "0".repeat(64)))
        };
        for amount in [7, -1] {
            refused(world, &refund(amount), "correction_exceeds");
        }
        let of_refund = refund(1).replace("'p2'", "'r1'");
        refused(world, &of_refund, "refund_of_correction");
        refused(
            world,
            "INSERT INTO refund SELECT seq, 1 FROM journal WHERE business_key = 'p1'",
            "refund_after_seal",
        );
        let reversal = refund(10)
            .replace("business_key, created_at", "business_key, created_at, reverses")
            .replace("'b', 1)", "'b', 1, (SELECT id FROM journal WHERE business_key = 'p1'))");
        let reversal = reversal.replace("INSERT INTO refund SELECT", "SELECT");
        refused(world, &reversal, "correction_exceeds");
    });
}

#[test]
fn a_sealed_journal_takes_no_more_lines() {
    with_history(|world| {
        let sql = format!("INSERT INTO posting SELECT {WALLET}, 3, 1, 5, 0, 75, 0");
        let because = match world.conn {
            Connection::Postgres(_) => "posting_after_seal",
            Connection::Sqlite(_) => "posting_exists",
        };
        refused(world, &sql, because);
        let hold = format!("INSERT INTO hold SELECT 'h', 1, {WALLET}, 5, 1");
        refused(world, &hold, "hold_after_seal");
        let outcome = "INSERT INTO hold_outcome SELECT hold, 1, 'voided', 0 FROM open_hold";
        refused(world, outcome, "hold_outcome_after_seal");
    });
}
