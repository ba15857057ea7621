use database::{Connection, DatabaseError};
use ledger::{LedgerError, NewJournal};
use primitives::{JournalId, Timestamp, WithdrawalId};

use super::{WORKER, Withdrawals, label};
use crate::{
    gateway::{GatewayName, Payout},
    quarantine::{self, Quarantine},
    rules,
    withdrawal::{
        Accepted, Call, Learnt, Paid, Returned, Withdrawal, WithdrawalError, WithdrawalState,
        WithdrawalStateName, learning::Verdict, store,
    },
};

impl Withdrawals {
    /// The withdrawals that a worker should look at now, those that wait longest first.
    pub fn due_in(
        &self,
        conn: &mut Connection,
        limit: i64,
    ) -> Result<Vec<WithdrawalId>, WithdrawalError> {
        Ok(store::due(conn, self.ambient.now(), limit)?)
    }

    /// Takes the lease on a due withdrawal; nothing when it is not due any more, or at its end.
    ///
    /// What is to be said to the gateway may be said only after this is committed.
    pub fn claim_in(
        &self,
        conn: &mut Connection,
        id: WithdrawalId,
    ) -> Result<Option<(Withdrawal, Call)>, WithdrawalError> {
        let now = self.ambient.now();
        let due = |found: &Withdrawal| found.due_at.is_some_and(|due_at| due_at <= now);
        let Some(found) = store::find(conn, id)?.filter(due) else { return Ok(None) };
        let (read_version, before) = (found.version, found.state.name());
        let quarantine = quarantine::of_in(conn, found.gateway)?;
        if quarantine.is_some_and(|it| is_newer(&found, &it)) {
            store::save(conn, read_version, &found.waits(now))?;
            return Ok(None);
        }
        let claimed = found.claim(now, quarantine.is_some());
        let Some((claimed, call)) = claimed else { return Ok(None) };
        if !store::save(conn, read_version, &claimed)? {
            return Ok(None);
        }
        if claimed.state.name() != before {
            self.progressed(conn, WORKER, &claimed)?;
        }
        Ok(Some((claimed, call)))
    }

    /// Whether a call that moves money may be made at this moment, by whoever claimed the withdrawal.
    pub fn may_send(&self, withdrawal: &Withdrawal) -> bool {
        withdrawal.may_send(self.ambient.now())
    }

    /// Whether nothing may be sent through the gateway: it may know of payouts that we have forgotten.
    pub fn is_quarantined_in(
        &self,
        conn: &mut Connection,
        gateway: GatewayName,
    ) -> Result<bool, WithdrawalError> {
        Ok(quarantine::of_in(conn, gateway)?.is_some())
    }

    /// Acts on what a call taught; says what to ask next, if anything.
    ///
    /// `LeaseLost` when somebody else has claimed the withdrawal since: he will learn the same.
    pub fn learn_in(
        &self,
        conn: &mut Connection,
        claimed: &Withdrawal,
        learnt: &Learnt,
    ) -> Result<Option<(Withdrawal, Call)>, WithdrawalError> {
        let now = self.ambient.now();
        let verdict = match learnt {
            Learnt::Known(Payout { reference, .. }) if is_of_another(conn, claimed, reference)? => {
                Verdict::Escalate
            }
            learnt => claimed.judge(learnt.clone(), now),
        };
        let quarantined = quarantine::of_in(conn, claimed.gateway)?.is_some();
        let verdict = match verdict {
            Verdict::Resend if quarantined => Verdict::Wait,
            verdict => verdict,
        };
        let next = match &verdict {
            _ if quarantined => None,
            Verdict::Resend => Some(Call::Resend),
            Verdict::Accept { held: true, .. } => Some(Call::Approve),
            _ => None,
        };
        let after = self.after(conn, claimed.clone(), verdict, now)?;
        if !store::save(conn, claimed.version, &after)? {
            return Err(WithdrawalError::LeaseLost);
        }
        let told = (claimed.state.name(), claimed.escalated_at.is_some());
        if told != (after.state.name(), after.escalated_at.is_some()) {
            self.progressed(conn, WORKER, &after)?;
        }
        Ok(next.map(|call| (after, call)))
    }

    /// The withdrawal of this id, if it goes through this gateway.
    pub(crate) fn named_in(
        &self,
        conn: &mut Connection,
        gateway: GatewayName,
        id: WithdrawalId,
    ) -> Result<Option<WithdrawalId>, WithdrawalError> {
        let found = store::find(conn, id)?.filter(|it| it.gateway == gateway);
        Ok(found.map(|withdrawal| withdrawal.id))
    }

