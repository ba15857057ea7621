use database::{Connection, DatabaseError};
use event_log::Actor;
use http_kit::Fields;
use primitives::{AccountId, Timestamp, WithdrawalId};

use super::{Withdrawals, settling::is_of_another};
use crate::withdrawal::{
    DecidedOutcome, Decision, Failure, Withdrawal, WithdrawalError, decision::check_reference,
    learning::Verdict, store,
};

impl Withdrawals {
    /// Withdrawals that wait for a person, those that wait longest first, after the given place in the list.
    pub fn page_escalated_in(
        &self,
        conn: &mut Connection,
        after: Option<(Timestamp, WithdrawalId)>,
        limit: i64,
    ) -> Result<Vec<Withdrawal>, WithdrawalError> {
        Ok(store::page_escalated(conn, after, limit)?)
    }

    /// A checker, who has just shown his second factor, ends a withdrawal that waits for a person. Nobody decides about
    /// his own money.
    pub fn decide_in(
        &self,
        conn: &mut Connection,
        checker: AccountId,
        id: WithdrawalId,
        decision: &Decision,
    ) -> Result<Withdrawal, WithdrawalError> {
        let found = store::find(conn, id)?.ok_or(WithdrawalError::NotFound)?;
        if found.account == checker {
            return Err(WithdrawalError::OwnWallet);
        }
        if found.escalated_at.is_none() || !found.state.name().is_open() {
            return Err(WithdrawalError::WrongState(found.state.name()));
        }
        let verdict = verdict(conn, &found, decision)?;
        let (read_version, now) = (found.version, self.ambient.now());
        let decided = self.after(conn, found, verdict, now)?;
        if !store::save(conn, read_version, &decided)? {
            return Err(DatabaseError::Busy.into());
        }
        store::insert_decision(conn, id, checker, decision, now)?;
        self.progressed(conn, Actor::Account(checker), &decided)?;
        Ok(decided)
    }
}

fn verdict(
    conn: &mut Connection,
    found: &Withdrawal,
    decision: &Decision,
) -> Result<Verdict, WithdrawalError> {
    let mut fields = Fields::default();
    fields.check("/reason", reports::stated_reason(&decision.reason));
    if let Some(reference) = &decision.reference {
        fields.check("/reference", check_reference(reference));
        if is_of_another(conn, found, reference)? {
            fields.refuse("/reference", "reference_taken");
        }
    }
    // What the gateway told us counts for more than what somebody has typed.
    let known = found.state.reference().map(str::to_owned);
    let reference = known.or_else(|| decision.reference.clone());
    let verdict = match (decision.outcome, reference) {
        (DecidedOutcome::NeverLeft, reference) => {
            Some(Verdict::Fail { failure: Failure::GatewayRefused, reference })
        }
        (DecidedOutcome::Arrived, Some(reference)) => Some(Verdict::Succeed { reference }),
        (DecidedOutcome::Arrived, None) => None,
    };
    if verdict.is_none() {
        fields.refuse("/reference", "required");
    }
    match verdict {
        Some(verdict) if fields.is_empty() => Ok(verdict),
        _ => Err(WithdrawalError::Refused(fields.into_problems())),
    }
}
