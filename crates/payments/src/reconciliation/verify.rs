//! What was kept of every comparison against its figures, what gateways kept against the books, and every lifted quarantine against what lifted it.

use std::collections::BTreeMap;

use database::{Connection, DatabaseError};
use ledger::{Fault, VerifyError};
use primitives::ReconciliationId;

use super::{
    Direction, Reconciliation,
    fees::{self, Side},
    items, store,
};
use crate::{quarantine, rules};

const PAGE: i64 = 200;

/// Proves every finished reconciliation, and says how many there are.
pub(crate) fn verify_in(conn: &mut Connection) -> Result<u64, VerifyError> {
    let (mut seen, mut with_fees) = (0_u64, 0_i64);
    let mut last: Option<ReconciliationId> = None;
    loop {
        let page = store::finished_after(conn, last, PAGE)?;
        let Some(end) = page.last() else { break };
        last = Some(end.id);
        for finished in &page {
            verify_tally(conn, finished)?;
            for side in Side::BOTH {
                let has_fees = has_fees(conn, finished, side)?;
                with_fees = with_fees.saturating_add(i64::from(has_fees));
            }
            seen = seen.saturating_add(1);
        }
    }
    let journals = ledger::count_of_kind_in(conn, rules::GATEWAY_FEES)?;
    if journals != with_fees {
        let detail = format!("{journals} found, {with_fees} explained");
        return Err(Fault::new("fee_missing", rules::GATEWAY_FEES, detail).into());
    }
    verify_quarantines(conn)?;
    Ok(seen)
}

fn verify_tally(conn: &mut Connection, finished: &Reconciliation) -> Result<(), VerifyError> {
    let payouts = items::tally_of(conn, finished.id, Direction::Out)?;
    let incoming = items::tally_of(conn, finished.id, Direction::In)?;
    if finished.state.tally() == Some(&payouts) && finished.state.incoming() == Some(&incoming) {
        return Ok(());
    }
    let detail = format!("{payouts:?} and {incoming:?} are kept of it");
    Err(Fault::new("reconciliation_wrong", finished.id, detail).into())
}

/// Whether the comparison has seen fees on this side; and if so, that they are on the books.
fn has_fees(
    conn: &mut Connection,
    finished: &Reconciliation,
    side: Side,
) -> Result<bool, VerifyError> {
    let booked = fees::booked_by(conn, finished.id, side)?;
    let journal = ledger::journal_by_key_in(conn, &fees::fees_key(finished.id, side))?;
    let moved = journal.map(|journal| {
        let postings = journal.postings.into_iter().map(|posting| (posting.account, posting.delta));
        postings.collect::<BTreeMap<String, i64>>()
    });
    let bank = format!("bank:{}", finished.gateway.as_str());
    let expected = BTreeMap::from([("fee".to_owned(), booked.saturating_neg()), (bank, booked)]);
    match moved {
        None if booked == 0 => Ok(false),
        Some(moved) if booked != 0 && moved == expected => Ok(true),
        _ => {
            let detail = format!("its fees are {booked}, its journal moves something else");
            Err(Fault::new("fee_wrong", finished.id, detail).into())
        }
    }
}

/// Only a comparison that came to its end opens the door again.
fn verify_quarantines(conn: &mut Connection) -> Result<(), VerifyError> {
    for (gateway, by) in quarantine::lifted_in(conn)? {
        let by = ReconciliationId::parse(&by)
            .map_err(|what| DatabaseError::corrupt("payout_quarantine", &gateway, what))?;
        let found = store::find(conn, by)?.filter(|it| it.gateway.as_str() == gateway);
        if found.and_then(|it| it.state.tally().copied()).is_none() {
            let detail = format!("{by} cannot have lifted it");
            return Err(Fault::new("quarantine_wrong", gateway, detail).into());
        }
    }
    Ok(())
}
