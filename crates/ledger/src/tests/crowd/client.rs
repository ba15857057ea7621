//! One of many clients, all of whom pay, hold, settle, reverse and refund one another's business at random.

use std::{sync::Mutex, time::Instant};

use database::{Connection, Database, DatabaseError};
use primitives::{Ambient, HoldId, JournalId};

use super::model::{Asked, Deed, Refusal};
use crate::{
    AccountName, Journal, LedgerError, Line, NewHold, NewJournal, NewRefund, expire_hold_in,
    hold_in, post_in, refund_in, reverse_in, settle_hold_in, tests::races::dice, void_hold_in,
};

/// What the clients share.
pub(super) struct Town {
    pub(super) database: Database,
    pub(super) ambient: Ambient,
    pub(super) wallets: Vec<AccountName>,
    pub(super) banks: Vec<AccountName>,
    pub(super) households: Vec<AccountName>,
    pub(super) carried: Vec<AccountName>,
    pub(super) journals: Mutex<Vec<(JournalId, String, Vec<Line>)>>,
    pub(super) holds: Mutex<Vec<HoldId>>,
}

pub(super) struct Client<'a> {
    pub(super) town: &'a Town,
    pub(super) number: usize,
    pub(super) state: u64,
}

impl Client<'_> {
    /// Asks for so many things and tells what was answered.
    pub(super) fn play(mut self, count: usize) -> Vec<Deed> {
        let started = Instant::now();
        let turns = (0..count).map(|turn| {
            // The first one tells how far they all are, more or less.
            if self.number == 0 && turn.is_multiple_of(count.div_ceil(20)) {
                println!("{turn} of {count} operations each, {:.1?}", started.elapsed());
            }
            self.turn(format!("{}-{turn}", self.number))
        });
        turns.collect()
    }

    fn turn(&mut self, key: String) -> Deed {
        match self.roll(16) {
            0..=2 => self.top_up(key),
            3..=7 => self.settlement(key),
            8..=9 => self.hold(key),
            10..=12 => self.end(key),
            13 => self.reverse(key),
            14 => self.refund(key),
            _ => self.again(key),
        }
    }

    /// Tries again where the engine gave up waiting for a lock: then nothing was written.
    fn write<T: Send + 'static>(
        &self,
        unit: impl Fn(&mut Connection) -> Result<T, LedgerError> + Clone + Send + 'static,
    ) -> Result<T, LedgerError> {
        let mut outcome = self.town.database.write_blocking(unit.clone());
        for _again in 0..20 {
            if !waited_in_vain(&outcome) {
                break;
            }
            outcome = self.town.database.write_blocking(unit.clone());
        }
        outcome
    }

    fn roll(&mut self, sides: usize) -> usize {
        dice(&mut self.state) % sides
    }

    fn amount(&mut self, most: usize) -> i64 {
        i64::try_from(1 + self.roll(most)).unwrap()
    }

    fn wallet(&mut self) -> AccountName {
        let person = self.roll(self.town.wallets.len());
        self.town.wallets[person].clone()
    }

    fn top_up(&mut self, key: String) -> Deed {
        let (amount, bank) = (self.amount(300), self.roll(self.town.banks.len()));
        let lines = vec![
            Line::new(self.town.banks[bank].clone(), -amount),
            Line::new(self.wallet(), amount),
        ];
        self.post(key, lines)
    }

    /// Money, a fee, and the goods.
    fn settlement(&mut self, key: String) -> Deed {
        let (amount, grams, from) =
            (self.amount(200), self.amount(5_000), self.roll(self.town.wallets.len()));
        let to = (from + 1 + self.roll(self.town.wallets.len() - 1)) % self.town.wallets.len();
        // Seldom: everybody waits for the one account of the fees.
        let fee = (amount - 150).max(0) / 10;
        let mut lines = vec![
            Line::new(self.town.wallets[from].clone(), -amount),
            Line::new(self.town.wallets[to].clone(), amount - fee),
            Line::new(self.town.households[to].clone(), -grams),
            Line::new(self.town.carried[from].clone(), grams),
        ];
        if fee > 0 {
            lines.push(Line::new(AccountName::Fee, fee));
        }
        self.post(key, lines)
    }

    /// Something that is on the books already, under the same name.
    fn again(&mut self, key: String) -> Deed {
        match self.pick_journal() {
            Some((_, known, lines)) => self.post(known, lines),
            None => self.top_up(key),
        }
    }

    fn post(&self, key: String, lines: Vec<Line>) -> Deed {
        let new = NewJournal { kind: "test", business_key: key.clone(), lines: lines.clone() };
        let ambient = self.town.ambient.clone();
        let posted = self.write(move |conn| post_in(conn, &ambient, &new));
        if let Ok(journal) = &posted {
            self.town.journals.lock().unwrap().push((journal.id, key.clone(), lines.clone()));
        }
        Deed { key, asked: Asked::Move(named(&lines)), answer: told(posted) }
    }

    fn hold(&mut self, key: String) -> Deed {
        let (account, amount) = (self.wallet(), self.amount(150));
        let asked = Asked::Hold { account: account.to_string(), amount };
        let expires_at = self.town.ambient.now();
        let new = NewHold { business_key: key.clone(), account, amount, expires_at };
        let ambient = self.town.ambient.clone();
        let held = self.write(move |conn| hold_in(conn, &ambient, &new));
        if let Ok(hold) = &held {
            self.town.holds.lock().unwrap().push(hold.id);
        }
        let answer = held.map(|hold| hold.id.to_string()).map_err(refusal);
        Deed { key, asked, answer }
    }

    fn end(&mut self, key: String) -> Deed {
        let Some(hold) = self.pick_hold() else { return self.top_up(key) };
        let (payee, amount, how) = (self.wallet(), self.amount(150), self.roll(4));
        let asked = match how {
            0..=1 => {
                let (hold, payee) = (hold.to_string(), payee.to_string());
                Asked::Settle { hold, payee, amount }
            }
            _ => Asked::Release { hold: hold.to_string() },
        };
        let ambient = self.town.ambient.clone();
        let ended = self.write(move |conn| match how {
            0..=1 => settle_hold_in(conn, &ambient, hold, &payee, amount),
            2 => void_hold_in(conn, &ambient, hold),
            _ => expire_hold_in(conn, &ambient, hold),
        });
        Deed { key: format!("hold-outcome:{hold}"), asked, answer: told(ended) }
    }

    fn reverse(&mut self, key: String) -> Deed {
        let Some((id, original, _)) = self.pick_journal() else { return self.top_up(key) };
        let ambient = self.town.ambient.clone();
        let reversed = self.write(move |conn| reverse_in(conn, &ambient, id));
        let asked = Asked::Reverse { original };
        Deed { key: format!("reversal:{id}"), asked, answer: told(reversed) }
    }

    /// A part of what the first two accounts of a journal exchanged.
    fn refund(&mut self, key: String) -> Deed {
        let Some((id, original, taken)) = self.pick_journal() else { return self.top_up(key) };
        let amount = self.amount(120);
        let lines = vec![
            Line::new(taken[1].account.clone(), -amount),
            Line::new(taken[0].account.clone(), amount),
        ];
        let asked = Asked::Refund { original, lines: named(&lines) };
        let new = NewRefund { business_key: key.clone(), original: id, lines };
        let ambient = self.town.ambient.clone();
        let given = self.write(move |conn| refund_in(conn, &ambient, &new));
        Deed { key, asked, answer: told(given) }
    }

    /// Mostly one of the newest, so that clients meet.
    fn pick_hold(&mut self) -> Option<HoldId> {
        let back = self.roll(200);
        let holds = self.town.holds.lock().unwrap();
        holds.get(holds.len().checked_sub(1 + back % holds.len().max(1))?).copied()
    }

    fn pick_journal(&mut self) -> Option<(JournalId, String, Vec<Line>)> {
        let back = self.roll(500);
        let journals = self.town.journals.lock().unwrap();
        journals.get(journals.len().checked_sub(1 + back % journals.len().max(1))?).cloned()
    }
}

