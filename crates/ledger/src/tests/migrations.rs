use super::*;
use crate::{
    hash::{self, Head, Linked, NO_PREDECESSOR},
    reverse_in,
};

const KEY: &str = "t0";

/// A top-up of 100 as it stood on the books before the fourth migration, and before the third.
fn old_top_up(world: &World) -> String {
    let (bank, wallet) = (World::bank().to_string(), world.wallet(0).to_string());
    let id: primitives::JournalId = world.ambient.mint();
    let id = id.to_string();
    let head =
        Head { id: &id, kind: "test", business_key: KEY, reverses: None, created_at: 1, annex: "" };
    let linked = [(&bank, -100), (&wallet, 100)].map(|(account, delta)| Linked {
        account,
        unit: "rupiah",
        version: 1,
        delta,
        held_delta: 0,
        balance_after: delta,
        held_after: 0,
        predecessor: NO_PREDECESSOR,
    });
    let hash = hash::of_journal(&head, linked.into_iter());
    format!(
        "INSERT INTO ledger_account (name, unit, floor)
         VALUES ('{bank}', 'rupiah', NULL), ('{wallet}', 'rupiah', 0);
         INSERT INTO journal (id, kind, business_key, created_at) VALUES ('{id}', 'test', '{KEY}', 1);
         INSERT INTO posting SELECT id, 1, 1, -100, 0, -100, 0 FROM ledger_account WHERE floor IS NULL;
         INSERT INTO posting SELECT id, 1, 1, 100, 0, 100, 0 FROM ledger_account WHERE floor = 0;
         INSERT INTO journal_seal VALUES (1, '{hash}');"
    )
}

/// A ledger that knew the first so many migrations takes in what is missing and goes on.
fn goes_on(engine: database::Engine, known: usize, missing: usize) {
    let home = test_kit::TestDatabase::new(engine, &[crate::MIGRATIONS.split_at(known).0]);
    let mut world = World::new(&home.database());
    let rows = old_top_up(&world);
    world
        .commit(|conn| Ok(conn.run_script(&rows).map_err(database::DatabaseError::from)?))
        .unwrap();
    assert_eq!(home.database().migrate(crate::MIGRATIONS).unwrap(), missing, "{engine:?}");
    let paid = world.pay("p1", 0, 1, 30).unwrap();
    let again = world.pay(KEY, 0, 1, 30);
    assert!(matches!(again, Err(LedgerError::AlreadyPosted { .. })));
    assert_eq!((world.balance(0), world.balance(1)), (70, 30));
    assert_eq!(world.verify().unwrap().journals, 2);
    let ambient = world.ambient.clone();
    world.commit(|conn| reverse_in(conn, &ambient, paid.id)).unwrap();
    assert_eq!((world.balance(0), world.balance(1)), (100, 0));
    assert_eq!(world.verify().unwrap().journals, 3);
}

#[test]
fn an_older_ledger_goes_on_where_it_stood() {
    for engine in test_kit::engines() {
        goes_on(engine, 2, 2);
        goes_on(engine, 3, 1);
    }
}
