mod crowd;
mod faults;
mod guards;
mod holds;
mod looks;
mod migrations;
mod model;
mod opening;
mod posting;
mod races;
mod refunds;
mod tampering;

use database::{Connection, Database};
use diesel::Connection as _;
use primitives::{AccountId, Ambient, CollectorId};

use crate::{
    AccountName, Journal, Label, LedgerError, Line, NewJournal, Report, VerifyError, balance_in,
    post_in, verify_in,
};

/// A fresh ledger, a connection to it, and people with wallets.
struct World {
    database: Database,
    conn: Connection,
    ambient: Ambient,
    people: Vec<AccountId>,
    collector: CollectorId,
}

fn on_each_engine(test: impl Fn(&mut World)) {
    test_kit::on_each_engine(&[crate::MIGRATIONS], |database| test(&mut World::new(database)));
}

impl World {
    fn new(database: &Database) -> Self {
        let ambient = test_kit::ambient(&test_kit::clock());
        let people = (0..4).map(|_| ambient.mint()).collect();
        Self {
            database: database.clone(),
            conn: test_kit::raw_connection(database),
            collector: ambient.mint(),
            ambient,
            people,
        }
    }

    fn wallet(&self, person: usize) -> AccountName {
        AccountName::Wallet(self.people[person])
    }

    fn bank() -> AccountName {
        AccountName::Bank(Label::parse("manual").unwrap())
    }

    /// One journal in a transaction of its own.
    fn post(&mut self, key: &str, lines: Vec<Line>) -> Result<Journal, LedgerError> {
        let new = NewJournal { kind: "test", business_key: key.into(), lines };
        let ambient = self.ambient.clone();
        self.commit(|conn| post_in(conn, &ambient, &new))
    }

    fn top_up(&mut self, key: &str, person: usize, amount: i64) -> Journal {
        let lines = vec![Line::new(Self::bank(), -amount), Line::new(self.wallet(person), amount)];
        self.post(key, lines).unwrap()
    }

    fn pay(
        &mut self,
        key: &str,
        from: usize,
        to: usize,
        amount: i64,
    ) -> Result<Journal, LedgerError> {
        let lines = vec![Line::new(self.wallet(from), -amount), Line::new(self.wallet(to), amount)];
        self.post(key, lines)
    }

    fn commit<T>(
        &mut self,
        unit: impl FnOnce(&mut Connection) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        let outcome = self.conn.transaction(|conn| unit(conn).map_err(Undo));
        outcome.map_err(|undo| undo.0)
    }

    fn balance(&mut self, person: usize) -> i64 {
        let wallet = self.wallet(person);
        balance_in(&mut self.conn, &wallet).unwrap().balance
    }

    fn verify(&mut self) -> Result<Report, VerifyError> {
        verify_in(&mut self.conn, &mut |_| ())
    }
}

struct Undo(LedgerError);

impl From<diesel::result::Error> for Undo {
    fn from(error: diesel::result::Error) -> Self {
        Self(LedgerError::Database(error.into()))
    }
}
