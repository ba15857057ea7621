use accounts::FreshFactor;
use database::{Connection, DatabaseError};
use event_log::{
    Actor, Fact,
    fact::{TopUpClosed, TopUpHurried},
};
use primitives::{AccountId, TopUpId};

use super::Charges;
use crate::charge::{Charge, ChargeError, Received, store};

impl Charges {
    /// A charge that waits for a person, with what waits in suspense for it.
    pub fn find_escalated_in(
        &self,
        conn: &mut Connection,
        id: TopUpId,
    ) -> Result<(Charge, Vec<Received>), ChargeError> {
        let charge = store::find(conn, id)?.ok_or(ChargeError::NotFound)?;
        let payments = store::suspended_for(conn, id)?;
        Ok((charge, payments))
    }

    /// A checker wants the gateway to be asked at once. Moves nothing by itself, and said again changes nothing.
    pub fn look_up_in(
        &self,
        conn: &mut Connection,
        checker: AccountId,
        id: TopUpId,
    ) -> Result<(), ChargeError> {
        let found = escalated(conn, checker, id)?;
        let (read_version, now) = (found.version, self.ambient.now());
        if found.due_at.is_some_and(|due_at| due_at <= now) {
            return Ok(());
        }
        let Some(hurried) = found.hurried(now) else { return Ok(()) };
        if !store::save(conn, read_version, &hurried)? {
            return Err(DatabaseError::Busy.into());
        }
        let fact = Fact::TopUpHurried(TopUpHurried { top_up: id });
        Ok(self.append(conn, Actor::Account(checker), fact)?)
    }

    /// A checker, who has just shown his second factor, waits for nothing more: what is not paid lapses, and whatever
    /// comes in for it later goes to suspense. Nobody decides about his own money.
    pub fn close_in(
        &self,
        conn: &mut Connection,
        checker: FreshFactor,
        id: TopUpId,
        reason: &str,
    ) -> Result<Charge, ChargeError> {
        reports::stated_reason(reason).map_err(|what| ChargeError::Refused("/reason", what))?;
        let checker = checker.account();
        let found = escalated(conn, checker, id)?;
        let (read_version, now) = (found.version, self.ambient.now());
        let closed = found.closed(now);
        if !store::save(conn, read_version, &closed)? {
            return Err(DatabaseError::Busy.into());
        }
        store::insert_closing(conn, id, (checker, now), reason)?;
        let state = closed.state.name().as_str().to_owned();
        let fact = Fact::TopUpClosed(TopUpClosed { top_up: id, state });
        self.append(conn, Actor::Account(checker), fact)?;
        Ok(closed)
    }
}

/// A charge that waits for a person, and not for its own holder.
fn escalated(
    conn: &mut Connection,
    checker: AccountId,
    id: TopUpId,
) -> Result<Charge, ChargeError> {
    let found = store::find(conn, id)?.ok_or(ChargeError::NotFound)?;
    if found.account == checker {
        return Err(ChargeError::OwnWallet);
    }
    match found.escalated_at {
        Some(_) => Ok(found),
        None => Err(ChargeError::WrongState(found.state.name())),
    }
}
