use std::collections::{BTreeMap, BTreeSet};

use database::{Connection, DatabaseError};
use event_log::{
    Fact,
    fact::{GatewayFeesBooked, ReconciliationFinished},
};
use primitives::WithdrawalId;

use super::{LEASE, Reconciliations, WORKER, unexplained_of};
use crate::{
    FeeLine, StatementLine, StatementPage,
    gateway::GatewayName,
    quarantine,
    reconciliation::{
        Direction, MatchOutcome, ReadFailure, Reconciliation, ReconciliationError,
        ReconciliationItem, ReconciliationState, ReconciliationTally,
        comparison::{Ours, Theirs, compare, payouts},
        fees, items, store,
    },
};

impl Reconciliations {
    /// Those that a worker should take on now.
    pub fn due_in(
        &self,
        conn: &mut Connection,
    ) -> Result<Vec<Reconciliation>, ReconciliationError> {
        let due = store::due(conn, self.ambient.now())?;
        Ok(due.into_iter().filter(|it| self.gateways.contains(&it.gateway)).collect())
    }

    /// Takes the lease; nothing when it is not due any more, or at its end. Committed before a gateway is asked.
    pub fn claim_in(
        &self,
        conn: &mut Connection,
        seen: &Reconciliation,
    ) -> Result<Option<Reconciliation>, ReconciliationError> {
        let now = self.ambient.now();
        let due = matches!(seen.state, ReconciliationState::Open { due_at } if due_at <= now);
        let state = ReconciliationState::Open { due_at: now.plus(LEASE) };
        let claimed = seen.clone().moved_to(state);
        let taken = due && store::save(conn, seen.version, &claimed)?;
        Ok(taken.then_some(claimed))
    }

    /// The payouts of these lines of which we know nothing by the gateway's own name for them.
    pub fn unknown_in(
        &self,
        conn: &mut Connection,
        gateway: GatewayName,
        lines: &[StatementLine],
    ) -> Result<Vec<String>, ReconciliationError> {
        let unnamed = lines.iter().filter(|line| line.withdrawal.is_none());
        let references: BTreeSet<&str> = unnamed.map(|line| line.reference.as_str()).collect();
        let mut unknown = Vec::new();
        for reference in references {
            if self.withdrawals.referred_to_in(conn, gateway, reference)?.is_none() {
                unknown.push(reference.to_owned());
            }
        }
        Ok(unknown)
    }

    /// Compares the gateway's lines with our withdrawals and with what came in, and keeps what came of it. Nothing is
    /// posted but what the gateway has kept for its services, once.
    ///
    /// `LeaseLost` when somebody else has claimed it since.
    pub fn finish_in(
        &self,
        conn: &mut Connection,
        claimed: &Reconciliation,
        statement: &StatementPage,
    ) -> Result<Reconciliation, ReconciliationError> {
        let now = self.ambient.now();
        let before = store::newest(conn, claimed.gateway, Some("finished"))?;
        let pending = unexplained_of(conn, before.as_ref())?;
        let theirs = with_pending(payouts(&statement.lines), &pending);
        let ours = self.ours_in(conn, claimed, &theirs, &pending)?;
        let items = compare(&theirs, &ours, now);
        let incoming = self.incoming_in(conn, claimed, &statement.incoming, &pending)?;
        let finished = claimed.clone().moved_to(ReconciliationState::Finished {
            at: now,
            tally: ReconciliationTally::of(&items),
            incoming: ReconciliationTally::of(&incoming),
        });
        if !store::save(conn, claimed.version, &finished)? {
            return Err(ReconciliationError::LeaseLost);
        }
        items::insert(conn, claimed.id, &items)?;
        items::insert(conn, claimed.id, &incoming)?;
        self.tell_withdrawals(conn, &items, &ours)?;
        self.tell_charges(conn, &incoming)?;
        self.book_fees(conn, &finished, &statement.fees)?;
        self.concluded(conn, &finished)?;
        Ok(finished)
    }

    /// Tells the log, and lets payouts go again where nothing is unaccounted for.
    fn concluded(
        &self,
        conn: &mut Connection,
        finished: &Reconciliation,
    ) -> Result<(), ReconciliationError> {
        let open = items::unexplained(conn, finished.gateway, finished.id)?;
        let tally = finished.state.tally().copied().unwrap_or_default();
        self.finished(conn, finished, tally, open.len())?;
        let forgotten = |item: &ReconciliationItem| {
            item.direction == Direction::Out && item.outcome == MatchOutcome::TheirsOnly
        };
        if !open.iter().any(forgotten) {
            quarantine::lift_in(conn, &self.ambient, finished)?;
        }
        Ok(())
    }

