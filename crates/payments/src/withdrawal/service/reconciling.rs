use database::{Connection, DatabaseError};
use primitives::{AccountId, WithdrawalId};

use super::{WORKER, Withdrawals};
use crate::{
    gateway::{GatewayName, Period},
    withdrawal::{Withdrawal, WithdrawalError, store},
};

impl Withdrawals {
    /// What was first sent to the gateway in the period.
    pub(crate) fn sent_in(
        &self,
        conn: &mut Connection,
        gateway: GatewayName,
        period: Period,
    ) -> Result<Vec<Withdrawal>, DatabaseError> {
        store::sent_between(conn, gateway, period)
    }

    /// The withdrawal that a payout is about: by the gateway's own name for it, else by ours, unless that one is known
    /// there by another name.
    pub(crate) fn payout_in(
        &self,
        conn: &mut Connection,
        gateway: GatewayName,
        reference: Option<&str>,
        id: Option<WithdrawalId>,
    ) -> Result<Option<Withdrawal>, DatabaseError> {
        if let Some(reference) = reference
            && let Some(known) = store::find_by_reference(conn, gateway, reference)?
        {
            return Ok(Some(known));
        }
        let Some(id) = id else { return Ok(None) };
        let free = |it: &Withdrawal| reference.is_none() || it.state.reference().is_none();
        Ok(store::find(conn, id)?.filter(|it| it.gateway == gateway && free(it)))
    }

    /// Whether the withdrawal is the account's own.
    pub(crate) fn is_of_in(
        &self,
        conn: &mut Connection,
        id: Option<WithdrawalId>,
        account: AccountId,
    ) -> Result<bool, DatabaseError> {
        let Some(id) = id else { return Ok(false) };
        Ok(store::find(conn, id)?.is_some_and(|it| it.account == account))
    }

    /// The gateway's book shows by which name it knows the withdrawal: from now on it is looked up by it, at once.
    /// Moves nothing, and changes nothing where the name is known or the end has come.
    pub(crate) fn identify_in(
        &self,
        conn: &mut Connection,
        id: WithdrawalId,
        reference: &str,
    ) -> Result<(), WithdrawalError> {
        let Some(found) = store::find(conn, id)? else { return Ok(()) };
        let read_version = found.version;
        let Some(identified) = found.identified(reference, self.ambient.now()) else {
            return Ok(());
        };
        if store::save(conn, read_version, &identified)? {
            self.progressed(conn, WORKER, &identified)?;
        }
        Ok(())
    }
}
