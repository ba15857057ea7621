use std::collections::BTreeMap;

use database::{Connection, DatabaseError};

use super::Reconciliations;
use crate::{
    IncomingLine, Received,
    reconciliation::{
        Direction, MatchOutcome, Reconciliation, ReconciliationError, ReconciliationItem,
        comparison::{OurPayment, TheirPayment, compare_incoming, incoming},
    },
};

impl Reconciliations {
    /// Every payment that came in by either book, and what nobody has explained of the comparison before.
    pub(super) fn incoming_in(
        &self,
        conn: &mut Connection,
        of: &Reconciliation,
        lines: &[IncomingLine],
        pending: &[ReconciliationItem],
    ) -> Result<Vec<ReconciliationItem>, ReconciliationError> {
        let pending: Vec<&ReconciliationItem> =
            pending.iter().filter(|item| item.direction == Direction::In).collect();
        let mut theirs = with_pending(incoming(lines), &pending);
        for payment in &mut theirs {
            let Some(named) = payment.charge else { continue };
            payment.charge = self.charges.named_in(conn, of.gateway, named)?;
        }
        let ours = self.our_payments_in(conn, of, &theirs, &pending)?;
        Ok(compare_incoming(&theirs, &ours, self.ambient.now()))
    }

    /// Our side: what we learnt of in the period, what the gateway's lines are about, and what waits for an explanation.
    fn our_payments_in(
        &self,
        conn: &mut Connection,
        of: &Reconciliation,
        theirs: &[TheirPayment],
        pending: &[&ReconciliationItem],
    ) -> Result<Vec<OurPayment>, DatabaseError> {
        let learnt = self.charges.received_between_in(conn, of.gateway, of.period)?;
        let mut ours: BTreeMap<String, OurPayment> =
            learnt.into_iter().map(OurPayment::of).map(|it| (it.reference.clone(), it)).collect();
        let told = theirs.iter().map(|it| it.reference.as_str());
        let waiting = pending.iter().map(|item| item.subject.as_str());
        for reference in told.chain(waiting) {
            if ours.contains_key(reference) {
                continue;
            }
            if let Some(found) = self.charges.received_in(conn, of.gateway, reference)? {
                ours.insert(reference.to_owned(), OurPayment::of(found));
            }
        }
        Ok(ours.into_values().collect())
    }

    /// Where the gateway tells of more than we know of a charge of ours, a worker fetches the truth.
    pub(super) fn tell_charges(
        &self,
        conn: &mut Connection,
        items: &[ReconciliationItem],
    ) -> Result<(), DatabaseError> {
        for item in items {
            let told =
                matches!(item.outcome, MatchOutcome::TheirsOnly | MatchOutcome::DifferentAmount);
            if let Some(charge) = item.charge.filter(|_| told) {
                self.charges.hurry_in(conn, charge)?;
            }
        }
        Ok(())
    }
}

/// What nobody has explained stays in sight, also when the period has left it behind.
fn with_pending(
    mut theirs: Vec<TheirPayment>,
    pending: &[&ReconciliationItem],
) -> Vec<TheirPayment> {
    let beyond = pending.iter().filter(|item| {
        item.outcome != MatchOutcome::OursOnly
            && !theirs.iter().any(|it| it.reference == item.subject)
    });
    let beyond: Vec<TheirPayment> = beyond
        .map(|item| TheirPayment {
            reference: item.subject.clone(),
            charge: item.charge,
            came_in: item.theirs_in,
            back: item.theirs_back,
            at: item.at,
        })
        .collect();
    theirs.extend(beyond);
    theirs
}

impl OurPayment {
    fn of((payment, returned): (Received, bool)) -> Self {
        Self {
            reference: payment.reference,
            charge: payment.charge,
            amount: payment.amount.get(),
            returned,
            at: payment.created_at,
        }
    }
}