    fn book_fees(
        &self,
        conn: &mut Connection,
        by: &Reconciliation,
        lines: &[FeeLine],
    ) -> Result<(), ReconciliationError> {
        for (amount_rupiah, journal) in fees::book_in(conn, &self.ambient, by, lines)? {
            let fact = Fact::GatewayFeesBooked(GatewayFeesBooked {
                reconciliation: by.id,
                gateway: by.gateway.as_str().to_owned(),
                amount_rupiah,
                journal: journal.id.to_string(),
            });
            self.append(conn, WORKER, fact)?;
        }
        Ok(())
    }

    /// The gateway's book could not be read.
    pub fn fail_in(
        &self,
        conn: &mut Connection,
        claimed: &Reconciliation,
        failure: ReadFailure,
    ) -> Result<Reconciliation, ReconciliationError> {
        let state = ReconciliationState::Failed { at: self.ambient.now(), failure };
        let failed = claimed.clone().moved_to(state);
        let saved = store::save(conn, claimed.version, &failed)?;
        if saved { Ok(failed) } else { Err(ReconciliationError::LeaseLost) }
    }

    /// Our side: what was sent in the period, what the gateway's lines are about, and what waits for an explanation.
    fn ours_in(
        &self,
        conn: &mut Connection,
        of: &Reconciliation,
        theirs: &[Theirs],
        pending: &[ReconciliationItem],
    ) -> Result<Vec<Ours>, ReconciliationError> {
        let sent = self.withdrawals.sent_in(conn, of.gateway, of.period)?;
        let mut ours: BTreeMap<WithdrawalId, Ours> =
            sent.iter().map(|it| (it.id, Ours::of(it, true))).collect();
        for waiting in pending.iter().filter_map(|item| item.withdrawal) {
            if let Some(found) =
                self.withdrawals.payout_in(conn, of.gateway, None, Some(waiting))?
            {
                ours.entry(found.id).or_insert_with(|| Ours::of(&found, true));
            }
        }
        let known: BTreeSet<String> = ours.values().filter_map(|it| it.reference.clone()).collect();
        for payout in theirs.iter().filter(|it| !known.contains(&it.reference)) {
            let (reference, named) = (Some(payout.reference.as_str()), payout.withdrawal);
            if let Some(found) = self.withdrawals.payout_in(conn, of.gateway, reference, named)? {
                ours.entry(found.id).or_insert_with(|| Ours::of(&found, false));
            }
        }
        Ok(ours.into_values().collect())
    }

    /// A withdrawal learns its name at the gateway; where the books differ, a worker fetches the truth.
    fn tell_withdrawals(
        &self,
        conn: &mut Connection,
        items: &[ReconciliationItem],
        ours: &[Ours],
    ) -> Result<(), ReconciliationError> {
        let nameless = ours.iter().filter(|it| it.reference.is_none());
        let nameless: BTreeSet<WithdrawalId> = nameless.map(|it| it.id).collect();
        for item in items {
            match (item.outcome, item.withdrawal) {
                (MatchOutcome::Matched, Some(id)) if nameless.contains(&id) => {
                    self.withdrawals.identify_in(conn, id, &item.subject)?;
                }
                (MatchOutcome::DifferentAmount, Some(id)) => {
                    self.withdrawals.hurry_in(conn, id)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn finished(
        &self,
        conn: &mut Connection,
        finished: &Reconciliation,
        tally: ReconciliationTally,
        open: usize,
    ) -> Result<(), DatabaseError> {
        let fact = Fact::ReconciliationFinished(ReconciliationFinished {
            reconciliation: finished.id,
            gateway: finished.gateway.as_str().to_owned(),
            matched: tally.matched,
            ours_only: tally.ours_only,
            theirs_only: tally.theirs_only,
            different_amount: tally.different_amount,
            open_differences: i64::try_from(open).unwrap_or(i64::MAX),
        });
        self.append(conn, WORKER, fact)
    }
}

/// What nobody has explained stays in sight, also when the period has left it behind.
fn with_pending(mut theirs: Vec<Theirs>, pending: &[ReconciliationItem]) -> Vec<Theirs> {
    let told: BTreeSet<String> = theirs.iter().map(|it| it.reference.clone()).collect();
    let beyond = pending.iter().filter(|item| {
        item.direction == Direction::Out
            && item.outcome != MatchOutcome::OursOnly
            && !told.contains(item.subject.as_str())
    });
    theirs.extend(beyond.map(|item| Theirs {
        reference: item.subject.clone(),
        withdrawal: item.withdrawal,
        out: item.theirs_out,
        back: item.theirs_back,
        at: item.at,
    }));
    theirs
}

impl Reconciliation {
    fn moved_to(self, state: ReconciliationState) -> Self {
        Self { state, version: self.version.saturating_add(1), ..self }
    }
}
