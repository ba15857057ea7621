//! What is read to guard a new row must not grow with the books.

use std::collections::BTreeMap;

use database::Engine;
use diesel::{
    RunQueryDsl, sql_query,
    sql_types::{BigInt, Integer, Text},
};

use super::*;
use crate::{NewRefund, refund_in, reverse_in};

/// Everything that is ever written; the values do not matter.
const WRITINGS: [&str; 8] = [
    "INSERT INTO journal (id, kind, business_key, created_at) VALUES ('j', 'test', 'k', 1)",
    "INSERT INTO posting VALUES (1, 1, 1, 1, 0, 1, 0)",
    "INSERT INTO journal_seal VALUES (1, 'hash')",
    "INSERT INTO refund VALUES (2, 1)",
    "INSERT INTO hold VALUES ('h', 1, 1, 1, 1)",
    "INSERT INTO open_hold VALUES ('h', 1)",
    "INSERT INTO hold_outcome VALUES ('h', 2, 'voided', 0)",
    "DELETE FROM open_hold WHERE hold = 'h'",
];

/// One instruction of SQLite's machine.
#[derive(diesel::QueryableByName)]
struct Instruction {
    #[diesel(sql_type = Integer)]
    addr: i32,
    #[diesel(sql_type = Text)]
    opcode: String,
    #[diesel(sql_type = Integer)]
    p1: i32,
    #[diesel(sql_type = Integer)]
    p2: i32,
}

#[derive(diesel::QueryableByName)]
struct Root {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Integer)]
    rootpage: i32,
}

/// The tables and indexes that the statement or one of its triggers reads from the first row on.
fn read_through(world: &mut World, sql: &str) -> Vec<String> {
    let sql = format!("EXPLAIN {sql}");
    let instructions: Vec<Instruction> = sql_query(sql).load(&mut world.conn).unwrap();
    // That one has a row for each table that numbers its rows.
    let roots = "SELECT name, rootpage FROM sqlite_master
        WHERE rootpage > 0 AND name <> 'sqlite_sequence'";
    let roots: Vec<Root> = sql_query(roots).load(&mut world.conn).unwrap();
    let mut through = Vec::new();
    // Each trigger is a program of its own, whose addresses begin again.
    for program in instructions.chunk_by(|before, after| before.addr < after.addr) {
        for open in program.iter().filter(|it| it.opcode == "OpenRead") {
            let rewound = program.iter().any(|it| it.opcode == "Rewind" && it.p1 == open.p1);
            let root = roots.iter().find(|root| root.rootpage == open.p2);
            through.extend(root.filter(|_| rewound).map(|root| root.name.clone()));
        }
    }
    through
}

fn world_of(engine: Engine, migrations: &[database::Migration]) -> (test_kit::TestDatabase, World) {
    let home = test_kit::TestDatabase::new(engine, &[migrations]);
    let world = World::new(&home.database());
    (home, world)
}

#[test]
fn no_guard_reads_a_table_through() {
    let (_home, mut world) = world_of(Engine::Sqlite, crate::MIGRATIONS);
    for sql in WRITINGS {
        assert_eq!(read_through(&mut world, sql), [""; 0], "{sql}");
    }
}

/// Before the fourth migration every correction read all journals.
#[test]
fn a_guard_that_reads_a_table_through_is_found() {
    let (_home, mut world) = world_of(Engine::Sqlite, crate::MIGRATIONS.split_at(3).0);
    let found = WRITINGS.map(|sql| !read_through(&mut world, sql).is_empty());
    assert_eq!(found, [false, false, true, false, false, false, false, false]);
}

#[derive(diesel::QueryableByName)]
struct Read {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

/// How many rows of each table this transaction has read, and what this session has not yet told the statistics.
fn read_so_far(conn: &mut Connection) -> BTreeMap<String, i64> {
    let read = "SELECT relname::TEXT AS name, seq_tup_read + COALESCE(idx_tup_fetch, 0) AS rows
        FROM pg_stat_xact_user_tables";
    let read: Vec<Read> = sql_query(read).load(conn).unwrap();
    read.into_iter().map(|read| (read.name, read.rows)).collect()
}

/// How many rows of each table PostgreSQL reads to take one journal back and give another one back in part.
fn rows_read(world: &mut World, round: usize) -> BTreeMap<String, i64> {
    let [taken, given] =
        ["a", "b"].map(|key| world.pay(&format!("{key}{round}"), 0, 1, 2).unwrap());
    let lines = vec![Line::new(world.wallet(1), -1), Line::new(world.wallet(0), 1)];
    let refund = NewRefund { business_key: format!("c{round}"), original: given.id, lines };
    let ambient = world.ambient.clone();
    let read = world.commit(|conn| {
        let before = read_so_far(conn);
        reverse_in(conn, &ambient, taken.id)?;
        refund_in(conn, &ambient, &refund)?;
        Ok(less(read_so_far(conn), &before))
    });
    read.unwrap()
}

fn less(mut rows: BTreeMap<String, i64>, before: &BTreeMap<String, i64>) -> BTreeMap<String, i64> {
    for (name, rows) in &mut rows {
        *rows -= before.get(name).copied().unwrap_or(0);
    }
    rows
}

/// How much more is read for that in the same session when the books have grown by so many lines.
fn growth(world: &mut World, lines: usize) -> BTreeMap<String, i64> {
    // Short tables are read through with good reason; here it is only about what an index could find.
    world.conn.run_script("SET enable_seqscan = off").unwrap();
    world.top_up("t", 0, 100_000);
    let before = (0..10).map(|round| rows_read(world, round)).last().unwrap();
    for number in 0..lines / 2 {
        world.pay(&format!("p{number}"), 0, 1, 1).unwrap();
    }
    less(rows_read(world, 10), &before)
}

#[test]
fn a_correction_reads_the_same_from_longer_books() {
    if test_kit::engines().contains(&Engine::Postgres) {
        let (_home, mut world) = world_of(Engine::Postgres, crate::MIGRATIONS);
        let grown = growth(&mut world, 600);
        assert!(grown.values().all(|&rows| rows < 20), "{grown:?} rows more");
        let planted = "CREATE OR REPLACE FUNCTION correction_check(sealed BIGINT) RETURNS VOID
            LANGUAGE plpgsql AS $$ BEGIN PERFORM COUNT(*) FROM posting; END $$";
        let (_home, mut world) = world_of(Engine::Postgres, crate::MIGRATIONS);
        world.conn.run_script(planted).unwrap();
        assert!(growth(&mut world, 600)["posting"] > 500, "it would not be seen");
    }
}
