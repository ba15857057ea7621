//! The same for payments that came in.

use std::collections::{BTreeMap, BTreeSet};

use primitives::{Timestamp, TopUpId};

use super::PATIENCE;
use crate::{
    IncomingLine,
    reconciliation::{Direction, MatchOutcome, ReconciliationItem},
};

/// What the gateway's book says of one payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TheirPayment {
    pub(crate) reference: String,
    /// The charge that it names, if it names one of ours.
    pub(crate) charge: Option<TopUpId>,
    pub(crate) came_in: i64,
    pub(crate) back: i64,
    pub(crate) at: Timestamp,
}

/// What we say of one payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OurPayment {
    pub(crate) reference: String,
    pub(crate) charge: TopUpId,
    pub(crate) amount: i64,
    /// By our books, too, the gateway has given it back.
    pub(crate) returned: bool,
    pub(crate) at: Timestamp,
}

/// The lines of each payment together, in the order of their names.
pub(crate) fn incoming(lines: &[IncomingLine]) -> Vec<TheirPayment> {
    let named: BTreeMap<&str, &IncomingLine> =
        lines.iter().map(|line| (line.name.as_str(), line)).collect();
    let mut payments: BTreeMap<&str, TheirPayment> = BTreeMap::new();
    for line in named.into_values() {
        let payment = payments.entry(line.reference.as_str()).or_insert_with(|| TheirPayment {
            reference: line.reference.clone(),
            charge: None,
            came_in: 0,
            back: 0,
            at: line.at,
        });
        let side = if line.taken_back { &mut payment.back } else { &mut payment.came_in };
        *side = side.saturating_add(line.amount.get());
        payment.charge = payment.charge.or(line.charge);
        payment.at = payment.at.min(line.at);
    }
    // What was taken back had come in, also where only that is told.
    let whole = |it: TheirPayment| TheirPayment {
        came_in: if it.came_in == 0 { it.back } else { it.came_in },
        ..it
    };
    payments.into_values().map(whole).collect()
}

/// Every payment of either book, once.
pub(crate) fn compare_incoming(
    theirs: &[TheirPayment],
    ours: &[OurPayment],
    now: Timestamp,
) -> Vec<ReconciliationItem> {
    let known: BTreeMap<&str, &OurPayment> =
        ours.iter().map(|it| (it.reference.as_str(), it)).collect();
    let told: BTreeSet<&str> = theirs.iter().map(|it| it.reference.as_str()).collect();
    let of_theirs =
        theirs.iter().map(|it| told_item(it, known.get(it.reference.as_str()).copied()));
    let missing = ours.iter().filter(|it| !told.contains(it.reference.as_str()));
    of_theirs.chain(missing.map(|it| missed_item(it, now))).collect()
}

fn told_item(theirs: &TheirPayment, ours: Option<&OurPayment>) -> ReconciliationItem {
    let outcome = match ours {
        None => MatchOutcome::TheirsOnly,
        Some(ours) if ours.agrees_with(theirs) => MatchOutcome::Matched,
        Some(_) => MatchOutcome::DifferentAmount,
    };
    ReconciliationItem {
        direction: Direction::In,
        subject: theirs.reference.clone(),
        outcome,
        withdrawal: None,
        charge: ours.map(|ours| ours.charge).or(theirs.charge),
        ours: ours.map_or(0, |ours| ours.amount),
        theirs_out: 0,
        theirs_in: theirs.came_in,
        theirs_back: theirs.back,
        at: theirs.at,
        suspense: outcome != MatchOutcome::Matched,
    }
}

fn missed_item(ours: &OurPayment, now: Timestamp) -> ReconciliationItem {
    ReconciliationItem {
        direction: Direction::In,
        subject: ours.reference.clone(),
        outcome: MatchOutcome::OursOnly,
        withdrawal: None,
        charge: Some(ours.charge),
        ours: ours.amount,
        theirs_out: 0,
        theirs_in: 0,
        theirs_back: 0,
        at: ours.at,
        suspense: ours.at.plus(PATIENCE) <= now,
    }
}

