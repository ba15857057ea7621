//! Every charge against its payments, every payment against its journals, and what waits in suspense against them.

mod releases;

use std::collections::BTreeMap;

use database::{Connection, DatabaseError};
use ledger::{AccountName, Fault, Label, VerifyError};
use primitives::{JournalId, TopUpId};

use self::releases::Released;
use super::{Charge, Place, Received, store};
use crate::{gateway::GatewayName, rules};

const PAGE: i64 = 200;

/// What was proved.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Proved {
    /// Payments that reached us.
    pub(crate) received: u64,
    /// Of these, those that reached a wallet.
    pub(crate) credited: u64,
}

/// Proves every charge as it stands at this moment.
pub(crate) fn verify_in(conn: &mut Connection) -> Result<Proved, VerifyError> {
    let mut proved = Proved::default();
    let mut suspended: BTreeMap<&'static str, i64> = BTreeMap::new();
    let mut released = Released::default();
    let mut last: Option<TopUpId> = None;
    loop {
        let page = store::after(conn, last, PAGE)?;
        let Some(end) = page.last() else { break };
        last = Some(end.id);
        for charge in &page {
            let payments = store::received_for(conn, charge.id)?;
            verify_charge(conn, charge, &payments)?;
            for payment in &payments {
                let in_wallet = payment.place == Place::Wallet;
                proved.received = proved.received.saturating_add(1);
                proved.credited = proved.credited.saturating_add(u64::from(in_wallet));
                if !in_wallet && !released.verify_in(conn, payment)? {
                    let waiting = suspended.entry(payment.gateway.as_str()).or_default();
                    *waiting = waiting.saturating_add(payment.amount.get());
                }
            }
        }
    }
    released.verify_counts(conn)?;
    verify_suspense(conn, &proved, &suspended)?;
    Ok(proved)
}

/// What is said of the charge, and what its payments say.
fn verify_charge(
    conn: &mut Connection,
    charge: &Charge,
    payments: &[Received],
) -> Result<(), VerifyError> {
    let wrong = |detail: &str| Fault::new("charge_wrong", charge.id, detail);
    let credited = charge.state.credited();
    let said = credited.map(|credited| (credited.payment.as_str(), credited.journal));
    let in_wallet: Vec<&Received> =
        payments.iter().filter(|payment| payment.place == Place::Wallet).collect();
    let shown = match in_wallet.as_slice() {
        [] => None,
        [payment] if payment.amount == charge.amount => {
            Some((payment.reference.as_str(), payment.placed))
        }
        _ => return Err(wrong("something else reached the wallet").into()),
    };
    if said != shown {
        return Err(wrong("its state does not follow its payments").into());
    }
    if charge.state.is_lapsed() && store::count_closings(conn, charge.id)? == 0 {
        return Err(wrong("nobody has closed it").into());
    }
    if payments.iter().any(|payment| payment.gateway != charge.gateway) {
        return Err(wrong("a payment came through another gateway").into());
    }
    payments.iter().try_for_each(|payment| verify_payment(conn, charge, payment))
}

fn verify_payment(
    conn: &mut Connection,
    charge: &Charge,
    payment: &Received,
) -> Result<(), VerifyError> {
    let (amount, gateway) = (payment.amount.get(), payment.gateway.as_str());
    let taken = amount.saturating_neg();
    let clearing = format!("clearing:topup:{gateway}");
    let place = match payment.place {
        Place::Wallet => format!("wallet:{}", charge.account),
        Place::Suspense => format!("suspense:{gateway}"),
    };
    let received = [(format!("bank:{gateway}"), taken), (clearing.clone(), amount)];
    let placed = [(clearing, taken), (place, amount)];
    if moves(conn, payment.received, received)? && moves(conn, payment.placed, placed)? {
        return Ok(());
    }
    let detail = format!("the journals of {} move something else", payment.reference);
    Err(Fault::new("charge_wrong", charge.id, detail).into())
}

fn moves(
    conn: &mut Connection,
    id: JournalId,
    expected: [(String, i64); 2],
) -> Result<bool, DatabaseError> {
    let Some(journal) = ledger::journal_in(conn, id)? else { return Ok(false) };
    let postings = journal.postings.into_iter().map(|posting| (posting.account, posting.delta));
    Ok(postings.collect::<BTreeMap<_, _>>() == BTreeMap::from(expected))
}

fn verify_suspense(
    conn: &mut Connection,
    proved: &Proved,
    suspended: &BTreeMap<&'static str, i64>,
) -> Result<(), VerifyError> {
    let aside = proved.received.saturating_sub(proved.credited);
    let journals = ledger::count_of_kind_in(conn, rules::SUSPENDED)?;
    if i64::try_from(aside) != Ok(journals) {
        let detail = format!("{journals} found, {aside} explained");
        return Err(Fault::new("suspense_missing", rules::SUSPENDED, detail).into());
    }
    for gateway in GatewayName::ALL {
        let word = gateway.as_str();
        let label =
            Label::parse(word).map_err(|what| DatabaseError::corrupt("charge", word, what))?;
        let account = AccountName::Suspense(label);
        let waiting = ledger::balance_in(conn, &account)?.balance;
        let listed = suspended.get(word).copied().unwrap_or(0);
        if waiting != listed {
            let detail = format!("{waiting} waits, the payments are {listed}");
            return Err(Fault::new("suspense_wrong", account, detail).into());
        }
    }
    Ok(())
}
