//! Each check of `verify` must find the fault that was planted for it.

use std::time::Duration;

use diesel::{RunQueryDsl, sql_query, sql_types::Text};
use primitives::JournalId;

use super::*;
use crate::{
    Fault, NewHold, NewRefund,
    annex::Annex,
    hold_in, refund_in, reverse_in,
    rules::{Account, Movement},
    settle_hold_in,
    writing::{Draft, write_in},
};

/// A little of everything; the last journal moves 10 from the first wallet (then 40, of it 15 held) to the third.
fn with_history(test: impl Fn(&mut World)) {
    on_each_engine(|world| {
        world.top_up("t1", 0, 100);
        let undone = world.pay("p1", 0, 1, 30).unwrap();
        let ambient = world.ambient.clone();
        world.commit(|conn| reverse_in(conn, &ambient, undone.id)).unwrap();
        for (key, amount) in [("h1", 60), ("h2", 15)] {
            let expires_at = ambient.now().plus(Duration::from_secs(60));
            let account = world.wallet(0);
            let new = NewHold { business_key: key.into(), account, amount, expires_at };
            let hold = world.commit(|conn| hold_in(conn, &ambient, &new)).unwrap();
            if amount == 60 {
                let payee = world.wallet(1);
                world.commit(|conn| settle_hold_in(conn, &ambient, hold.id, &payee, 50)).unwrap();
            }
        }
        let whole = world.pay("p8", 0, 1, 20).unwrap().id;
        let lines = vec![Line::new(world.wallet(1), -20), Line::new(world.wallet(0), 20)];
        let new = NewRefund { business_key: "r1".into(), original: whole, lines };
        world.commit(|conn| refund_in(conn, &ambient, &new)).unwrap();
        world.pay("p9", 0, 2, 10).unwrap();
        assert_eq!(world.verify().unwrap().journals, 9);
        test(world);
    });
}

