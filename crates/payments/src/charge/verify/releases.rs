use std::collections::BTreeMap;

use database::Connection;
use ledger::{Fault, VerifyError};

use super::moves;
use crate::{
    ProposalState,
    charge::{Received, SuspenseOutcome, SuspenseRelease, store},
    rules,
};

/// What has left suspense, by the kind of its journals.
#[derive(Default)]
pub(super) struct Released(BTreeMap<&'static str, i64>);

impl Released {
    /// Whether the payment has left suspense; and if so, that it did as was decided.
    pub(super) fn verify_in(
        &mut self,
        conn: &mut Connection,
        payment: &Received,
    ) -> Result<bool, VerifyError> {
        let release = store::release_of(conn, payment.gateway, &payment.reference)?;
        let Some(release) = release else { return Ok(false) };
        let ProposalState::Approved { journal, .. } = release.state else { return Ok(false) };
        if release.amount != payment.amount || !moves(conn, journal, expected(&release))? {
            let detail = "its journal moves something else";
            return Err(Fault::new("release_wrong", release.id, detail).into());
        }
        let count = self.0.entry(kind(&release)).or_default();
        *count = count.saturating_add(1);
        Ok(true)
    }

    /// Nothing has left suspense without a release.
    pub(super) fn verify_counts(&self, conn: &mut Connection) -> Result<(), VerifyError> {
        for kind in [rules::SUSPENSE_CREDITED, rules::SUSPENSE_RETURNED] {
            let journals = ledger::count_of_kind_in(conn, kind)?;
            let explained = self.0.get(kind).copied().unwrap_or(0);
            if journals != explained {
                let detail = format!("{journals} found, {explained} explained");
                return Err(Fault::new("release_missing", kind, detail).into());
            }
        }
        Ok(())
    }
}

const fn kind(release: &SuspenseRelease) -> &'static str {
    match release.outcome {
        SuspenseOutcome::Credited(_) => rules::SUSPENSE_CREDITED,
        SuspenseOutcome::Returned(_) => rules::SUSPENSE_RETURNED,
    }
}

fn expected(release: &SuspenseRelease) -> [(String, i64); 2] {
    let (gateway, amount) = (release.gateway.as_str(), release.amount.get());
    let place = match release.outcome {
        SuspenseOutcome::Credited(account) => format!("wallet:{account}"),
        SuspenseOutcome::Returned(_) => format!("bank:{gateway}"),
    };
    [(format!("suspense:{gateway}"), amount.saturating_neg()), (place, amount)]
}
