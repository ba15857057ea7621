mod deciding;
mod reconciling;
mod settling;

use std::sync::Arc;

use accounts::ShortName;
use database::{Connection, DatabaseError};
use event_log::{
    Actor, Entry, Fact,
    fact::{WithdrawalProgressed, WithdrawalRequested},
};
use http_kit::Fields;
use ledger::{Label, NewJournal};
use primitives::{AccountId, Ambient, Rupiah, Timestamp, WithdrawalId};

use super::{
    AccountNumber, Allowance, Channel, Destination, Terms, Withdrawal, WithdrawalError,
    WithdrawalState, store, terms::day_start,
};
use crate::{gateway::GatewayName, rules};

/// The name of the worker in the event log.
const WORKER: Actor = Actor::Worker("withdrawals");

/// Money that somebody wants out of his wallet, as he said it.
#[derive(Debug, Clone)]
pub struct NewWithdrawal {
    /// What is to arrive.
    pub amount: Rupiah,
    /// Through which bank or electronic wallet.
    pub channel: Channel,
    /// Whose account there.
    pub account_number: String,
    /// What the holder is called there.
    pub account_holder: String,
}

/// The use cases around withdrawals. Each `_in` takes part in the caller's unit of work, which must be undone when it refuses.
#[derive(Clone)]
pub struct Withdrawals {
    ambient: Ambient,
    terms: Terms,
    routes: Arc<[(Channel, GatewayName)]>,
}

impl Withdrawals {
    /// Withdrawals by this clock and chance, under these terms, each channel through the gateway that serves it.
    pub fn new(ambient: Ambient, terms: Terms, routes: Vec<(Channel, GatewayName)>) -> Self {
        Self { ambient, terms, routes: routes.into() }
    }

    /// The conditions of this installation.
    pub const fn terms(&self) -> &Terms {
        &self.terms
    }

    /// The channels that are served here.
    pub fn channels(&self) -> impl Iterator<Item = Channel> {
        self.routes.iter().map(|(channel, _gateway)| *channel)
    }

    /// Takes the money out of the wallet and leaves it to a worker to send it.
    ///
    /// Of several tries at once, from whatever phones and under whatever keys, one counts.
    pub fn request_in(
        &self,
        conn: &mut Connection,
        account: AccountId,
        new: &NewWithdrawal,
    ) -> Result<Withdrawal, WithdrawalError> {
        let destination = self.check(new)?;
        let gateway = self.gateway_of(new.channel)?;
        if let Some(open) = store::find_open(conn, account)? {
            return Err(WithdrawalError::UnderWay(open.id));
        }
        let withdrawal = self.taken(conn, account, gateway, new.amount, destination)?;
        if !store::insert(conn, &withdrawal)? {
            let winner = store::find_open(conn, account)?.ok_or(DatabaseError::Busy)?;
            return Err(WithdrawalError::UnderWay(winner.id));
        }
        // Whoever withdraws from this wallet waits for us by now: the sum cannot grow behind our back.
        let allowance = self.allowance_in(conn, account)?;
        if allowance.used_today > allowance.daily_limit {
            let used = allowance.used_today.get().saturating_sub(withdrawal.amount.get());
            let before = Allowance { used_today: Rupiah::new(used), ..allowance };
            return Err(WithdrawalError::LimitExceeded(before.remaining()));
        }
        self.requested(conn, &withdrawal)?;
        Ok(withdrawal)
    }

    /// What the account may still withdraw today.
    pub fn allowance_in(
        &self,
        conn: &mut Connection,
        account: AccountId,
    ) -> Result<Allowance, WithdrawalError> {
        let now = self.ambient.now();
        let holder = accounts::contact_in(conn, account)?.ok_or(WithdrawalError::NotFound)?;
        Ok(Allowance {
            daily_limit: self.terms.daily_limit(holder.since, now),
            used_today: store::taken_since(conn, account, day_start(now))?,
        })
    }

    /// A withdrawal of the account's own.
    pub fn find_owned_in(
        &self,
        conn: &mut Connection,
        account: AccountId,
        id: WithdrawalId,
    ) -> Result<Withdrawal, WithdrawalError> {
        let found = store::find(conn, id)?.filter(|withdrawal| withdrawal.account == account);
        found.ok_or(WithdrawalError::NotFound)
    }