impl OurPayment {
    /// The same amount, and what was taken back we have given back, too.
    const fn agrees_with(&self, theirs: &TheirPayment) -> bool {
        let stayed = theirs.back == 0 || (self.returned && theirs.back == self.amount);
        theirs.came_in == self.amount && stayed
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use primitives::Rupiah;
    use proptest::prelude::*;

    use super::*;

    const NOW: i64 = 2_000_000_000_000_000;

    fn moment(hours_ago: u64) -> Timestamp {
        Timestamp::from_micros(NOW).minus(Duration::from_secs(hours_ago * 3_600))
    }

    fn charge() -> TopUpId {
        TopUpId::parse("top_01h455vb4pex5vsknk084sn02q").unwrap()
    }

    fn line(reference: &str, amount: i64, taken_back: bool) -> IncomingLine {
        IncomingLine {
            name: format!("{reference} {taken_back}"),
            reference: reference.to_owned(),
            charge: None,
            amount: Rupiah::new(amount),
            taken_back,
            at: moment(1),
        }
    }

    fn ours(reference: &str, amount: i64) -> OurPayment {
        let (reference, charge, at) = (reference.to_owned(), charge(), moment(1));
        OurPayment { reference, charge, amount, returned: false, at }
    }

    /// By counting alone, payment by payment.
    fn expected(
        back: Option<bool>,
        theirs: Option<i64>,
        ours: Option<(i64, bool)>,
    ) -> MatchOutcome {
        match (theirs, ours) {
            (Some(theirs), Some((ours, returned))) if theirs == ours => match back {
                Some(true) if !returned => MatchOutcome::DifferentAmount,
                _ => MatchOutcome::Matched,
            },
            (Some(_), Some(_)) => MatchOutcome::DifferentAmount,
            (Some(_), None) => MatchOutcome::TheirsOnly,
            _ => MatchOutcome::OursOnly,
        }
    }

    proptest! {
        #[test]
        fn every_payment_of_either_book_is_told_once(
            told in proptest::collection::btree_map(0..6_u8, (1..3_i64, any::<bool>()), 0..6),
            kept in proptest::collection::btree_map(0..6_u8, (1..3_i64, any::<bool>()), 0..6),
        ) {
            let name = |number: &u8| format!("py-{number}");
            let mut lines = Vec::new();
            for (number, (amount, back)) in &told {
                lines.push(line(&name(number), *amount, false));
                // The same line on the next page.
                lines.push(line(&name(number), *amount, false));
                if *back {
                    lines.push(line(&name(number), *amount, true));
                }
            }
            let kept_rows: Vec<OurPayment> = kept
                .iter()
                .map(|(number, (amount, returned))| {
                    OurPayment { returned: *returned, ..ours(&name(number), *amount) }
                })
                .collect();
            let items = compare_incoming(&incoming(&lines), &kept_rows, moment(0));
            let numbers: BTreeSet<&u8> = told.keys().chain(kept.keys()).collect();
            prop_assert_eq!(items.len(), numbers.len());
            for number in numbers {
                let item = items.iter().find(|it| it.subject == name(number)).unwrap();
                let told = told.get(number);
                let outcome = expected(told.map(|it| it.1), told.map(|it| it.0), kept.get(number).copied());
                prop_assert_eq!(item.outcome, outcome);
                let young = outcome == MatchOutcome::OursOnly;
                prop_assert_eq!(item.suspense, outcome != MatchOutcome::Matched && !young);
            }
        }
    }

    #[test]
    fn what_only_we_know_is_a_worry_after_a_day() {
        for (hours, worry) in [(23, false), (24, true)] {
            let old = OurPayment { at: moment(hours), ..ours("py-1", 5) };
            let items = compare_incoming(&[], &[old], moment(0));
            assert_eq!((items[0].outcome, items[0].suspense), (MatchOutcome::OursOnly, worry));
        }
    }
}
