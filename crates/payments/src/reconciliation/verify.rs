//! What was kept of every comparison against its figures, and every lifted quarantine against what lifted it.

use database::{Connection, DatabaseError};
use ledger::{Fault, VerifyError};
use primitives::ReconciliationId;

use super::{items, store};
use crate::quarantine;

const PAGE: i64 = 200;

/// Proves every finished reconciliation, and says how many there are.
pub(crate) fn verify_in(conn: &mut Connection) -> Result<u64, VerifyError> {
    let mut seen: u64 = 0;
    let mut last: Option<ReconciliationId> = None;
    loop {
        let page = store::finished_after(conn, last, PAGE)?;
        let Some(end) = page.last() else { break };
        last = Some(end.id);
        for finished in &page {
            let kept = items::tally_of(conn, finished.id)?;
            if finished.state.tally() != Some(&kept) {
                let detail = format!("{kept:?} is kept of it");
                return Err(Fault::new("reconciliation_wrong", finished.id, detail).into());
            }
            seen = seen.saturating_add(1);
        }
    }
    verify_quarantines(conn)?;
    Ok(seen)
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