    /// The account's own withdrawals, newest first, after the given place in the list.
    pub fn page_owned_in(
        &self,
        conn: &mut Connection,
        account: AccountId,
        after: Option<(Timestamp, WithdrawalId)>,
        limit: i64,
    ) -> Result<Vec<Withdrawal>, WithdrawalError> {
        Ok(store::page_owned(conn, account, after, limit)?)
    }

    fn check(&self, new: &NewWithdrawal) -> Result<Destination, WithdrawalError> {
        let mut fields = Fields::default();
        fields.check("/amount_rupiah", self.terms.check_amount(new.amount));
        let number = AccountNumber::parse(new.channel, &new.account_number);
        let number = fields.check("/account_number", number);
        let holder = fields.check("/account_holder", ShortName::parse(&new.account_holder));
        match (number, holder) {
            (Some(number), Some(holder)) if fields.is_empty() => {
                Ok(Destination { channel: new.channel, number, holder })
            }
            _ => Err(WithdrawalError::Refused(fields.into_problems())),
        }
    }

    fn gateway_of(&self, channel: Channel) -> Result<GatewayName, WithdrawalError> {
        let route = self.routes.iter().find(|(served, _)| *served == channel);
        route.map(|(_, gateway)| *gateway).ok_or(WithdrawalError::ChannelUnavailable)
    }

    fn taken(
        &self,
        conn: &mut Connection,
        account: AccountId,
        gateway: GatewayName,
        amount: Rupiah,
        destination: Destination,
    ) -> Result<Withdrawal, WithdrawalError> {
        let id: WithdrawalId = self.ambient.mint();
        let fee = self.terms.fee;
        let lines = rules::withdrawal_lines(account, label(gateway)?, amount, fee)
            .map_err(|_beyond| DatabaseError::corrupt("withdrawal", id, "beyond the books"))?;
        let (kind, business_key) = (rules::WITHDRAWAL, rules::withdrawal_key(id));
        let journal =
            ledger::post_in(conn, &self.ambient, &NewJournal { kind, business_key, lines })?;
        Ok(Withdrawal {
            id,
            account,
            gateway,
            destination,
            amount,
            fee,
            journal: journal.id,
            created_at: journal.created_at,
            due_at: Some(journal.created_at),
            escalated_at: None,
            state: WithdrawalState::Created,
            version: 1,
        })
    }

    fn requested(
        &self,
        conn: &mut Connection,
        withdrawal: &Withdrawal,
    ) -> Result<(), DatabaseError> {
        let fact = Fact::WithdrawalRequested(WithdrawalRequested {
            withdrawal: withdrawal.id,
            account: withdrawal.account,
            channel: withdrawal.destination.channel.as_str().to_owned(),
            amount_rupiah: withdrawal.amount,
            fee_rupiah: withdrawal.fee,
            journal: withdrawal.journal.to_string(),
        });
        self.append(conn, Actor::Account(withdrawal.account), fact)
    }

    /// Tells the log where the withdrawal stands from now on.
    fn progressed(
        &self,
        conn: &mut Connection,
        actor: Actor,
        withdrawal: &Withdrawal,
    ) -> Result<(), DatabaseError> {
        let state = &withdrawal.state;
        let journal = match (state.returned(), state.paid()) {
            (Some(returned), _) => Some(returned.journal),
            (None, paid) => paid.map(|paid| paid.journal),
        };
        let fact = Fact::WithdrawalProgressed(WithdrawalProgressed {
            withdrawal: withdrawal.id,
            state: state.name().as_str().to_owned(),
            escalated: withdrawal.escalated_at.is_some(),
            journal: journal.map(|journal| journal.to_string()),
        });
        self.append(conn, actor, fact)
    }

    fn append(&self, conn: &mut Connection, actor: Actor, fact: Fact) -> Result<(), DatabaseError> {
        let entry = Entry { actor, region: None, occurred_at: self.ambient.now(), fact };
        event_log::append_in(conn, &self.ambient, entry)?;
        Ok(())
    }
}

/// The gateway's part of an account's name.
pub(crate) fn label(gateway: GatewayName) -> Result<Label, DatabaseError> {
    let word = gateway.as_str();
    Label::parse(word).map_err(|what| DatabaseError::corrupt("withdrawal", word, what))
}
