mod chart;
mod says;

use std::collections::{BTreeMap, HashMap};

use super::{
    Fault,
    rows::{Found, FoundAccount, FoundHold, FoundLine},
};
use crate::hash::{self, Head, Linked};

const TRILLION: i128 = 1_000_000_000_000;

/// What one account must look like, as far as the journals have been replayed.
#[derive(Default)]
struct Page {
    number: i64,
    name: String,
    unit: String,
    floor: Option<i128>,
    version: i128,
    balance: i128,
    held: i128,
    hash: String,
}

/// A posting, and which page it belongs on.
struct Entry<'a> {
    page: usize,
    line: &'a FoundLine,
}

/// The model: everything that must be true, kept as plainly as possible.
#[derive(Default)]
pub(super) struct Book {
    pages: Vec<Page>,
    /// Which page each account has, so that a posting looks for it once.
    numbers: HashMap<i64, usize>,
    open_holds: BTreeMap<String, FoundHold>,
    given_back: BTreeMap<String, BTreeMap<i64, i128>>,
}

impl Book {
    /// An empty page for each account. The stored unit and floor must be the ones that the account's name stands for.
    pub(super) fn of(accounts: Vec<FoundAccount>) -> Result<Self, Fault> {
        let mut book = Self::default();
        for account in accounts {
            let (name, unit) = (account.name, account.unit);
            let floor = account.floor.map(i128::from);
            if unit != chart::unit_of(&name) || floor != chart::floor_of(&name) {
                return Err(Fault::new("account_wrong", name, "it is not what its name says"));
            }
            if book.numbers.insert(account.number, book.pages.len()).is_some() {
                return Err(Fault::new("account_wrong", name, "it is there twice"));
            }
            let number = account.number;
            book.pages.push(Page { number, name, unit, floor, ..Page::default() });
        }
        Ok(book)
    }

    /// Replays one journal and compares.
    pub(super) fn replay(&mut self, journal: &Found, lines: &[FoundLine]) -> Result<(), Fault> {
        let Some(hash) = &journal.hash else {
            return Err(Fault::new("seal_missing", &journal.id, "it was never sealed"));
        };
        let mut entries = self.entries(journal, lines)?;
        self.sums_to_zero(journal, &entries)?;
        for entry in &entries {
            self.link(journal, entry)?;
        }
        self.explain_holds(journal, lines)?;
        self.explain_correction(journal, lines)?;
        entries.sort_by(|a, b| self.name(a).cmp(self.name(b)));
        let expected = self.hash(journal, &entries);
        if *hash != expected {
            let detail = format!("{hash} is written, {expected} follows from the books");
            return Err(Fault::new("hash_wrong", &journal.id, detail));
        }
        for entry in &entries {
            if let Some(page) = self.pages.get_mut(entry.page) {
                page.hash.clone_from(hash);
            }
        }
        Ok(())
    }

    fn entries<'a>(
        &self,
        journal: &Found,
        lines: &'a [FoundLine],
    ) -> Result<Vec<Entry<'a>>, Fault> {
        if lines.is_empty() {
            return Err(Fault::new("no_lines", &journal.id, "it moves nothing"));
        }
        let entry = |line: &'a FoundLine| match self.numbers.get(&line.account) {
            Some(&page) => Ok(Entry { page, line }),
            None => {
                let detail = format!("account {} is not there", line.account);
                Err(Fault::new("account_missing", &journal.id, detail))
            }
        };
        lines.iter().map(entry).collect()
    }

    fn name(&self, entry: &Entry<'_>) -> &str {
        self.pages.get(entry.page).map_or("", |page| page.name.as_str())
    }

    fn sums_to_zero(&self, journal: &Found, entries: &[Entry<'_>]) -> Result<(), Fault> {
        // A journal has a few units at most.
        let mut sums: Vec<(&str, i128)> = Vec::with_capacity(2);
        for entry in entries {
            let Some(page) = self.pages.get(entry.page) else { continue };
            let delta = i128::from(entry.line.delta);
            match sums.iter_mut().find(|(unit, _)| *unit == page.unit) {
                Some((_, sum)) => *sum = sum.saturating_add(delta),
                None => sums.push((&page.unit, delta)),
            }
        }
        match sums.into_iter().find(|(_, sum)| *sum != 0) {
            None => Ok(()),
            Some((unit, sum)) => {
                Err(Fault::new("sum_not_zero", &journal.id, format!("{unit} sums to {sum}")))
            }
        }
    }

    fn link(&mut self, journal: &Found, entry: &Entry<'_>) -> Result<(), Fault> {
        let Some(page) = self.pages.get_mut(entry.page) else { return Ok(()) };
        let line = entry.line;
        page.version = page.version.saturating_add(1);
        page.balance = page.balance.saturating_add(i128::from(line.delta));
        page.held = page.held.saturating_add(i128::from(line.held_delta));
        let at = || format!("{} in {}", page.name, journal.id);
        let same = |check, written: i64, expected: i128| {
            if i128::from(written) == expected {
                return Ok(());
            }
            Err(Fault::new(check, at(), format!("{written} is written, {expected} follows")))
        };
        same("version_gap", line.version, page.version)?;
        same("balance_wrong", line.balance_after, page.balance)?;
        same("held_wrong", line.held_after, page.held)?;
        if page.floor.is_some_and(|floor| page.balance.saturating_sub(page.held) < floor) {
            let detail = format!("{} with {} held", page.balance, page.held);
            return Err(Fault::new("below_floor", at(), detail));
        }
        let within = page.balance.abs() <= TRILLION && (0..=TRILLION).contains(&page.held);
        if !within || (line.delta == 0 && line.held_delta == 0) {
            return Err(Fault::new("out_of_range", at(), "nothing, or too much, was moved"));
        }
        Ok(())
    }

    fn hash(&self, journal: &Found, entries: &[Entry<'_>]) -> String {
        let head = Head {
            id: &journal.id,
            kind: &journal.kind,
            business_key: &journal.business_key,
            reverses: journal.reverses.as_deref(),
            created_at: journal.created_at,
            annex: &says::annex(journal),
        };
        let nobody = Page::default();
        let linked = entries.iter().map(|Entry { page, line }| {
            let page = self.pages.get(*page).unwrap_or(&nobody);
            Linked {
                account: &page.name,
                unit: &page.unit,
                version: line.version,
                delta: line.delta,
                held_delta: line.held_delta,
                balance_after: line.balance_after,
                held_after: line.held_after,
                predecessor: &page.hash,
            }
        });
        hash::of_journal(&head, linked)
    }
}
