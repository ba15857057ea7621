//! The tables themselves refuse what the code would never do.

use super::*;
use crate::{NewHold, hold_in, void_hold_in};

/// A top-up, a payment and a voided hold to tamper with.
fn with_history(test: impl Fn(&mut World)) {
    on_each_engine(|world| {
        world.top_up("t1", 0, 100);
        world.pay("p1", 0, 1, 30).unwrap();
        let (ambient, account) = (world.ambient.clone(), world.wallet(1));
        let new =
            NewHold { business_key: "h1".into(), account, amount: 20, expires_at: ambient.now() };
        let hold = world.commit(|conn| hold_in(conn, &ambient, &new)).unwrap();
        world.commit(|conn| void_hold_in(conn, &ambient, hold.id)).unwrap();
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
        ] {
            refused(world, &format!("UPDATE {table} SET {column} = {column}"), "append_only");
            refused(world, &format!("DELETE FROM {table}"), "append_only");
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
        for table in ["ledger_account", "journal", "journal_seal", "hold", "hold_outcome"] {
            let sql = format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table}");
            refused(world, &sql, "exists");
        }
        refused(world, "INSERT OR REPLACE INTO posting SELECT * FROM posting", "posting_exists");
        let stolen_key = OPEN.replace("INSERT", "INSERT OR REPLACE").replace("'b'", "'t1'");
        refused(world, &stolen_key, "journal_exists");
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
fn a_sealed_journal_takes_no_more_lines() {
    with_history(|world| {
        let sql = format!("INSERT INTO posting SELECT {WALLET}, 3, 1, 5, 0, 75, 0");
        let because = match world.conn {
            Connection::Postgres(_) => "posting_after_seal",
            Connection::Sqlite(_) => "posting_exists",
        };
        refused(world, &sql, because);
    });
}
