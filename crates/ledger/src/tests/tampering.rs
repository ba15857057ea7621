//! Somebody with the keys to the machine changes any cell, or takes, doubles or swaps rows: `verify` names each of them.

use std::{collections::BTreeMap, time::Duration};

use database::Engine;
use diesel::{RunQueryDsl, sql_query, sql_types::Text};

use super::{crowd::count_of, races::dice, *};
use crate::{
    NewHold, NewRefund, expire_hold_in, hold_in, refund_in, reverse_in, settle_hold_in,
    verify::replay_all,
};

/// Tamperings in the ordinary run; `scripts/soak ledger` asks for 10,000 on each engine.
const TAMPERINGS: [(Engine, usize); 2] = [(Engine::Sqlite, 1_000), (Engine::Postgres, 250)];

const TABLES: [(&str, &[&str]); 8] = [
    ("ledger_account", &["id", "name", "unit", "floor"]),
    ("journal", &["seq", "id", "kind", "business_key", "reverses", "created_at"]),
    ("journal_seal", &["seq", "hash"]),
    (
        "posting",
        &["account", "version", "journal", "delta", "held_delta", "balance_after", "held_after"],
    ),
    ("hold", &["id", "journal", "account", "amount", "expires_at"]),
    ("hold_outcome", &["hold", "journal", "outcome", "settled"]),
    ("refund", &["journal", "original"]),
    ("open_hold", &["hold", "expires_at"]),
];

#[test]
fn every_tampering_is_named() {
    for (engine, ordinary) in TAMPERINGS {
        if !test_kit::engines().contains(&engine) {
            continue;
        }
        let home = test_kit::TestDatabase::new(engine, &[crate::MIGRATIONS]);
        let mut world = World::new(&home.database());
        history(&mut world);
        let thief = Thief::with_keys_to(&mut world);
        let mut state = 7;
        let mut named: BTreeMap<&str, usize> = BTreeMap::new();
        for number in 0..count_of("JUMPA_MADU_SOAK_TAMPERINGS", ordinary) {
            if number.is_multiple_of(1_000) {
                println!("{engine:?}: {number} tamperings");
            }
            let sql = thief.tampering(&mut state);
            match tried(&mut world, &sql) {
                Err(VerifyError::Fault(fault)) => *named.entry(fault.check).or_default() += 1,
                other => panic!("{engine:?}: {sql}\n{other:?}"),
            }
        }
        println!("{engine:?}: {} tamperings, all named: {named:?}", named.values().sum::<usize>());
        world.verify().unwrap();
    }
}

/// Everything that there can be, and every account used.
fn history(world: &mut World) {
    let (ambient, goods) = (world.ambient.clone(), Label::parse("PET-CLEAR").unwrap());
    for person in 0..4 {
        world.top_up(&format!("t{person}"), person, 1_000);
    }
    let lines = vec![
        Line::new(AccountName::Household(world.people[0], goods.clone()), -2_000),
        Line::new(AccountName::Carried(world.collector, goods), 2_000),
        Line::new(AccountName::CashOut(world.collector), -5_000),
        Line::new(AccountName::CashIn(world.people[0]), 5_000),
    ];
    world.post("goods", lines).unwrap();
    for round in 0..3 {
        let undone = world.pay(&format!("u{round}"), 0, 1, 30 + round).unwrap().id;
        world.commit(|conn| reverse_in(conn, &ambient, undone)).unwrap();
        let original = world.pay(&format!("p{round}"), 1, 2, 50).unwrap().id;
        let lines = vec![Line::new(world.wallet(2), -20), Line::new(world.wallet(1), 20)];
        let new = NewRefund { business_key: format!("r{round}"), original, lines };
        world.commit(|conn| refund_in(conn, &ambient, &new)).unwrap();
        let payee = world.wallet(0);
        let mut holds = (0..3).map(|number| {
            let expires_at = ambient.now().plus(Duration::from_secs(number / 2));
            let (business_key, account) = (format!("h{round}-{number}"), world.wallet(3));
            let new = NewHold { business_key, account, amount: 60, expires_at };
            world.commit(|conn| hold_in(conn, &ambient, &new)).unwrap().id
        });
        let (settled, expired, _open) =
            (holds.next().unwrap(), holds.next().unwrap(), holds.next().unwrap());
        drop(holds);
        world.commit(|conn| settle_hold_in(conn, &ambient, settled, &payee, 45)).unwrap();
        world.commit(|conn| expire_hold_in(conn, &ambient, expired)).unwrap();
    }
}

