//! An account that is opened while somebody else waits to post to it.

use std::{sync::mpsc::channel, thread};

use database::Engine;
use diesel::{
    RunQueryDsl, sql_query,
    sql_types::{BigInt, Text},
};

use super::*;

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

fn moved(world: &World, key: &str) -> NewJournal {
    let lines = vec![Line::new(World::bank(), -1), Line::new(world.wallet(1), 1)];
    NewJournal { kind: "test", business_key: key.to_owned(), lines }
}

/// Somebody opens a wallet and has the bank; another one posts to both; which are free while he has them?
fn free_while_another_posts() -> Vec<String> {
    let home = test_kit::TestDatabase::new(Engine::Postgres, &[crate::MIGRATIONS]);
    let mut world = World::new(&home.database());
    world.top_up("t", 0, 1);
    let mut watch = test_kit::raw_connection(&world.database);
    let mut other = test_kit::raw_connection(&world.database);
    let (ambient, second) = (world.ambient.clone(), moved(&world, "v"));
    let (told, posted) = channel();
    let (let_go, done) = channel::<()>();
    thread::scope(|scope| {
        world.conn.run_script("BEGIN").unwrap();
        let first = moved(&world, "u");
        post_in(&mut world.conn, &world.ambient, &first).unwrap();
        scope.spawn(move || {
            other.run_script("BEGIN").unwrap();
            post_in(&mut other, &ambient, &second).unwrap();
            told.send(()).unwrap();
            done.recv().unwrap();
        });
        until_somebody_waits(&mut watch);
        world.conn.run_script("COMMIT").unwrap();
        posted.recv().unwrap();
        let free = free(&mut watch);
        let_go.send(()).unwrap();
        free
    })
}

/// Told and not locked, the new wallet would make one of the two next ones miscount.
#[test]
fn an_account_that_was_just_opened_is_locked_like_any_other() {
    if test_kit::engines().contains(&Engine::Postgres) {
        let free = free_while_another_posts();
        assert_eq!(free.len(), 1, "the first wallet alone: {free:?}");
    }
}
