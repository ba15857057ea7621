//! Proves that jobs, payments, top-ups and the ledger tell the same story; shares no rule with paying.

use std::collections::{BTreeMap, BTreeSet};

use database::{Connection, DatabaseError};
use ledger::{AccountName, Fault, Journal, Label, VerifyError};
use pickups::{Pickup, PickupError, PickupStateName, Weighing};
use primitives::{AdjustmentId, JournalId, PickupId, TopUpId};

use crate::{
    Adjustment, Method, Payment, Payments, ProposalState, TopUp,
    charge::{self, verify::Proved},
    gateway::GatewayName,
    reconciliation, rules, store, withdrawal,
};

/// How many rows are looked at together.
const PAGE: i64 = 200;

/// What was proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Report {
    /// Paid jobs, each with its one settlement.
    pub pickups: u64,
    /// Top-ups, by hand and through gateways, each with its two journals.
    pub top_ups: u64,
    /// Released adjustments, each with its journal.
    pub adjustments: u64,
    /// Withdrawals, each with its journals; clearing holds exactly those under way.
    pub withdrawals: u64,
    /// Finished reconciliations, each with what was kept of it.
    pub reconciliations: u64,
}

impl Payments {
    /// Proves everything as it stood at one moment; `progress` hears the number of jobs compared so far.
    ///
    /// Wants a reader's connection outside any transaction.
    pub fn verify_in(
        &self,
        conn: &mut Connection,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Report, VerifyError> {
        database::at_one_moment(conn, |conn| {
            let pickups = self.verify_pickups(conn, progress)?;
            let settled = store::count_settled(conn)?;
            same_count("payment_without_paid_pickup", settled, pickups)?;
            let journals = ledger::count_of_kind_in(conn, rules::SETTLEMENT)?;
            same_count("settlement_without_paid_pickup", journals, pickups)?;
            verify_disputes(conn)?;
            self.verify_deposits(conn)?;
            let charges = charge::verify::verify_in(conn)?;
            let top_ups = verify_top_ups(conn, &charges)?;
            let adjustments = verify_adjustments(conn)?;
            let withdrawals = withdrawal::verify::verify_in(conn)?;
            let reconciliations = reconciliation::verify::verify_in(conn)?;
            Ok(Report { pickups, top_ups, adjustments, withdrawals, reconciliations })
        })
    }

    fn verify_pickups(
        &self,
        conn: &mut Connection,
        progress: &mut dyn FnMut(u64),
    ) -> Result<u64, VerifyError> {
        let mut seen: u64 = 0;
        let mut last: Option<PickupId> = None;
        loop {
            let page = self.pickups.paid_after_in(conn, last, PAGE).map_err(unreadable)?;
            let Some(end) = page.last() else { return Ok(seen) };
            last = Some(end.id);
            for pickup in &page {
                verify_pickup(conn, pickup)?;
                seen = seen.saturating_add(1);
            }
            progress(seen);
        }
    }

    /// Nothing stays set aside for a job that has come to its end.
    fn verify_deposits(&self, conn: &mut Connection) -> Result<(), VerifyError> {
        let mut last: Option<PickupId> = None;
        loop {
            let page = store::open_deposits_after(conn, last, PAGE)?;
            let Some(end) = page.last() else { return Ok(()) };
            last = Some(*end);
            for id in &page {
                let state = self.pickups.find_in(conn, *id).map_err(unreadable)?.state.name();
                if is_over(state) {
                    let detail = format!("the job is {}", state.as_str());
                    return Err(Fault::new("deposit_left_open", id, detail).into());
                }
            }
        }
    }
}

const fn is_over(state: PickupStateName) -> bool {
    matches!(state, PickupStateName::Paid | PickupStateName::Released | PickupStateName::Cancelled)
}

/// A paid job against its payment and its journal.
pub(crate) fn verify_pickup(conn: &mut Connection, pickup: &Pickup) -> Result<(), VerifyError> {
    let fault = |check, detail: &str| Fault::new(check, pickup.id, detail);
    let payment = store::find_of_pickup(conn, pickup.id)?;
    let payment = payment.ok_or_else(|| fault("payment_missing", "it is paid by nothing"))?;
    let settlement = payment.settlement();
    let settlement =
        settlement.ok_or_else(|| fault("payment_not_settled", "it is paid by an open payment"))?;
    let weighing = pickup.weighing();
    let weighing = weighing.ok_or_else(|| fault("weighing_missing", "it was never weighed"))?;
    if payment.amount != weighing.amount {
        return Err(fault("amount_wrong", "the payment is not what was weighed").into());
    }
    let journal = ledger::journal_by_key_in(conn, &rules::settlement_key(pickup.id))?;
    let journal =
        journal.ok_or_else(|| fault("journal_missing", "the books know nothing of it"))?;
    if journal.id != settlement.journal {
        return Err(fault("journal_wrong", "the payment names another journal").into());
    }
    if moved(&journal) != owed(pickup, &payment, weighing) {
        return Err(fault("postings_wrong", "the journal moves something else").into());
    }
    Ok(())
}

fn moved(journal: &Journal) -> BTreeMap<String, i64> {
    journal.postings.iter().map(|posting| (posting.account.clone(), posting.delta)).collect()
}

/// What must be on the books, by the job alone.
fn owed(pickup: &Pickup, payment: &Payment, weighing: &Weighing) -> BTreeMap<String, i64> {
    let (household, collector) = (pickup.household, &pickup.collector);
    let (from, to) = match payment.method {
        Method::Cash => (format!("cash-out:{}", collector.id), format!("cash-in:{household}")),
        Method::Wallet => (format!("wallet:{}", collector.account), format!("wallet:{household}")),
    };
    let mut owed = BTreeMap::new();
    let mut add = |account: String, amount: i64| {
        let sum: &mut i64 = owed.entry(account).or_default();
        *sum = sum.saturating_add(amount);
    };
    add(from, weighing.amount.get().saturating_neg());
    add(to, weighing.amount.get());
    for line in &weighing.lines {
        add(format!("household:{household}:{}", line.material), line.grams.get().saturating_neg());
        add(format!("carried:{}:{}", collector.id, line.material), line.grams.get());
    }
    owed.retain(|_, amount| *amount != 0);
    owed
}

/// A payment waits for staff exactly while a dispute is open, and follows what they decided.
fn verify_disputes(conn: &mut Connection) -> Result<(), VerifyError> {
    let (open, waiting, both) = store::count_disputed(conn)?;
    if open != both || waiting != both {
        let detail = format!("{open} are open, {waiting} payments wait, {both} fit");
        return Err(Fault::new("dispute_wrong", "the whole table", detail).into());
    }
    match store::count_ignored_rulings(conn)? {
        0 => Ok(()),
        ignored => {
            let detail = format!("{ignored} payments do not follow their ruling");
            Err(Fault::new("ruling_ignored", "the whole table", detail).into())
        }
    }
}

fn verify_top_ups(conn: &mut Connection, charges: &Proved) -> Result<u64, VerifyError> {
    let mut seen: u64 = 0;
    let mut last: Option<TopUpId> = None;
    let known = GatewayName::ALL.into_iter().map(|gateway| gateway.as_str().to_owned());
    let mut gateways: BTreeSet<String> = known.collect();
    loop {
        let page = store::top_ups_after(conn, last, PAGE)?;
        let Some(end) = page.last() else { break };
        last = Some(end.id);
        for top_up in &page {
            verify_top_up(conn, top_up)?;
            gateways.insert(top_up.gateway.clone());
            seen = seen.saturating_add(1);
        }
    }
    for gateway in &gateways {
        verify_clearing(conn, gateway)?;
    }
    let received = seen.saturating_add(charges.received);
    let credited = seen.saturating_add(charges.credited);
    same_count("top_up_missing", ledger::count_of_kind_in(conn, rules::RECEIVED)?, received)?;
    same_count("top_up_missing", ledger::count_of_kind_in(conn, rules::CREDITED)?, credited)?;
    Ok(credited)
}

fn verify_adjustments(conn: &mut Connection) -> Result<u64, VerifyError> {
    let mut seen: u64 = 0;
    let mut last: Option<AdjustmentId> = None;
    loop {
        let page = store::approved_after(conn, last, PAGE)?;
        let Some(end) = page.last() else { break };
        last = Some(end.id);
        for adjustment in &page {
            verify_adjustment(conn, adjustment)?;
            seen = seen.saturating_add(1);
        }
    }
    same_count("adjustment_missing", ledger::count_of_kind_in(conn, rules::ADJUSTMENT)?, seen)?;
    Ok(seen)
}

fn verify_adjustment(conn: &mut Connection, adjustment: &Adjustment) -> Result<(), VerifyError> {
    let ProposalState::Approved { journal, .. } = adjustment.state else { return Ok(()) };
    let amount = adjustment.amount.get();
    let expected = BTreeMap::from([
        ("writeoff".to_owned(), amount.saturating_neg()),
        (format!("wallet:{}", adjustment.account), amount),
    ]);
    match ledger::journal_in(conn, journal)? {
        Some(journal) if moved(&journal) == expected => Ok(()),
        _ => {
            let detail = "its journal moves something else";
            Err(Fault::new("adjustment_wrong", adjustment.id, detail).into())
        }
    }
}

fn verify_top_up(conn: &mut Connection, top_up: &TopUp) -> Result<(), VerifyError> {
    let (amount, gateway) = (top_up.amount.get(), &top_up.gateway);
    let taken = amount.saturating_neg();
    let clearing = format!("clearing:topup:{gateway}");
    let received = [(format!("bank:{gateway}"), taken), (clearing.clone(), amount)];
    same_journal(conn, top_up, top_up.received, received)?;
    let credited = [(clearing, taken), (format!("wallet:{}", top_up.account), amount)];
    same_journal(conn, top_up, top_up.credited, credited)
}

fn same_journal(
    conn: &mut Connection,
    top_up: &TopUp,
    id: JournalId,
    expected: [(String, i64); 2],
) -> Result<(), VerifyError> {
    let journal = ledger::journal_in(conn, id)?;
    if journal.is_some_and(|journal| moved(&journal) == BTreeMap::from(expected)) {
        Ok(())
    } else {
        Err(Fault::new("top_up_wrong", top_up.id, "its journal moves something else").into())
    }
}

/// Whatever comes in goes to its place in the same unit of work, so nothing waits between a gateway and the wallets.
fn verify_clearing(conn: &mut Connection, gateway: &str) -> Result<(), VerifyError> {
    let label =
        Label::parse(gateway).map_err(|what| DatabaseError::corrupt("top_up", gateway, what))?;
    let waiting = ledger::balance_in(conn, &AccountName::ClearingTopUp(label))?.balance;
    if waiting == 0 {
        return Ok(());
    }
    let detail = format!("{waiting} waits, but everything that came in has its place");
    Err(Fault::new("clearing_wrong", format!("clearing:topup:{gateway}"), detail).into())
}

fn same_count(check: &'static str, found: i64, expected: u64) -> Result<(), Fault> {
    if i64::try_from(expected) == Ok(found) {
        return Ok(());
    }
    Err(Fault::new(check, "the whole table", format!("{found} found, {expected} explained")))
}

fn unreadable(error: PickupError) -> VerifyError {
    match error {
        PickupError::Database(error) => error.into(),
        other => Fault::new("pickup_unreadable", "pickups", other).into(),
    }
}