    /// The withdrawal that the gateway knows by this name of its own.
    pub(crate) fn referred_to_in(
        &self,
        conn: &mut Connection,
        gateway: GatewayName,
        reference: &str,
    ) -> Result<Option<WithdrawalId>, WithdrawalError> {
        let found = store::find_by_reference(conn, gateway, reference)?;
        Ok(found.map(|withdrawal| withdrawal.id))
    }

    /// Makes the withdrawal due at once: somebody says that there is news of it. Moves nothing.
    pub fn hurry_in(
        &self,
        conn: &mut Connection,
        id: WithdrawalId,
    ) -> Result<bool, WithdrawalError> {
        let Some(found) = store::find(conn, id)? else { return Ok(false) };
        let read_version = found.version;
        let Some(hurried) = found.hurried(self.ambient.now()) else { return Ok(false) };
        Ok(store::save(conn, read_version, &hurried)?)
    }

    pub(super) fn after(
        &self,
        conn: &mut Connection,
        claimed: Withdrawal,
        verdict: Verdict,
        now: Timestamp,
    ) -> Result<Withdrawal, WithdrawalError> {
        let sent_at = claimed.state.sent_at().unwrap_or(now);
        let state = match verdict {
            Verdict::Wait => return Ok(claimed.waits(now)),
            Verdict::Escalate => return Ok(claimed.escalated(now)),
            Verdict::Resend => return Ok(claimed.resent(now)),
            Verdict::Doubt => WithdrawalState::InDoubt { sent_at },
            Verdict::Accept { reference, .. } => {
                WithdrawalState::Pending(Accepted { sent_at, reference })
            }
            Verdict::Succeed { reference } => {
                let paid = self.pay(conn, &claimed)?;
                WithdrawalState::Succeeded(Accepted { sent_at, reference }, paid)
            }
            Verdict::Fail { failure, reference } => {
                let returned = self.give_back(conn, &claimed, None)?;
                WithdrawalState::Failed { sent_at, reference, failure, returned }
            }
            Verdict::Reverse { reference } => {
                let paid = match claimed.state.paid() {
                    Some(paid) => paid.clone(),
                    // It arrived and came back before we ever looked: the books tell both.
                    None => self.pay(conn, &claimed)?,
                };
                let returned = self.give_back(conn, &claimed, Some(paid.journal))?;
                WithdrawalState::Reversed(Accepted { sent_at, reference }, paid, returned)
            }
        };
        Ok(claimed.moved_to(state, now))
    }

    /// The money has left the gateway.
    fn pay(&self, conn: &mut Connection, withdrawal: &Withdrawal) -> Result<Paid, WithdrawalError> {
        let gateway = label(withdrawal.gateway)?;
        let lines = rules::withdrawal_paid_lines(gateway, withdrawal.amount)
            .map_err(|_beyond| LedgerError::Malformed("a withdrawal beyond the books"))?;
        let business_key = rules::withdrawal_paid_key(withdrawal.id);
        let new = NewJournal { kind: rules::WITHDRAWAL_PAID, business_key, lines };
        let journal = ledger::post_in(conn, &self.ambient, &new).map_err(lost)?;
        Ok(Paid { at: journal.created_at, journal: journal.id })
    }

    /// The money is ours again: every journal is undone by its mirror, the last one first.
    fn give_back(
        &self,
        conn: &mut Connection,
        withdrawal: &Withdrawal,
        paid: Option<JournalId>,
    ) -> Result<Returned, WithdrawalError> {
        if let Some(paid) = paid {
            ledger::reverse_in(conn, &self.ambient, paid).map_err(lost)?;
        }
        let journal = ledger::reverse_in(conn, &self.ambient, withdrawal.journal).map_err(lost)?;
        Ok(Returned { at: journal.created_at, journal: journal.id })
    }
}

/// One payout cannot be the end of two withdrawals.
pub(super) fn is_of_another(
    conn: &mut Connection,
    withdrawal: &Withdrawal,
    reference: &str,
) -> Result<bool, DatabaseError> {
    let known = store::find_by_reference(conn, withdrawal.gateway, reference)?;
    Ok(known.is_some_and(|known| known.id != withdrawal.id))
}

/// Asked for after the restore, by somebody who has it in his hand: it was never sent, and waits for the end of it.
fn is_newer(withdrawal: &Withdrawal, quarantine: &Quarantine) -> bool {
    withdrawal.state.name() == WithdrawalStateName::Created
        && withdrawal.created_at >= quarantine.begun_at
}

/// On the books already: whoever put it there has the withdrawal by now.
fn lost(error: LedgerError) -> WithdrawalError {
    match error {
        LedgerError::AlreadyPosted { .. } | LedgerError::AlreadyReversed(_) => {
            WithdrawalError::LeaseLost
        }
        other => other.into(),
    }
}
