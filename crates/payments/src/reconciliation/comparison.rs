//! Two books side by side. Pure: no clock, no network, no database.

mod incoming;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use primitives::{Timestamp, WithdrawalId};

use super::{Direction, MatchOutcome, ReconciliationItem};
use crate::{Movement, StatementLine, Withdrawal, WithdrawalStateName};

pub(crate) use incoming::{OurPayment, TheirPayment, compare_incoming, incoming};

/// How long a withdrawal may be missing in the gateway's book before somebody has to look.
pub(crate) const PATIENCE: Duration = Duration::from_secs(24 * 60 * 60);

/// What the gateway's book says of one payout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Theirs {
    pub(crate) reference: String,
    /// The withdrawal that it names, if it names one.
    pub(crate) withdrawal: Option<WithdrawalId>,
    pub(crate) out: i64,
    pub(crate) back: i64,
    pub(crate) at: Timestamp,
}

/// What we say of one withdrawal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ours {
    pub(crate) id: WithdrawalId,
    pub(crate) reference: Option<String>,
    pub(crate) amount: i64,
    pub(crate) state: WithdrawalStateName,
    pub(crate) at: Timestamp,
    /// Whether the gateway's book should tell of it in the period.
    pub(crate) expected: bool,
}

/// The lines of each payout together, in the order of their names.
pub(crate) fn payouts(lines: &[StatementLine]) -> Vec<Theirs> {
    let named: BTreeMap<&str, &StatementLine> =
        lines.iter().map(|line| (line.name.as_str(), line)).collect();
    let mut payouts: BTreeMap<&str, Theirs> = BTreeMap::new();
    for line in named.into_values() {
        let payout = payouts.entry(line.reference.as_str()).or_insert_with(|| Theirs {
            reference: line.reference.clone(),
            withdrawal: None,
            out: 0,
            back: 0,
            at: line.at,
        });
        let amount = line.amount.get();
        match line.movement {
            Movement::Out => payout.out = payout.out.saturating_add(amount),
            Movement::Back => payout.back = payout.back.saturating_add(amount),
        }
        payout.withdrawal = payout.withdrawal.or(line.withdrawal);
        payout.at = payout.at.min(line.at);
    }
    // What came back had left, also where only its return is told.
    let whole = |it: Theirs| Theirs { out: if it.out == 0 { it.back } else { it.out }, ..it };
    payouts.into_values().map(whole).collect()
}

/// Every payout of either book, once.
pub(crate) fn compare(theirs: &[Theirs], ours: &[Ours], now: Timestamp) -> Vec<ReconciliationItem> {
    let by_reference: BTreeMap<&str, &Ours> =
        ours.iter().filter_map(|it| Some((it.reference.as_deref()?, it))).collect();
    let unnamed: BTreeMap<WithdrawalId, &Ours> =
        ours.iter().filter(|it| it.reference.is_none()).map(|it| (it.id, it)).collect();
    let mut in_order: Vec<&Theirs> = theirs.iter().collect();
    in_order.sort_by(|one, other| (one.at, &one.reference).cmp(&(other.at, &other.reference)));
    let mut taken: BTreeSet<WithdrawalId> = BTreeSet::new();
    let mut items = Vec::with_capacity(theirs.len());
    for payout in in_order {
        let known = by_reference.get(payout.reference.as_str()).copied();
        let known = known.or_else(|| unnamed.get(&payout.withdrawal?).copied());
        // One withdrawal explains one payout: of two that name it, the first.
        items.push(match known.filter(|it| taken.insert(it.id)) {
            Some(withdrawal) => pair(payout, withdrawal),
            None => alone(payout),
        });
    }
    let missing = ours.iter().filter(|it| it.is_missed() && !taken.contains(&it.id));
    items.extend(missing.map(|withdrawal| missed(withdrawal, now)));
    items
}

fn pair(theirs: &Theirs, ours: &Ours) -> ReconciliationItem {
    let agreed = ours.agrees_with(theirs);
    ReconciliationItem {
        direction: Direction::Out,
        charge: None,
        theirs_in: 0,
        subject: theirs.reference.clone(),
        outcome: if agreed { MatchOutcome::Matched } else { MatchOutcome::DifferentAmount },
        withdrawal: Some(ours.id),
        ours: ours.left(),
        theirs_out: theirs.out,
        theirs_back: theirs.back,
        at: theirs.at,
        suspense: !agreed,
    }
}

fn alone(theirs: &Theirs) -> ReconciliationItem {
    ReconciliationItem {
        direction: Direction::Out,
        charge: None,
        theirs_in: 0,
        subject: theirs.reference.clone(),
        outcome: MatchOutcome::TheirsOnly,
        withdrawal: None,
        ours: 0,
        theirs_out: theirs.out,
        theirs_back: theirs.back,
        at: theirs.at,
        suspense: true,
    }
}

fn missed(ours: &Ours, now: Timestamp) -> ReconciliationItem {
    ReconciliationItem {
        direction: Direction::Out,
        charge: None,
        theirs_in: 0,
        subject: ours.reference.clone().unwrap_or_else(|| ours.id.to_string()),
        outcome: MatchOutcome::OursOnly,
        withdrawal: Some(ours.id),
        ours: ours.left(),
        theirs_out: 0,
        theirs_back: 0,
        at: ours.at,
        suspense: ours.at.plus(PATIENCE) <= now,
    }
}

impl Ours {
    pub(crate) fn of(withdrawal: &Withdrawal, expected: bool) -> Self {
        Self {
            id: withdrawal.id,
            reference: withdrawal.state.reference().map(str::to_owned),
            amount: withdrawal.amount.get(),
            state: withdrawal.state.name(),
            at: withdrawal.state.sent_at().unwrap_or(withdrawal.created_at),
            expected,
        }
    }

    /// What left by our books, or is to leave.
    const fn left(&self) -> i64 {
        match self.state {
            WithdrawalStateName::Failed | WithdrawalStateName::Reversed => 0,
            _ => self.amount,
        }
    }

    /// What was never sent, or failed, may stand in no book but ours.
    const fn is_missed(&self) -> bool {
        self.expected
            && !matches!(self.state, WithdrawalStateName::Created | WithdrawalStateName::Failed)
    }

    /// The same amount, and the same end; what is under way may have either.
    const fn agrees_with(&self, theirs: &Theirs) -> bool {
        let whole = theirs.out == self.amount;
        let stayed = theirs.back == self.amount;
        whole
            && match self.state {
                WithdrawalStateName::Succeeded => theirs.back == 0,
                WithdrawalStateName::Failed | WithdrawalStateName::Reversed => stayed,
                _ => theirs.back == 0 || stayed,
            }
    }
}

#[cfg(test)]
mod tests;
