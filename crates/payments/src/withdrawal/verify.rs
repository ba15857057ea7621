//! Every withdrawal against its journals, and what waits in clearing against the withdrawals that are under way.

use std::collections::BTreeMap;

use database::Connection;
use ledger::{AccountName, Fault, VerifyError};
use primitives::{JournalId, WithdrawalId};

use super::{Withdrawal, service::label, store};
use crate::{gateway::GatewayName, rules};

const PAGE: i64 = 200;

/// Proves every withdrawal as it stands at this moment, and says how many there are.
pub(crate) fn verify_in(conn: &mut Connection) -> Result<u64, VerifyError> {
    let (mut seen, mut paid): (u64, u64) = (0, 0);
    let mut open: BTreeMap<&'static str, i64> = BTreeMap::new();
    let mut last: Option<WithdrawalId> = None;
    loop {
        let page = store::after(conn, last, PAGE)?;
        let Some(end) = page.last() else { break };
        last = Some(end.id);
        for withdrawal in &page {
            verify_withdrawal(conn, withdrawal)?;
            seen = seen.saturating_add(1);
            paid = paid.saturating_add(u64::from(withdrawal.state.paid().is_some()));
            if withdrawal.state.name().is_open() {
                let waiting = open.entry(withdrawal.gateway.as_str()).or_default();
                *waiting = waiting.saturating_add(withdrawal.amount.get());
            }
        }
    }
    same_count(conn, rules::WITHDRAWAL, seen)?;
    same_count(conn, rules::WITHDRAWAL_PAID, paid)?;
    for gateway in GatewayName::ALL {
        let listed = open.get(gateway.as_str()).copied().unwrap_or(0);
        verify_clearing(conn, gateway, listed)?;
    }
    Ok(seen)
}

fn verify_withdrawal(conn: &mut Connection, withdrawal: &Withdrawal) -> Result<(), VerifyError> {
    let (amount, fee) = (withdrawal.amount.get(), withdrawal.fee.get());
    let given = amount.saturating_add(fee);
    let wallet = format!("wallet:{}", withdrawal.account);
    let clearing = format!("clearing:payout:{}", withdrawal.gateway.as_str());
    let bank = format!("bank:{}", withdrawal.gateway.as_str());
    let taken = [
        (wallet.clone(), given.saturating_neg()),
        (clearing.clone(), amount),
        ("fee".to_owned(), fee),
    ];
    let taken = Expected { withdrawal, moves: &taken, reverses: None };
    taken.verify(conn, withdrawal.journal)?;
    let paid = withdrawal.state.paid();
    if let Some(paid) = paid {
        let moves = [(clearing.clone(), amount.saturating_neg()), (bank, amount)];
        Expected { withdrawal, moves: &moves, reverses: None }.verify(conn, paid.journal)?;
    }
    if let Some(returned) = withdrawal.state.returned() {
        let moves = [
            (wallet, given),
            (clearing, amount.saturating_neg()),
            ("fee".to_owned(), fee.saturating_neg()),
        ];
        let reverses = Some(withdrawal.journal);
        Expected { withdrawal, moves: &moves, reverses }.verify(conn, returned.journal)?;
    }
    Ok(())
}

/// What a journal of a withdrawal must say.
struct Expected<'a> {
    withdrawal: &'a Withdrawal,
    moves: &'a [(String, i64)],
    reverses: Option<JournalId>,
}

impl Expected<'_> {
    fn verify(&self, conn: &mut Connection, id: JournalId) -> Result<(), VerifyError> {
        let found = ledger::journal_in(conn, id)?.map(|journal| {
            let moves =
                journal.postings.into_iter().map(|posting| (posting.account, posting.delta));
            (moves.collect::<BTreeMap<_, _>>(), journal.reverses)
        });
        let moves = self.moves.iter().filter(|(_, amount)| *amount != 0).cloned();
        if found == Some((moves.collect(), self.reverses)) {
            return Ok(());
        }
        let detail = format!("{id} moves something else");
        Err(Fault::new("withdrawal_wrong", self.withdrawal.id, detail).into())
    }
}

fn verify_clearing(
    conn: &mut Connection,
    gateway: GatewayName,
    listed: i64,
) -> Result<(), VerifyError> {
    let account = AccountName::ClearingPayout(label(gateway)?);
    let waiting = ledger::balance_in(conn, &account)?.balance;
    if waiting == listed {
        return Ok(());
    }
    let detail = format!("{waiting} waits, the open withdrawals are {listed}");
    Err(Fault::new("payout_clearing_wrong", account, detail).into())
}

fn same_count(conn: &mut Connection, kind: &'static str, expected: u64) -> Result<(), VerifyError> {
    let found = ledger::count_of_kind_in(conn, kind)?;
    if i64::try_from(expected) == Ok(found) {
        return Ok(());
    }
    let detail = format!("{found} found, {expected} explained");
    Err(Fault::new("withdrawal_missing", kind, detail).into())
}
