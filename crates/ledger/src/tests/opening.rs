//! An account that is opened while somebody else waits to post to it.

use std::{sync::mpsc::channel, thread};

use database::Engine;
use diesel::{
    RunQueryDsl, sql_query,
    sql_types::{BigInt, Text},
};

use super::*;
use crate::{rules::Account, store};

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(diesel::QueryableByName)]
struct Free {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Comes back as soon as somebody in this database waits for a lock.
fn until_somebody_waits(conn: &mut Connection) {
    let waiting = "SELECT COUNT(*) AS count FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while sql_query(waiting).get_result::<Count>(conn).unwrap().count == 0 {
        thread::yield_now();
    }
}

/// The accounts that nobody has locked.
fn free(conn: &mut Connection) -> Vec<String> {
    let free = "SELECT name::TEXT AS name FROM ledger_account FOR NO KEY UPDATE SKIP LOCKED";
    let free: Vec<Free> = sql_query(free).load(conn).unwrap();
    free.into_iter().map(|it| it.name).collect()
}

/// Somebody opens a wallet and holds the bank; another one wants both; which of them are free while he has them?
fn free_while_another_looks(migrations: &[database::Migration]) -> Vec<String> {
    let home = test_kit::TestDatabase::new(Engine::Postgres, &[migrations]);
    let mut world = World::new(&home.database());
    world.top_up("t", 0, 1);
    let mut watch = test_kit::raw_connection(&world.database);
    let names = [World::bank(), world.wallet(1)];
    let database = world.database.clone();
    let (told, looked) = channel();
    let (let_go, done) = channel::<()>();
    thread::scope(|scope| {
        world.conn.run_script("BEGIN").unwrap();
        let lines = vec![Line::new(World::bank(), -1), Line::new(world.wallet(1), 1)];
        let new = NewJournal { kind: "test", business_key: "u".to_owned(), lines };
        post_in(&mut world.conn, &world.ambient, &new).unwrap();
        scope.spawn(move || {
            let accounts = names.each_ref().map(Account::from);
            let mut conn = test_kit::raw_connection(&database);
            conn.run_script("BEGIN").unwrap();
            store::lock_and_look(&mut conn, &accounts.each_ref(), "v").unwrap();
            told.send(()).unwrap();
            done.recv().unwrap();
        });
        until_somebody_waits(&mut watch);
        world.conn.run_script("COMMIT").unwrap();
        looked.recv().unwrap();
        let free = free(&mut watch);
        let_go.send(()).unwrap();
        free
    })
}

#[test]
fn whoever_looks_has_locked_what_he_sees() {
    if test_kit::engines().contains(&Engine::Postgres) {
        let wallet = free_while_another_looks(crate::MIGRATIONS);
        assert_eq!(wallet.len(), 1, "the other wallet alone: {wallet:?}");
        // Before the fourth migration the wallet that was just opened was told and not locked.
        assert_eq!(free_while_another_looks(crate::MIGRATIONS.split_at(3).0).len(), 2);
    }
}
