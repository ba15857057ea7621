//! Proves that deliveries and the ledger tell the same story; shares no rule with receiving.

use std::collections::BTreeMap;

use database::Connection;
use ledger::{Fault, VerifyError};

use crate::{Deliveries, Delivery, DeliveryStateName, Receipt, rules, store};

/// How many rows are looked at together.
const PAGE: i64 = 200;

/// What was proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Report {
    /// Received deliveries, each with its one journal.
    pub received: u64,
    /// Deliveries under way, each of goods that are carried.
    pub under_way: u64,
}

impl Deliveries {
    /// Proves everything as it stood at one moment; `progress` hears the number of receipts compared so far.
    ///
    /// Wants a reader's connection outside any transaction.
    pub fn verify_in(
        &self,
        conn: &mut Connection,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Report, VerifyError> {
        database::at_one_moment(conn, |conn| {
            let received = each(conn, DeliveryStateName::Received, verify_receipt, progress)?;
            let journals = ledger::count_of_kind_in(conn, rules::DELIVERY)?;
            if i64::try_from(received) != Ok(journals) {
                let detail = format!("{journals} found, {received} explained");
                return Err(
                    Fault::new("journal_without_delivery", "the whole table", detail).into()
                );
            }
            let under_way =
                each(conn, DeliveryStateName::Announced, verify_under_way, &mut |_| ())?;
            Ok(Report { received, under_way })
        })
    }
}

/// Looks at every delivery in that state and says how many there are.
fn each(
    conn: &mut Connection,
    state: DeliveryStateName,
    check: fn(&mut Connection, &Delivery) -> Result<(), VerifyError>,
    progress: &mut dyn FnMut(u64),
) -> Result<u64, VerifyError> {
    let (mut seen, mut last) = (0u64, None);
    loop {
        let page = store::page_in_state(conn, state, last, PAGE)?;
        let Some(end) = page.last() else { return Ok(seen) };
        last = Some(end.id);
        for delivery in &page {
            check(conn, delivery)?;
            seen = seen.saturating_add(1);
        }
        progress(seen);
    }
}

/// A receipt against its journal, line by line.
fn verify_receipt(conn: &mut Connection, delivery: &Delivery) -> Result<(), VerifyError> {
    let Some(receipt) = delivery.receipt() else { return Ok(()) };
    let fault = |check, detail: &str| Fault::new(check, delivery.id, detail);
    let journal = ledger::journal_by_key_in(conn, &format!("delivery:{}", delivery.id))?;
    let journal =
        journal.ok_or_else(|| fault("journal_missing", "the books know nothing of it"))?;
    if journal.id != receipt.journal {
        return Err(fault("journal_wrong", "the delivery names another journal").into());
    }
    let moved: BTreeMap<String, i64> =
        journal.postings.into_iter().map(|posting| (posting.account, posting.delta)).collect();
    if moved != owed(delivery, receipt) {
        return Err(fault("postings_wrong", "the journal moves something else").into());
    }
    Ok(())
}

/// What must be on the books, by the delivery alone.
fn owed(delivery: &Delivery, receipt: &Receipt) -> BTreeMap<String, i64> {
    let (collector, facility) = (delivery.collector, delivery.facility);
    let mut owed = BTreeMap::new();
    for load in &delivery.loads {
        let (goods, grams) = (&load.material, load.grams.get());
        owed.insert(format!("carried:{collector}:{goods}"), grams.saturating_neg());
        owed.insert(format!("loss:{facility}:{goods}"), grams);
    }
    for load in &receipt.loads {
        let (goods, grams) = (&load.material, load.grams.get());
        owed.insert(format!("received:{facility}:{goods}"), grams);
        let lost = owed.entry(format!("loss:{facility}:{goods}")).or_default();
        *lost = lost.saturating_sub(grams);
    }
    owed.retain(|_, grams| *grams != 0);
    owed
}

/// What is under way is carried.
fn verify_under_way(conn: &mut Connection, delivery: &Delivery) -> Result<(), VerifyError> {
    let carried = ledger::carried_in(conn, delivery.collector)?;
    let carries = |goods: &str, grams: i64| {
        carried.iter().any(|(name, there)| name.to_string() == goods && there.balance >= grams)
    };
    match delivery.loads.iter().find(|load| !carries(load.material.as_str(), load.grams.get())) {
        None => Ok(()),
        Some(load) => {
            let detail = format!("not so much {} is carried", load.material);
            Err(Fault::new("announced_not_carried", delivery.id, detail).into())
        }
    }
}