/// Not where a guard of the tables had to say no: that is a defect of whoever wrote.
fn waited_in_vain<T>(outcome: &Result<T, LedgerError>) -> bool {
    let Err(LedgerError::Database(error)) = outcome else { return false };
    !matches!(error, DatabaseError::Violation { .. })
}

fn named(lines: &[Line]) -> Vec<(String, i64)> {
    lines.iter().map(|line| (line.account.to_string(), line.delta)).collect()
}

fn told(outcome: Result<Journal, LedgerError>) -> Result<String, Refusal> {
    outcome.map(|_| String::new()).map_err(refusal)
}

fn refusal(error: LedgerError) -> Refusal {
    match error {
        LedgerError::Insufficient { account, available, .. } => {
            Refusal::Insufficient { account, available }
        }
        LedgerError::AlreadyPosted { .. } => Refusal::AlreadyPosted,
        LedgerError::HoldClosed(_) => Refusal::HoldClosed,
        LedgerError::HoldExceeded { .. } => Refusal::HoldExceeded,
        LedgerError::AlreadyReversed(_) => Refusal::AlreadyReversed,
        LedgerError::AlreadyRefunded(_) => Refusal::AlreadyRefunded,
        LedgerError::RefundExceeded { account, left } => Refusal::RefundExceeded { account, left },
        LedgerError::Malformed(_) => Refusal::Malformed,
        other => panic!("{other}"),
    }
}