#[derive(diesel::QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Changes the tables as somebody with the keys to the machine could.
pub(super) fn tamper(world: &mut World, sql: &str) {
    let unlocked = match world.conn {
        Connection::Postgres(_) => "SET session_replication_role = replica;
            ALTER TABLE posting DROP CONSTRAINT posting_zero_check;
            ALTER TABLE hold_outcome DROP CONSTRAINT hold_outcome_settled_check;"
            .to_owned(),
        Connection::Sqlite(_) => {
            let triggers: Vec<Named> =
                sql_query("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                    .load(&mut world.conn)
                    .unwrap();
            let drops = triggers.iter().map(|it| format!("DROP TRIGGER {};", it.name));
            let drops: String = drops.collect();
            format!("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; {drops}")
        }
    };
    world.conn.run_script(&unlocked).unwrap();
    world.conn.run_script(sql).unwrap();
}

fn found(world: &mut World) -> Fault {
    match world.verify() {
        Err(VerifyError::Fault(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

fn planted(sql: &str, check: &str) {
    with_history(|world| {
        tamper(world, sql);
        let fault = found(world);
        assert_eq!(fault.check, check, "{sql}: {fault}");
    });
}

const LAST: &str = "(SELECT MAX(seq) FROM journal)";
const PAYER: &str = "(SELECT id FROM ledger_account WHERE floor = 0 ORDER BY id LIMIT 1)";

#[test]
fn a_missing_seal() {
    planted(&format!("DELETE FROM journal_seal WHERE seq = {LAST}"), "seal_missing");
}

#[test]
fn a_seal_without_a_journal() {
    planted(
        "INSERT INTO journal_seal SELECT 999, hash FROM journal_seal WHERE seq = 1",
        "seal_orphan",
    );
}

#[test]
fn a_journal_without_lines() {
    planted(&format!("DELETE FROM posting WHERE journal = {LAST}"), "no_lines");
}

#[test]
fn money_out_of_nothing() {
    let sql = "UPDATE posting SET delta = delta + 1, balance_after = balance_after + 1";
    planted(&format!("{sql} WHERE journal = {LAST} AND delta > 0"), "sum_not_zero");
}

#[test]
fn a_gap_in_a_chain() {
    let sql = format!("UPDATE posting SET version = version + 1 WHERE journal = {LAST}");
    planted(&sql, "version_gap");
}

#[test]
fn another_running_balance() {
    let sql =
        format!("UPDATE posting SET balance_after = balance_after + 1 WHERE journal = {LAST}");
    planted(&sql, "balance_wrong");
}

#[test]
fn another_running_hold() {
    let sql = format!("UPDATE posting SET held_after = held_after + 1 WHERE journal = {LAST}");
    planted(&sql, "held_wrong");
}

#[test]
fn a_wallet_below_its_floor() {
    let more = "UPDATE posting SET delta = delta - 100, balance_after = balance_after - 100";
    let less = "UPDATE posting SET delta = delta + 100, balance_after = balance_after + 100";
    let sql = format!(
        "{more} WHERE journal = {LAST} AND account = {PAYER};
         {less} WHERE journal = {LAST} AND account <> {PAYER};"
    );
    planted(&sql, "below_floor");
}

#[test]
fn a_line_that_moves_nothing() {
    let sql = format!(
        "INSERT INTO posting
         SELECT account, version + 1, {LAST}, 0, 0, balance_after, held_after FROM posting
         WHERE version = 1 AND account = (SELECT MIN(id) FROM ledger_account WHERE floor IS NULL)"
    );
    planted(&sql, "out_of_range");
}

#[test]
fn another_time_of_posting() {
    planted("UPDATE journal SET created_at = created_at + 1 WHERE seq = 2", "hash_wrong");
}

#[test]
fn another_hash() {
    planted(
        &format!("UPDATE journal_seal SET hash = '{}' WHERE seq = 2", "0".repeat(64)),
        "hash_wrong",
    );
}

#[test]
fn a_reversal_that_is_no_mirror() {
    with_history(|world| {
        let original = world.pay("p10", 0, 2, 5).unwrap().id;
        forge_reversal(world, original, 4);
        assert_eq!(found(world).check, "mirror_wrong");
    });
}

/// Sealed and hashed like an honest one, but giving back too little.
fn forge_reversal(world: &mut World, original: JournalId, amount: i64) {
    tamper(world, "SELECT 1");
    let move_by =
        |name: &AccountName, delta| Movement { account: Account::from(name), delta, held_delta: 0 };
    let movements = vec![move_by(&world.wallet(2), -amount), move_by(&world.wallet(0), amount)];
    let annex = Annex::Reverses(original);
    let draft = Draft { kind: "reversal", business_key: "forged".into(), annex, movements };
    let ambient = world.ambient.clone();
    world.commit(|conn| write_in(conn, &ambient, draft)).unwrap();
}

#[test]
fn a_refund_that_is_gone_or_names_another_original() {
    planted("DELETE FROM refund", "hash_wrong");
    planted("UPDATE refund SET original = 1", "refund_exceeds");
    planted("INSERT INTO refund SELECT 999, 1", "refund_orphan");
}

#[test]
fn a_queue_of_open_holds_that_lost_or_gained_one() {
    planted("DELETE FROM open_hold", "open_hold_wrong");
    planted("UPDATE open_hold SET expires_at = expires_at + 1", "open_hold_wrong");
    planted("INSERT INTO open_hold SELECT hold, 1 FROM hold_outcome", "open_hold_wrong");
}

#[test]
fn a_hold_of_another_name_or_time() {
    planted("UPDATE hold SET expires_at = expires_at + 1 WHERE amount = 15", "hash_wrong");
    planted("UPDATE hold SET id = 'hld_x' WHERE amount = 15", "hash_wrong");
    planted("UPDATE hold_outcome SET outcome = 'voided'", "hash_wrong");
}

#[test]
fn an_account_that_is_gone() {
    planted(&format!("DELETE FROM ledger_account WHERE id = {PAYER}"), "account_missing");
}

#[test]
fn a_hold_that_says_another_amount() {
    planted("UPDATE hold SET amount = amount - 1", "hold_wrong");
}

#[test]
fn a_hold_that_is_gone() {
    planted("DELETE FROM hold WHERE amount = 15", "hold_wrong");
}

#[test]
fn an_outcome_that_is_gone() {
    planted("DELETE FROM hold_outcome", "hold_wrong");
}

#[test]
fn more_settled_than_held() {
    planted("UPDATE hold_outcome SET settled = 61", "hold_exceeded");
}

#[test]
fn less_settled_than_paid() {
    planted("UPDATE hold_outcome SET settled = 49", "hold_wrong");
}

#[test]
fn an_account_that_is_another_than_its_name_says() {
    planted("UPDATE ledger_account SET unit = 'rupiah-memo' WHERE floor = 0", "account_wrong");
    planted("UPDATE ledger_account SET floor = NULL", "account_wrong");
    let renamed = format!("UPDATE ledger_account SET name = 'wallet:x' WHERE id = {PAYER}");
    planted(&renamed, "hash_wrong");
}

#[test]
fn rows_that_no_journal_leads_to() {
    planted(&format!("INSERT INTO posting SELECT {PAYER}, 99, 999, 1, 0, 1, 0"), "posting_orphan");
    planted(&format!("INSERT INTO hold SELECT 'hld_x', 999, {PAYER}, 1, 1"), "hold_orphan");
    planted(
        "INSERT INTO hold_outcome SELECT id, 999, 'voided', 0 FROM hold WHERE amount = 15",
        "outcome_orphan",
    );
}
