//! The model: plain maps, and nothing of the crate. It is told what was asked and answered, and compares every row.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Something that a client asked for, under the name of the piece of business.
pub(super) struct Deed {
    pub(super) key: String,
    pub(super) asked: Asked,
    /// The hold's identity where one was made.
    pub(super) answer: Result<String, Refusal>,
}

/// Accounts are named, other journals are called by their piece of business.
pub(super) enum Asked {
    Move(Vec<(String, i64)>),
    Hold { account: String, amount: i64 },
    Settle { hold: String, payee: String, amount: i64 },
    Release { hold: String },
    Reverse { original: String },
    Refund { original: String, lines: Vec<(String, i64)> },
}

/// A refusal, with the figures it gave as its reason.
#[derive(Debug)]
pub(super) enum Refusal {
    Insufficient { account: String, available: i64 },
    AlreadyPosted,
    HoldClosed,
    HoldExceeded,
    AlreadyReversed,
    AlreadyRefunded,
    RefundExceeded { account: String, left: i64 },
    Malformed,
}

/// A posting as it stands in the tables.
pub(super) struct Row {
    pub(super) account: String,
    pub(super) version: i64,
    pub(super) delta: i64,
    pub(super) held_delta: i64,
    pub(super) balance_after: i64,
    pub(super) held_after: i64,
}

#[derive(Default)]
struct Stand {
    balance: i64,
    held: i64,
    version: i64,
    /// Whatever was ever available.
    seen: BTreeSet<i64>,
}

#[derive(Default)]
pub(super) struct Model {
    stands: HashMap<String, Stand>,
    holds: HashMap<String, (String, i64)>,
    ended: HashSet<String>,
    moved: HashMap<String, BTreeMap<String, i64>>,
    given_back: HashMap<String, BTreeMap<String, i64>>,
    reversed: HashSet<String>,
    lefts: HashSet<(String, String, i64)>,
}

impl Model {
    /// Does in maps what was done on the books and compares each row that was written.
    pub(super) fn replay(&mut self, deed: &Deed, rows: &[Row]) {
        let moves = self.moves(deed);
        assert_eq!(moves.len(), rows.len(), "{} has other lines", deed.key);
        for row in rows {
            let (delta, held_delta) = moves[&row.account];
            let stand = self.stands.entry(row.account.clone()).or_default();
            stand.seen.insert(stand.balance - stand.held);
            stand.balance += delta;
            stand.held += held_delta;
            stand.version += 1;
            stand.seen.insert(stand.balance - stand.held);
            let written =
                (row.version, row.delta, row.held_delta, row.balance_after, row.held_after);
            let expected = (stand.version, delta, held_delta, stand.balance, stand.held);
            assert_eq!(written, expected, "{} on {}", deed.key, row.account);
            let floored = row.account.starts_with("wallet:") || row.account.starts_with("carried:");
            assert!(!floored || stand.balance >= stand.held, "{} is overdrawn", row.account);
            assert!(stand.held >= 0, "{} holds less than nothing", row.account);
        }
        let moved = moves.into_iter().map(|(account, (delta, _))| (account, delta));
        self.moved.insert(deed.key.clone(), moved.collect());
    }

    fn moves(&mut self, deed: &Deed) -> BTreeMap<String, (i64, i64)> {
        let plain = |lines: &[(String, i64)]| -> BTreeMap<String, (i64, i64)> {
            lines.iter().map(|(account, delta)| (account.clone(), (*delta, 0))).collect()
        };
        match &deed.asked {
            Asked::Move(lines) => plain(lines),
            Asked::Hold { account, amount } => {
                let hold = deed.answer.as_ref().unwrap().clone();
                self.holds.insert(hold, (account.clone(), *amount));
                BTreeMap::from([(account.clone(), (0, *amount))])
            }
            Asked::Settle { hold, payee, amount } => {
                let (payer, held) = self.end(hold);
                assert!(*amount <= held, "{hold} paid more than it held");
                BTreeMap::from([(payer, (-amount, -held)), (payee.clone(), (*amount, 0))])
            }
            Asked::Release { hold } => {
                let (payer, held) = self.end(hold);
                BTreeMap::from([(payer, (0, -held))])
            }
            Asked::Reverse { original } => {
                assert!(self.reversed.insert(original.clone()), "{original} is reversed twice");
                assert!(!self.given_back.contains_key(original), "{original} was refunded");
                let moved = &self.moved[original];
                moved.iter().map(|(account, delta)| (account.clone(), (-delta, 0))).collect()
            }
            Asked::Refund { original, lines } => {
                self.give_back(original, lines);
                plain(lines)
            }
        }
    }

    fn end(&mut self, hold: &str) -> (String, i64) {
        assert!(self.ended.insert(hold.to_owned()), "{hold} ended twice");
        self.holds[hold].clone()
    }

    fn give_back(&mut self, original: &str, lines: &[(String, i64)]) {
        assert!(!self.reversed.contains(original), "{original} was reversed");
        let sums = self.given_back.entry(original.to_owned()).or_default();
        for (account, delta) in lines {
            let (taken, sum) =
                (self.moved[original][account], sums.entry(account.clone()).or_default());
            self.lefts.insert((original.to_owned(), account.clone(), (taken + *sum).abs()));
            *sum += delta;
            assert!(sum.signum() * taken.signum() < 0 && sum.abs() <= taken.abs(), "{original}");
            self.lefts.insert((original.to_owned(), account.clone(), (taken + *sum).abs()));
        }
    }

    /// Every refusal must have been true at some moment of the history.
    pub(super) fn was_right(&self, deed: &Deed) -> bool {
        let Err(refusal) = &deed.answer else { return true };
        match (refusal, &deed.asked) {
            (Refusal::Insufficient { account, available }, _) => {
                self.stands.get(account).is_none_or(|stand| stand.seen.contains(available))
            }
            (Refusal::AlreadyPosted, _) => self.moved.contains_key(&deed.key),
            (Refusal::HoldClosed, Asked::Settle { hold, .. } | Asked::Release { hold }) => {
                self.ended.contains(hold)
            }
            (Refusal::HoldExceeded, Asked::Settle { hold, amount, .. }) => {
                *amount > self.holds[hold].1
            }
            (
                Refusal::AlreadyReversed,
                Asked::Reverse { original } | Asked::Refund { original, .. },
            ) => self.reversed.contains(original),
            (Refusal::AlreadyRefunded, Asked::Reverse { original }) => {
                self.given_back.contains_key(original)
            }
            (Refusal::RefundExceeded { account, left }, Asked::Refund { original, .. }) => {
                self.lefts.contains(&(original.clone(), account.clone(), *left))
                    || self.moved[original][account].abs() == *left
            }
            (Refusal::Malformed, Asked::Settle { hold, payee, .. }) => self.holds[hold].0 == *payee,
            _ => false,
        }
    }
}
