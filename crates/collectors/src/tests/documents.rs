//! Lists that were published as lines, before they were documents.

use database::{Connection, Database, DatabaseError, MigrateError, Migration};
use diesel::prelude::*;
use primitives::{AccountId, CollectorId, Timestamp, UnitPrice};
use test_kit::TestDatabase;

use super::world::{MIGRATIONS, World, list};
use crate::{CollectorError, PriceItem, Prices, schema::collector_price_list};

const LISTS: i64 = 4;
/// Of which the order by letters is another one than that of the lines.
const CODES: [&str; 8] =
    ["A", "A-1", "A1", "AB", "PLA", "PLA-PET", "PLA-PET-BENING", "PLA-PET-BIRU"];

type Row = (String, i64, i64, i64, String);

/// A database as it was before, with three collectors.
struct Old {
    home: TestDatabase,
    collectors: Vec<CollectorId>,
}

impl Old {
    fn on(engine: database::Engine) -> Self {
        let (_documents, before) = crate::MIGRATIONS.split_last().unwrap();
        let mut migrations = MIGRATIONS.to_vec();
        *migrations.last_mut().unwrap() = before;
        let home = TestDatabase::new(engine, &migrations);
        let ambient = test_kit::ambient(&test_kit::clock());
        let mut collectors: Vec<CollectorId> = (0..3).map(|_| ambient.mint()).collect();
        // Of one moment chance decides their order.
        collectors.sort_unstable();
        let old = Self { home, collectors };
        for (number, id) in (0..).zip(&old.collectors) {
            let account: AccountId = ambient.mint();
            old.run(&format!(
                "INSERT INTO account (id, phone, language, collector_id, version, created_at)
                 VALUES ('{account}', '+62811000000{number}', 'id', '{id}', 1, 1);
                 INSERT INTO collector VALUES ('{id}', '{account}', 'pengepul', 'Botot', 3.5, 98.8, NULL,
                     '12.07.28.2001', 5000, 'BETOR', 'verified', 1, '{account}', NULL, TRUE, 0, 0, 0, 0, 0, 1, 1,
                     NULL, NULL)"
            ));
            (1..=LISTS).for_each(|list| old.publish(number, list));
        }
        old
    }

    fn run(&self, sql: &str) {
        test_kit::raw_connection(&self.database()).run_script(sql).unwrap();
    }

    fn database(&self) -> Database {
        self.home.database()
    }

    fn publish(&self, collector: i64, list: i64) {
        let id = self.collectors[usize::try_from(collector).unwrap()];
        self.run(&format!(
            "INSERT INTO collector_price_list VALUES ('{id}', {list}, {}, 7)",
            list * 10
        ));
        for (code, rupiah) in lines(collector, list).iter().rev() {
            self.run(&format!(
                "INSERT INTO collector_price VALUES ('{id}', {list}, '{code}', {rupiah})"
            ));
        }
    }

    fn migrate(&self) -> Result<usize, MigrateError> {
        let migrations: Vec<Migration> = MIGRATIONS.concat();
        self.database().migrate(&migrations)
    }
}

/// What one collector's list says, each time something else.
fn lines(collector: i64, list: i64) -> Vec<(&'static str, i64)> {
    let line = |(code, position): (&'static str, i64)| {
        let bought = (collector + list + position) % 3 > 0;
        let price = (collector * 333_333 + list * 77_777 + position * 111_111) % 1_000_001;
        bought.then_some((code, price))
    };
    CODES.into_iter().zip(0..).filter_map(line).collect()
}

fn document(collector: i64, number: i64) -> String {
    let items = lines(collector, number).into_iter().map(|line| list(&[line]).items.remove(0));
    Prices::of(&items.collect::<Vec<PriceItem>>()).as_str().to_owned()
}

fn rows(database: &Database) -> Vec<Row> {
    let read = |conn: &mut Connection| {
        Ok::<_, DatabaseError>(
            collector_price_list::table
                .order((collector_price_list::collector_id, collector_price_list::number))
                .load::<Row>(conn)?,
        )
    };
    database.read_blocking(read).unwrap()
}

#[test]
fn lists_of_lines_become_documents_that_say_the_same() {
    for engine in test_kit::engines() {
        let old = Old::on(engine);
        assert_eq!(old.migrate().unwrap(), 1);
        let mut expected: Vec<Row> = Vec::new();
        for (number, id) in (0..).zip(&old.collectors) {
            let row = |list| (id.to_string(), list, list * 10, 7, document(number, list));
            expected.extend((1..=LISTS).map(row));
        }
        expected.sort();
        assert_eq!(rows(&old.database()), expected, "{engine:?}");
        let world = World::on(&old.database());
        let in_force = world.board(old.collectors[1]).in_force.unwrap();
        let told: Vec<(&str, UnitPrice)> =
            in_force.items.iter().map(|item| (item.material.as_str(), item.price)).collect();
        let price = |(code, rupiah)| (code, UnitPrice::parse(rupiah).unwrap());
        assert_eq!(told, lines(1, LISTS).into_iter().map(price).collect::<Vec<_>>());
        assert_eq!(in_force.valid_from, Timestamp::from_micros(LISTS * 10));
        let profiles = world.write(|it, conn| Ok(it.profiles_in(conn)?)).unwrap();
        let prices = profiles.iter().map(|it| it.prices.as_str().to_owned());
        let documents = (0..3).map(|collector| document(collector, LISTS));
        assert_eq!(prices.collect::<Vec<_>>(), documents.collect::<Vec<_>>());
    }
}

#[test]
fn a_list_without_lines_stops_the_change_and_nothing_is_lost() {
    for engine in test_kit::engines() {
        let old = Old::on(engine);
        let id = old.collectors[0];
        old.run(&format!("INSERT INTO collector_price_list VALUES ('{id}', 9, 9, 9)"));
        assert!(matches!(old.migrate(), Err(MigrateError::Failed { .. })), "{engine:?}");
        old.run(&format!("INSERT INTO collector_price VALUES ('{id}', 9, 'A', 5)"));
        assert_eq!(old.migrate().unwrap(), 1);
        assert_eq!(rows(&old.database()).len(), 3 * usize::try_from(LISTS).unwrap() + 1);
    }
}

#[test]
fn what_is_no_list_is_kept_out_or_found_out() {
    super::world::on_each_engine(|world| {
        let id = world.verified(1).id;
        let mut conn = test_kit::raw_connection(&world.database);
        let mut insert = |number: i64, text: &str| {
            conn.run_script(&format!(
                "INSERT INTO collector_price_list VALUES ('{id}', {number}, 1, 1, '{text}')"
            ))
        };
        for text in ["", "PLA", "PLA:", "pla:5", "PLA:5  PLAS:6", "PLA:5,PLAS:6", "PLA=5", "PLA: 5"]
        {
            assert!(insert(1, text).is_err(), "{text}");
        }
        insert(1, "PLA:5 PLAS:6").unwrap();
        // Well written, and yet no list.
        insert(2, "PLAS:6 PLA:5").unwrap();
        let told = world.write(move |it, conn| it.price_board_in(conn, id));
        assert!(matches!(told, Err(CollectorError::Database(_))), "{told:?}");
        assert!(world.write(|it, conn| Ok(it.profiles_in(conn)?)).is_err());
    });
}
