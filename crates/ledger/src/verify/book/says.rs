//! What journals say besides moving something: holds, their ends, and corrections.

use std::collections::BTreeMap;

use super::{Book, Fault};
use crate::{
    annex,
    verify::rows::{Found, FoundHold, FoundLine},
};

/// The part of the hash.
pub(super) fn annex(journal: &Found) -> String {
    if let Some(hold) = &journal.hold {
        return annex::opened(&hold.id, hold.amount, hold.expires_at);
    }
    if let Some(end) = &journal.outcome {
        return annex::ended(&end.hold, &end.outcome, end.settled);
    }
    match &journal.original {
        Some(original) if journal.refund => annex::refund(&original.id),
        _ => String::new(),
    }
}

impl Book {
    /// Whatever is set aside or released must be said by a hold or by its outcome.
    pub(super) fn explain_holds(
        &mut self,
        journal: &Found,
        lines: &[FoundLine],
    ) -> Result<(), Fault> {
        let fault = |detail: &str| Fault::new("hold_wrong", &journal.id, detail);
        let mut expected: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
        if let Some(hold) = &journal.hold {
            expected.insert(hold.account, (hold.amount, 0));
            self.open_holds.insert(hold.id.clone(), hold.clone());
        }
        if let Some(end) = &journal.outcome {
            let hold = self.open_holds.remove(&end.hold);
            let hold = hold.ok_or_else(|| fault("it ends a hold that is not open"))?;
            if end.settled > hold.amount {
                return Err(Fault::new("hold_exceeded", &hold.id, "more was settled than held"));
            }
            let change = (hold.amount.saturating_neg(), end.settled.saturating_neg());
            expected.insert(hold.account, change);
        }
        for line in lines.iter().filter(|line| line.held_delta != 0) {
            let change = expected.remove(&line.account);
            let change = change.ok_or_else(|| fault("no hold explains what it sets aside"))?;
            if change != (line.held_delta, line.delta) {
                return Err(fault("it sets aside or pays another amount than its hold says"));
            }
        }
        if expected.is_empty() { Ok(()) } else { Err(fault("its hold sets nothing aside")) }
    }

    /// A reversal is the mirror of its original; refunds stay within it, all together.
    pub(super) fn explain_correction(
        &mut self,
        journal: &Found,
        lines: &[FoundLine],
    ) -> Result<(), Fault> {
        if journal.reverses.is_none() && !journal.refund {
            return Ok(());
        }
        let fault = |check, detail: &str| Fault::new(check, &journal.id, detail);
        let original = journal.original.as_ref();
        let original =
            original.ok_or_else(|| fault("mirror_wrong", "its original is not there"))?;
        let mirror = lines.iter().map(|line| (line.account, line.delta.saturating_neg()));
        if !journal.refund && mirror.collect::<BTreeMap<_, _>>() != original.deltas {
            return Err(fault("mirror_wrong", "it is no mirror of its original"));
        }
        let given_back = self.given_back.entry(original.id.clone()).or_default();
        for line in lines {
            let taken = original.deltas.get(&line.account).copied().unwrap_or_default();
            let sum = given_back.entry(line.account).or_default();
            *sum = sum.saturating_add(i128::from(line.delta));
            let against = taken.signum().saturating_mul(line.delta.signum()) < 0;
            if !against || sum.abs() > i128::from(taken).abs() {
                return Err(fault("refund_exceeds", "more was given back than taken"));
            }
        }
        Ok(())
    }

    /// After the last journal: what is held on each account is what its open holds hold, and the queue knows them all.
    pub(in crate::verify) fn close(&self, queue: &[(String, i64)]) -> Result<u64, Fault> {
        let mut held: BTreeMap<i64, i128> = BTreeMap::new();
        for hold in self.open_holds.values() {
            let sum = held.entry(hold.account).or_default();
            *sum = sum.saturating_add(i128::from(hold.amount));
        }
        for page in &self.pages {
            let open = held.get(&page.number).copied().unwrap_or_default();
            if open != page.held {
                let detail = format!("{} held, open holds say {open}", page.held);
                return Err(Fault::new("hold_wrong", &page.name, detail));
            }
        }
        let due = |hold: &FoundHold| (hold.id.clone(), hold.expires_at);
        let expected: Vec<_> = self.open_holds.values().map(due).collect();
        if expected != queue {
            let detail = format!("{} are open, {} in the queue", expected.len(), queue.len());
            return Err(Fault::new("open_hold_wrong", "the queue of open holds", detail));
        }
        let used = self.pages.iter().filter(|page| page.version > 0).count();
        Ok(u64::try_from(used).unwrap_or(u64::MAX))
    }
}
