mod closing;
mod reconciling;
mod releasing;
mod settling;

use std::sync::Arc;

use database::{Connection, DatabaseError};
use event_log::{
    Actor, Entry, Fact,
    fact::{TopUpProgressed, TopUpRequested},
};
use primitives::{AccountId, Ambient, Rupiah, Timestamp, TopUpId};

use super::{Charge, ChargeError, ChargeState, PayInChannel, Received, store};
use crate::gateway::GatewayName;

/// The name of the worker in the event log.
const WORKER: Actor = Actor::Worker("top_ups");

/// Money that somebody wants to bring into his wallet.
#[derive(Debug, Clone, Copy)]
pub struct NewCharge {
    /// How much.
    pub amount: Rupiah,
    /// By which bank, or by QRIS.
    pub channel: PayInChannel,
}

/// The use cases around charges. Each `_in` takes part in the caller's unit of work, which must be undone when it refuses.
#[derive(Clone)]
pub struct Charges {
    ambient: Ambient,
    routes: Arc<[(PayInChannel, GatewayName)]>,
}

impl Charges {
    /// Charges by this clock and chance, each channel through the gateway that serves it.
    pub fn new(ambient: Ambient, routes: Vec<(PayInChannel, GatewayName)>) -> Self {
        Self { ambient, routes: routes.into() }
    }

    /// The channels through which money can come in here.
    pub fn channels(&self) -> impl Iterator<Item = PayInChannel> {
        self.routes.iter().map(|(channel, _gateway)| *channel)
    }

    /// Notes the wish and leaves it to a worker to ask the gateway how it can be paid.
    ///
    /// Of several tries at once on one channel, from whatever phones and under whatever keys, one counts.
    pub fn request_in(
        &self,
        conn: &mut Connection,
        account: AccountId,
        new: NewCharge,
    ) -> Result<Charge, ChargeError> {
        let NewCharge { amount, channel } = new;
        channel
            .check_amount(amount)
            .map_err(|what| ChargeError::Refused("/amount_rupiah", what))?;
        let route = self.routes.iter().find(|(served, _)| *served == channel);
        let (_, gateway) = route.ok_or(ChargeError::ChannelUnavailable)?;
        if let Some(open) = store::find_open(conn, account, channel)? {
            return Err(ChargeError::UnderWay(open.id));
        }
        let charge = self.begun(account, *gateway, new);
        if !store::insert(conn, &charge)? {
            let winner = store::find_open(conn, account, channel)?.ok_or(DatabaseError::Busy)?;
            return Err(ChargeError::UnderWay(winner.id));
        }
        let fact = Fact::TopUpRequested(TopUpRequested {
            top_up: charge.id,
            account,
            channel: channel.as_str().to_owned(),
            amount_rupiah: amount,
        });
        self.append(conn, Actor::Account(account), fact)?;
        Ok(charge)
    }

    fn begun(&self, account: AccountId, gateway: GatewayName, new: NewCharge) -> Charge {
        let NewCharge { amount, channel } = new;
        let now = self.ambient.now();
        Charge {
            id: self.ambient.mint(),
            account,
            gateway,
            channel,
            amount,
            created_at: now,
            expires_at: now.plus(channel.lifetime()),
            due_at: Some(now),
            escalated_at: None,
            state: ChargeState::Created,
            version: 1,
        }
    }

    /// A charge of the account's own.
    pub fn find_owned_in(
        &self,
        conn: &mut Connection,
        account: AccountId,
        id: TopUpId,
    ) -> Result<Charge, ChargeError> {
        let found = store::find(conn, id)?.filter(|charge| charge.account == account);
        found.ok_or(ChargeError::NotFound)
    }

    /// The account's own charges, newest first, after the given place in the list.
    pub fn page_owned_in(
        &self,
        conn: &mut Connection,
        account: AccountId,
        after: Option<(Timestamp, TopUpId)>,
        limit: i64,
    ) -> Result<Vec<Charge>, ChargeError> {
        Ok(store::page_owned(conn, account, after, limit)?)
    }

    /// Charges that wait for a person with what waits in suspense for them, those that wait longest first, after the given place.
    pub fn page_escalated_in(
        &self,
        conn: &mut Connection,
        after: Option<(Timestamp, TopUpId)>,
        limit: i64,
    ) -> Result<Vec<(Charge, Vec<Received>)>, ChargeError> {
        let charges = store::page_escalated(conn, after, limit)?;
        let with_payments = |charge: Charge| {
            let payments = store::suspended_for(conn, charge.id)?;
            Ok((charge, payments))
        };
        charges.into_iter().map(with_payments).collect()
    }

    /// Tells the log where the charge stands from now on.
    fn progressed(&self, conn: &mut Connection, charge: &Charge) -> Result<(), DatabaseError> {
        let fact = Fact::TopUpProgressed(TopUpProgressed {
            top_up: charge.id,
            state: charge.state.name().as_str().to_owned(),
            escalated: charge.escalated_at.is_some(),
        });
        self.append(conn, WORKER, fact)
    }

    fn append(&self, conn: &mut Connection, actor: Actor, fact: Fact) -> Result<(), DatabaseError> {
        let entry = Entry { actor, region: None, occurred_at: self.ambient.now(), fact };
        event_log::append_in(conn, &self.ambient, entry)?;
        Ok(())
    }
}
