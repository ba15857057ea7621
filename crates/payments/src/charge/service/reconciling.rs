use database::{Connection, DatabaseError};
use primitives::{AccountId, TopUpId};

use super::Charges;
use crate::{
    ProposalState,
    charge::{Received, SuspenseOutcomeName, store},
    gateway::{GatewayName, Period},
};

impl Charges {
    /// What we learnt of in the period, with whether the gateway has given it back by our books.
    pub(crate) fn received_between_in(
        &self,
        conn: &mut Connection,
        gateway: GatewayName,
        period: Period,
    ) -> Result<Vec<(Received, bool)>, DatabaseError> {
        let received = store::received_between(conn, gateway, period)?;
        let with_return = |payment: Received| {
            let returned = is_returned(conn, &payment)?;
            Ok((payment, returned))
        };
        received.into_iter().map(with_return).collect()
    }

    /// The payment that the gateway knows by this name, if it is on our books.
    pub(crate) fn received_in(
        &self,
        conn: &mut Connection,
        gateway: GatewayName,
        reference: &str,
    ) -> Result<Option<(Received, bool)>, DatabaseError> {
        let Some(payment) = store::find_received(conn, gateway, reference)? else {
            return Ok(None);
        };
        let returned = is_returned(conn, &payment)?;
        Ok(Some((payment, returned)))
    }

    /// Whether the charge is the account's own.
    pub(crate) fn is_of_in(
        &self,
        conn: &mut Connection,
        id: Option<TopUpId>,
        account: AccountId,
    ) -> Result<bool, DatabaseError> {
        let Some(id) = id else { return Ok(false) };
        Ok(store::find(conn, id)?.is_some_and(|charge| charge.account == account))
    }
}

fn is_returned(conn: &mut Connection, payment: &Received) -> Result<bool, DatabaseError> {
    let release = store::release_of(conn, payment.gateway, &payment.reference)?;
    Ok(release.is_some_and(|release| {
        release.outcome.name() == SuspenseOutcomeName::Returned
            && matches!(release.state, ProposalState::Approved { .. })
    }))
}