#[derive(diesel::QueryableByName)]
struct Cell {
    #[diesel(sql_type = diesel::sql_types::Nullable<Text>)]
    value: Option<String>,
}

/// What stands in a table, column by column.
type Cells = Vec<Vec<Option<String>>>;

/// Knows what stands in every cell.
struct Thief {
    tables: Vec<(&'static str, &'static [&'static str], Cells)>,
}

impl Thief {
    /// Every table becomes a copy without keys, checks and triggers, whose rows are numbered.
    fn with_keys_to(world: &mut World) -> Self {
        super::faults::tamper(world, "DROP VIEW correction");
        let cascade = if matches!(world.conn, Connection::Postgres(_)) { "CASCADE" } else { "" };
        for (table, _) in TABLES {
            let sql = format!(
                "CREATE TABLE bare AS SELECT *, ROW_NUMBER() OVER () AS line FROM {table};
                 DROP TABLE {table} {cascade}; ALTER TABLE bare RENAME TO {table};"
            );
            world.conn.run_script(&sql).unwrap();
        }
        world.verify().unwrap();
        let tables = TABLES.map(|(table, columns)| {
            let cells = columns.iter().map(|column| {
                let sql =
                    format!("SELECT CAST({column} AS TEXT) AS value FROM {table} ORDER BY line");
                let cells: Vec<Cell> = sql_query(sql).load(&mut world.conn).unwrap();
                cells.into_iter().map(|cell| cell.value).collect()
            });
            (table, columns, cells.collect())
        });
        Self { tables: tables.into() }
    }

    fn tampering(&self, state: &mut u64) -> String {
        loop {
            let (table, columns, cells) = &self.tables[dice(state) % self.tables.len()];
            let (column, rows) = (dice(state) % columns.len(), cells[0].len());
            let (row, other) = (dice(state) % rows, dice(state) % rows);
            let (name, value) = (columns[column], &cells[column][row]);
            let set = |value: &Option<String>, row: usize| {
                let value = value.as_ref().map_or("NULL".to_owned(), |it| format!("'{it}'"));
                format!("UPDATE {table} SET {name} = {value} WHERE line = {};", row + 1)
            };
            match dice(state) % 8 {
                0 => return format!("DELETE FROM {table} WHERE line = {}", row + 1),
                1 => {
                    let line = row + 1;
                    return format!(
                        "INSERT INTO {table} SELECT * FROM {table} WHERE line = {line}"
                    );
                }
                // Two cells that are all that tells two rows apart would only change places with their rows.
                2 if *value != cells[column][other]
                    && alike(cells, row, other) < columns.len() - 1 =>
                {
                    return set(&cells[column][other], row) + &set(value, other);
                }
                3 if value.is_some() && ["floor", "reverses"].contains(&name) => {
                    return set(&None, row);
                }
                2 | 3 => {}
                _ => {
                    let number = name == "floor"
                        || value.as_ref().is_some_and(|it| it.parse::<i64>().is_ok());
                    return set(&Some(altered(value.as_deref(), number, state)), row);
                }
            }
        }
    }
}

/// In how many columns two rows say the same.
fn alike(cells: &[Vec<Option<String>>], row: usize, other: usize) -> usize {
    cells.iter().filter(|column| column[row] == column[other]).count()
}

/// Another number by one bit, or another text by one byte.
fn altered(value: Option<&str>, number: bool, state: &mut u64) -> String {
    if number {
        let value: i64 = value.map_or(0, |digits| digits.parse().unwrap());
        return (value ^ (1 << (dice(state) % 63))).to_string();
    }
    let mut bytes = value.unwrap_or("x").as_bytes().to_vec();
    let place = dice(state) % bytes.len();
    bytes[place] = if bytes[place] == b'q' { b'7' } else { b'q' };
    String::from_utf8(bytes).unwrap()
}

/// What `verify` says of it; then it is undone.
fn tried(world: &mut World, sql: &str) -> Result<Report, VerifyError> {
    let outcome = world.conn.transaction::<(), Tried, _>(|conn| {
        conn.run_script(sql).unwrap();
        Err(Tried(replay_all(conn, &mut |_| ())))
    });
    outcome.unwrap_err().0
}

struct Tried(Result<Report, VerifyError>);

impl From<diesel::result::Error> for Tried {
    fn from(error: diesel::result::Error) -> Self {
        Self(Err(error.into()))
    }
}
