use std::collections::BTreeMap;

use super::{
    Fault,
    rows::{Found, FoundHold, FoundLine},
};
use crate::{
    hash::{self, Head},
    journal::Posting,
};

const TRILLION: i128 = 1_000_000_000_000;

/// What one account must look like, as far as the journals have been replayed.
#[derive(Default)]
struct Page {
    version: i128,
    balance: i128,
    held: i128,
    hash: String,
}

/// The model: everything that must be true, kept as plainly as possible.
#[derive(Default)]
pub(super) struct Book {
    pages: BTreeMap<String, Page>,
    open_holds: BTreeMap<String, FoundHold>,
}

impl Book {
    /// Replays one journal and compares.
    pub(super) fn replay(&mut self, journal: &Found, lines: &[FoundLine]) -> Result<(), Fault> {
        let Some(hash) = &journal.hash else {
            return Err(Fault::new("seal_missing", &journal.id, "it was never sealed"));
        };
        sums_to_zero(journal, lines)?;
        for line in lines {
            chart(journal, line)?;
            self.link(journal, line)?;
        }
        let expected = self.hash(journal, lines);
        if *hash != expected {
            let detail = format!("{hash} is written, {expected} follows from the books");
            return Err(Fault::new("hash_wrong", &journal.id, detail));
        }
        for line in lines {
            self.pages.entry(line.account.clone()).or_default().hash.clone_from(hash);
        }
        self.holds(journal, lines)
    }

    /// After the last journal: what is held on each account is what its open holds hold.
    pub(super) fn close(&self) -> Result<u64, Fault> {
        let mut held: BTreeMap<&str, i128> = BTreeMap::new();
        for hold in self.open_holds.values() {
            let sum = held.entry(&hold.account).or_default();
            *sum = sum.saturating_add(i128::from(hold.amount));
        }
        for (account, page) in &self.pages {
            let open = held.get(account.as_str()).copied().unwrap_or_default();
            if open != page.held {
                let detail = format!("{} held, open holds say {open}", page.held);
                return Err(Fault::new("hold_wrong", account, detail));
            }
        }
        Ok(u64::try_from(self.pages.len()).unwrap_or(u64::MAX))
    }

    fn link(&mut self, journal: &Found, line: &FoundLine) -> Result<(), Fault> {
        let page = self.pages.entry(line.account.clone()).or_default();
        page.version = page.version.saturating_add(1);
        page.balance = page.balance.saturating_add(i128::from(line.delta));
        page.held = page.held.saturating_add(i128::from(line.held_delta));
        let at = format!("{} in {}", line.account, journal.id);
        let same = |check, written: i64, expected: i128| {
            if i128::from(written) == expected {
                return Ok(());
            }
            Err(Fault::new(check, &at, format!("{written} is written, {expected} follows")))
        };
        same("version_gap", line.version, page.version)?;
        same("balance_wrong", line.balance_after, page.balance)?;
        same("held_wrong", line.held_after, page.held)?;
        if floor_of(&line.account)
            .is_some_and(|floor| page.balance.saturating_sub(page.held) < floor)
        {
            let detail = format!("{} with {} held", page.balance, page.held);
            return Err(Fault::new("below_floor", at, detail));
        }
        let within = page.balance.abs() <= TRILLION && (0..=TRILLION).contains(&page.held);
        if !within || (line.delta == 0 && line.held_delta == 0) {
            return Err(Fault::new("out_of_range", at, "nothing, or too much, was moved"));
        }
        Ok(())
    }

    fn hash(&self, journal: &Found, lines: &[FoundLine]) -> String {
        let head = Head {
            id: &journal.id,
            kind: &journal.kind,
            business_key: &journal.business_key,
            reverses: journal.reverses.as_deref(),
            created_at: journal.created_at,
        };
        let postings: Vec<Posting> = lines.iter().map(Posting::from).collect();
        let links = postings.iter().map(|posting| {
            let before = self.pages.get(&posting.account);
            (posting, before.map_or(hash::NO_PREDECESSOR, |page| page.hash.as_str()))
        });
        hash::of_journal(&head, links)
    }

    /// Whatever is set aside or released must be said by a hold or by its outcome.
    fn holds(&mut self, journal: &Found, lines: &[FoundLine]) -> Result<(), Fault> {
        let fault = |detail: &str| Fault::new("hold_wrong", &journal.id, detail);
        let mut expected: BTreeMap<&str, (i64, Option<i64>)> = BTreeMap::new();
        if let Some(hold) = &journal.hold {
            expected.insert(&hold.account, (hold.amount, None));
            self.open_holds.insert(hold.id.clone(), hold.clone());
        }
        let closed = match &journal.outcome {
            None => None,
            Some(outcome) => {
                let hold = self.open_holds.remove(&outcome.hold);
                let hold = hold.ok_or_else(|| fault("it ends a hold that is not open"))?;
                Some((hold, outcome.settled))
            }
        };
        if let Some((hold, settled)) = &closed {
            if *settled > hold.amount {
                return Err(Fault::new("hold_exceeded", &hold.id, "more was settled than held"));
            }
            let change = (hold.amount.saturating_neg(), Some(settled.saturating_neg()));
            expected.insert(&hold.account, change);
        }
        for line in lines.iter().filter(|line| line.held_delta != 0) {
            let (held_delta, delta) = expected
                .remove(line.account.as_str())
                .ok_or_else(|| fault("no hold explains what it sets aside"))?;
            if line.held_delta != held_delta || delta.is_some_and(|delta| delta != line.delta) {
                return Err(fault("it sets aside or pays another amount than its hold says"));
            }
        }
        if expected.is_empty() { Ok(()) } else { Err(fault("its hold sets nothing aside")) }
    }
}

fn sums_to_zero(journal: &Found, lines: &[FoundLine]) -> Result<(), Fault> {
    if lines.is_empty() {
        return Err(Fault::new("no_lines", &journal.id, "it moves nothing"));
    }
    let mut sums: BTreeMap<String, i128> = BTreeMap::new();
    for line in lines {
        let sum = sums.entry(unit_of(&line.account)).or_default();
        *sum = sum.saturating_add(i128::from(line.delta));
    }
    match sums.into_iter().find(|(_, sum)| *sum != 0) {
        None => Ok(()),
        Some((unit, sum)) => {
            Err(Fault::new("sum_not_zero", &journal.id, format!("{unit} sums to {sum}")))
        }
    }
}

/// The stored unit and floor must be the ones that the account's name stands for.
fn chart(journal: &Found, line: &FoundLine) -> Result<(), Fault> {
    if line.unit == unit_of(&line.account) && line.floor.map(i128::from) == floor_of(&line.account)
    {
        return Ok(());
    }
    let detail =
        format!("{} in {} is another account than its name says", line.account, journal.id);
    Err(Fault::new("account_wrong", &line.account, detail))
}

fn unit_of(account: &str) -> String {
    let goods = ["household:", "carried:", "received:", "loss:"];
    if goods.iter().any(|prefix| account.starts_with(prefix)) {
        format!("grams:{}", account.rsplit(':').next().unwrap_or_default())
    } else if account.starts_with("cash-") {
        "rupiah-memo".to_owned()
    } else {
        "rupiah".to_owned()
    }
}

fn floor_of(account: &str) -> Option<i128> {
    let floored = ["wallet:", "suspense:", "carried:"];
    floored.iter().any(|prefix| account.starts_with(prefix)).then_some(0)
}
