use std::collections::{BTreeMap, BTreeSet};

use crate::{Journal, LedgerError};

/// No amount and no balance is larger; the tables say the same.
const LIMIT: i64 = 1_000_000_000_000;

/// Where an account stands after its last link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Balance {
    /// What is owed to the holder, in the account's unit.
    pub balance: i64,
    /// How much of it is set aside.
    pub held: i64,
    /// How many links the chain has.
    pub version: i64,
}

impl Balance {
    /// What the holder may dispose of.
    pub const fn available(&self) -> i64 {
        self.balance.saturating_sub(self.held)
    }
}

/// What the ledger must know of an account to post to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) unit: String,
    pub(crate) floor: Option<i64>,
}

/// A movement with everything said.
#[derive(Debug, Clone)]
pub(crate) struct Movement {
    pub(crate) account: Account,
    pub(crate) delta: i64,
    pub(crate) held_delta: i64,
}

/// Refuses a journal that contradicts itself.
pub(crate) fn check(movements: &[Movement]) -> Result<(), LedgerError> {
    if movements.is_empty() {
        return Err(LedgerError::Malformed("it has no lines"));
    }
    if movements.iter().any(|line| line.delta == 0 && line.held_delta == 0) {
        return Err(LedgerError::Malformed("a line moves nothing"));
    }
    let names: BTreeSet<_> = movements.iter().map(|line| &line.account.name).collect();
    if names.len() != movements.len() {
        return Err(LedgerError::Malformed("two lines name the same account"));
    }
    let mut sums: BTreeMap<&str, i128> = BTreeMap::new();
    for line in movements {
        let sum = sums.entry(&line.account.unit).or_default();
        *sum = sum.saturating_add(i128::from(line.delta));
    }
    if sums.values().any(|&sum| sum != 0) {
        return Err(LedgerError::Malformed("it does not sum to zero"));
    }
    Ok(())
}

/// The link that follows `last`, or why there can be none.
pub(crate) fn follow(last: Balance, line: &Movement) -> Result<Balance, LedgerError> {
    let beyond = || LedgerError::OutOfRange { account: line.account.name.clone() };
    let sum = |a: i64, b: i64| {
        let sum = a.checked_add(b).filter(|sum| (-LIMIT..=LIMIT).contains(sum));
        sum.filter(|_| (-LIMIT..=LIMIT).contains(&b)).ok_or_else(beyond)
    };
    let next = Balance {
        balance: sum(last.balance, line.delta)?,
        held: sum(last.held, line.held_delta)?,
        version: sum(last.version, 1)?,
    };
    if next.held < 0 {
        return Err(LedgerError::Malformed("more is released than is held"));
    }
    match line.account.floor {
        Some(floor) if next.available() < floor => Err(LedgerError::Insufficient {
            account: line.account.name.clone(),
            available: last.available().saturating_sub(floor),
            needed: last.available().saturating_sub(next.available()),
        }),
        _ => Ok(next),
    }
}

/// Refuses a refund that goes the wrong way or, with what was given back before, too far.
pub(crate) fn check_refund(
    original: &Journal,
    refunded: &BTreeMap<String, i64>,
    movements: &[Movement],
) -> Result<(), LedgerError> {
    for line in movements {
        let name = &line.account.name;
        let taken = original.postings.iter().find(|posting| posting.account == *name);
        let taken = taken.map(|posting| posting.delta).unwrap_or_default();
        if taken.signum().saturating_mul(line.delta.signum()) >= 0 {
            return Err(LedgerError::Malformed("a refund gives back what was not taken"));
        }
        let before = refunded.get(name).copied().unwrap_or_default();
        let left = taken.saturating_add(before).saturating_abs();
        if line.delta.saturating_abs() > left {
            return Err(LedgerError::RefundExceeded { account: name.clone(), left });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &str, unit: &str, delta: i64, held_delta: i64) -> Movement {
        let account = Account { name: name.into(), unit: unit.into(), floor: Some(0) };
        Movement { account, delta, held_delta }
    }

    fn malformed(lines: &[Movement]) -> bool {
        matches!(check(lines), Err(LedgerError::Malformed(_)))
    }

    #[test]
    fn units_do_not_pay_for_each_other() {
        assert!(malformed(&[line("a", "rupiah", 5, 0), line("b", "rupiah-memo", -5, 0)]));
        assert!(check(&[line("a", "rupiah", 5, 0), line("b", "rupiah", -5, 0)]).is_ok());
    }

    #[test]
    fn empty_idle_and_doubled_lines_are_refused() {
        assert!(malformed(&[]));
        assert!(malformed(&[line("a", "rupiah", 0, 0)]));
        assert!(malformed(&[line("a", "rupiah", 5, 0), line("a", "rupiah", -5, 0)]));
        assert!(malformed(&[line("a", "r", i64::MAX, 0), line("b", "r", i64::MAX, 0)]));
    }

    #[test]
    fn held_money_is_not_available() {
        let last = Balance { balance: 100, held: 60, version: 2 };
        let refused = follow(last, &line("a", "rupiah", -41, 0));
        assert!(matches!(
            refused,
            Err(LedgerError::Insufficient { available: 40, needed: 41, .. })
        ));
        let next = follow(last, &line("a", "rupiah", -40, 0)).unwrap();
        assert_eq!(next, Balance { balance: 60, held: 60, version: 3 });
    }

    #[test]
    fn a_trillion_is_the_end() {
        let last = Balance { balance: LIMIT - 1, held: 0, version: 1 };
        assert!(follow(last, &line("a", "rupiah", 1, 0)).is_ok());
        for delta in [2, i64::MAX] {
            let refused = follow(last, &line("a", "rupiah", delta, 0));
            assert!(matches!(refused, Err(LedgerError::OutOfRange { .. })), "{delta}");
        }
    }
}
