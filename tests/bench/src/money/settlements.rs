//! Settlements between wallets, beside transactions that insert two bare rows of the same size.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use database::{Connection, Database, DatabaseError, Engine};
use diesel::prelude::*;
use ledger::{LedgerError, Line, NewJournal};
use primitives::Ambient;

use super::{
    book::{bank, wallet},
    clients::closed_loop,
};
use crate::{Fault, table};

const CLIENTS: [u32; 3] = [1, 8, 64];
const COLLECTORS: u32 = 500;
const HOUSEHOLDS: u32 = 10_000;

diesel::table! {
    bare_row (id) {
        id -> BigInt,
        version -> BigInt,
        journal -> BigInt,
        delta -> BigInt,
        held_delta -> BigInt,
        balance_after -> BigInt,
        held_after -> BigInt,
    }
}

/// Prints the table of one engine.
pub(crate) fn measure(database: &Database, time: Duration) -> Result<(), Fault> {
    let ambient = Ambient::of_this_machine();
    prepare(database, &ambient)?;
    let engine = match database.engine() {
        Engine::Sqlite => "SQLite, synchronous=FULL, through the writer's thread",
        Engine::Postgres => "PostgreSQL, fsync=on",
    };
    table::title(&format!("Settlements, {engine}"))?;
    table::head(&["clients", "two bare rows", "a settlement"])?;
    let number = AtomicU32::new(0);
    let next = || number.fetch_add(1, Ordering::Relaxed);
    for clients in CLIENTS {
        let bare = closed_loop(clients, time, |_, _| {
            database.write_blocking(two_rows)?;
            Ok(())
        })?;
        let ours = closed_loop(clients, time, |_, _| {
            let (ambient, new) = (ambient.clone(), settlement(next()));
            database.write_blocking(move |conn| ledger::post_in(conn, &ambient, &new))?;
            Ok(())
        })?;
        table::row(&clients.to_string(), &bare, &ours)?;
    }
    Ok(())
}

/// Everybody's wallet, the collectors' with deposits, and a table without any rule.
fn prepare(database: &Database, ambient: &Ambient) -> Result<(), Fault> {
    let id = match database.engine() {
        Engine::Sqlite => "INTEGER PRIMARY KEY",
        Engine::Postgres => "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    };
    let columns = ["version", "journal", "delta", "held_delta", "balance_after", "held_after"];
    let columns = columns.map(|column| format!("{column} BIGINT NOT NULL")).join(", ");
    database
        .own_connection()?
        .run_script(&format!("CREATE TABLE bare_row (id {id}, {columns})"))?;
    let bank = bank()?;
    let ambient = ambient.clone();
    database.write_blocking(move |conn| {
        for collector in 0..COLLECTORS {
            let lines = vec![
                Line::new(bank.clone(), -1_000_000_000),
                Line::new(wallet(collector), 1_000_000_000),
            ];
            let business_key = format!("deposit:{collector}");
            ledger::post_in(conn, &ambient, &NewJournal { kind: "top-up", business_key, lines })?;
        }
        for first in (COLLECTORS..COLLECTORS + HOUSEHOLDS).step_by(100) {
            let households = first..first + 100;
            let mut lines = vec![Line::new(bank.clone(), -100)];
            lines.extend(households.map(|household| Line::new(wallet(household), 1)));
            let business_key = format!("opening:{first}");
            ledger::post_in(conn, &ambient, &NewJournal { kind: "top-up", business_key, lines })?;
        }
        Ok::<_, LedgerError>(())
    })?;
    Ok(())
}

fn two_rows(conn: &mut Connection) -> Result<(), DatabaseError> {
    for delta in [-15_250_i64, 15_250] {
        diesel::insert_into(bare_row::table)
            .values((
                bare_row::version.eq(7),
                bare_row::journal.eq(1_000_000),
                bare_row::delta.eq(delta),
                bare_row::held_delta.eq(0),
                bare_row::balance_after.eq(1_000_000),
                bare_row::held_after.eq(0),
            ))
            .execute(conn)?;
    }
    Ok(())
}

fn settlement(number: u32) -> NewJournal {
    let (from, to) = (wallet(number % COLLECTORS), wallet(COLLECTORS + number % HOUSEHOLDS));
    NewJournal {
        kind: "settlement",
        business_key: format!("settlement:{number}"),
        lines: vec![Line::new(from, -15_250), Line::new(to, 15_250)],
    }
}
