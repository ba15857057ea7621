//! Many clients at once against an independent model that replays what they did, journal by journal.

mod client;
mod model;

use std::{collections::HashMap, sync::Mutex, thread, time::Instant};

use database::Options;
use diesel::{
    RunQueryDsl, sql_query,
    sql_types::{BigInt, Text},
};

use super::*;
use client::{Client, Town};
use model::{Deed, Model, Row};

const CLIENTS: usize = 64;
/// Few enough to meet all the time.
const PEOPLE: usize = 24;
/// Operations in the ordinary run; `scripts/soak ledger` asks for 1,000,000.
const OPERATIONS: usize = 1_024;
/// Journals that are read together.
const PAGE: i64 = 5_000;

#[derive(diesel::QueryableByName)]
struct Written {
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = Text)]
    business_key: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    version: i64,
    #[diesel(sql_type = BigInt)]
    delta: i64,
    #[diesel(sql_type = BigInt)]
    held_delta: i64,
    #[diesel(sql_type = BigInt)]
    balance_after: i64,
    #[diesel(sql_type = BigInt)]
    held_after: i64,
}

#[expect(clippy::disallowed_methods, reason = "the soak asks for more than the ordinary run")]
pub(super) fn count_of(variable: &str, ordinary: usize) -> usize {
    std::env::var(variable).map_or(ordinary, |count| count.parse().unwrap())
}

#[test]
fn a_crowd_and_the_model_agree_on_every_running_balance() {
    let operations = count_of("JUMPA_MADU_SOAK_LEDGER", OPERATIONS);
    for engine in test_kit::engines() {
        let home = test_kit::TestDatabase::new(engine, &[crate::MIGRATIONS]);
        let connections = u32::try_from(CLIENTS).unwrap();
        let options = Options { connections, ..Options::new(home.url()) };
        let mut world = World::new(&Database::open(&options).unwrap());
        let started = Instant::now();
        let deeds = crowd(&town(&world), operations / CLIENTS);
        let (asked, took) = (deeds.len(), started.elapsed());
        let (journals, refusals) = compare(&mut world, deeds);
        println!("{engine:?}: {asked} operations of {CLIENTS} clients in {took:.1?}");
        println!("{journals} journals and {refusals} refusals agree, {:.1?}", started.elapsed());
        assert!(refusals > 0, "nothing was ever refused: the test proves little");
        let report = world.verify().unwrap();
        println!("verified, {:.1?}", started.elapsed());
        assert_eq!(report.journals, u64::try_from(journals).unwrap());
        assert!(report.outcomes > 0 && report.refunds > 0);
    }
}

fn town(world: &World) -> Town {
    let label = |word: &str| Label::parse(word).unwrap();
    let ambient = &world.ambient;
    Town {
        database: world.database.clone(),
        ambient: ambient.clone(),
        wallets: (0..PEOPLE).map(|_| AccountName::Wallet(ambient.mint())).collect(),
        banks: ["a", "b", "c", "d"].map(|gateway| AccountName::Bank(label(gateway))).into(),
        households: (0..PEOPLE)
            .map(|_| AccountName::Household(ambient.mint(), label("PET")))
            .collect(),
        carried: (0..PEOPLE).map(|_| AccountName::Carried(ambient.mint(), label("PET"))).collect(),
        journals: Mutex::default(),
        holds: Mutex::default(),
    }
}

fn crowd(town: &Town, each: usize) -> Vec<Deed> {
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|number| {
                let state = u64::try_from(number).unwrap() + 1;
                scope.spawn(move || Client { town, number, state }.play(each))
            })
            .collect();
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
    })
}

/// Replays what was accepted in the order of the books; then asks whether each refusal was right.
fn compare(world: &mut World, deeds: Vec<Deed>) -> (usize, usize) {
    let (accepted, refused): (Vec<_>, Vec<_>) =
        deeds.into_iter().partition(|deed| deed.answer.is_ok());
    let journals = accepted.len();
    let mut accepted: HashMap<String, Deed> =
        accepted.into_iter().map(|deed| (deed.key.clone(), deed)).collect();
    assert_eq!(accepted.len(), journals, "one name was accepted twice");
    let mut model = Model::default();
    let mut last = 0;
    loop {
        let written = written_after(world, last);
        let Some(end) = written.last().map(|row| row.seq) else { break };
        for rows in written.chunk_by(|a, b| a.seq == b.seq) {
            let deed = accepted.remove(&rows[0].business_key).expect("nobody asked for it");
            model.replay(&deed, &rows.iter().map(Row::from).collect::<Vec<_>>());
        }
        last = end;
    }
    assert!(accepted.is_empty(), "{} accepted and not on the books", accepted.len());
    for deed in &refused {
        assert!(model.was_right(deed), "{}: {:?} was never true", deed.key, deed.answer);
    }
    (journals, refused.len())
}

fn written_after(world: &mut World, last: i64) -> Vec<Written> {
    let sql = "SELECT journal.seq, business_key, name, version, delta, held_delta, balance_after, held_after
        FROM journal JOIN posting ON posting.journal = journal.seq
            JOIN ledger_account ON ledger_account.id = posting.account
        WHERE seq IN (SELECT seq FROM journal WHERE seq > $1 ORDER BY seq LIMIT $2)
        ORDER BY seq, name";
    let query = sql_query(sql).bind::<BigInt, _>(last).bind::<BigInt, _>(PAGE);
    query.load(&mut world.conn).unwrap()
}

impl From<&Written> for Row {
    fn from(row: &Written) -> Self {
        Self {
            account: row.name.clone(),
            version: row.version,
            delta: row.delta,
            held_delta: row.held_delta,
            balance_after: row.balance_after,
            held_after: row.held_after,
        }
    }
}
