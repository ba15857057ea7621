//! The worker: claims what is due, asks the gateway outside of any transaction, and writes down what it heard.

use database::{Database, UnitError as _};
use futures_util::{StreamExt as _, stream};
use primitives::WithdrawalId;

use super::{Call, Learnt, Withdrawal, WithdrawalError, Withdrawals};
use crate::gateway::Gateways;

/// Withdrawals asked about at the same time.
const AT_ONCE: usize = 8;
/// Questions about one withdrawal under one lease: look up, send, approve.
const QUESTIONS: usize = 3;

/// Brings withdrawals to gateways. Any number of processes may run one.
#[derive(Clone)]
pub struct Dispatcher {
    database: Database,
    withdrawals: Withdrawals,
    gateways: Gateways,
}

impl Dispatcher {
    /// A worker between this database and these gateways.
    pub const fn new(database: Database, withdrawals: Withdrawals, gateways: Gateways) -> Self {
        Self { database, withdrawals, gateways }
    }

    /// Looks at no more than `limit` due withdrawals and says how many there were.
    pub async fn step(&self, limit: i64) -> Result<usize, WithdrawalError> {
        if self.gateways.is_empty() {
            return Ok(0);
        }
        let withdrawals = self.withdrawals.clone();
        let due = self.database.read(move |conn| withdrawals.due_in(conn, limit)).await?;
        let count = due.len();
        let advanced = stream::iter(due).map(|id| self.advance(id)).buffer_unordered(AT_ONCE);
        let outcomes: Vec<Result<(), WithdrawalError>> = advanced.collect().await;
        outcomes.into_iter().collect::<Result<(), _>>()?;
        Ok(count)
    }

    async fn advance(&self, id: WithdrawalId) -> Result<(), WithdrawalError> {
        let mut next = self.claim(id).await?;
        for _question in 0..QUESTIONS {
            let Some((withdrawal, call)) = next else { return Ok(()) };
            let learnt = self.ask(&withdrawal, call).await;
            next = self.learn(withdrawal, learnt).await?;
        }
        Ok(())
    }

    /// Takes the lease; committed before anything is said to a gateway.
    pub(crate) async fn claim(
        &self,
        id: WithdrawalId,
    ) -> Result<Option<(Withdrawal, Call)>, WithdrawalError> {
        let withdrawals = self.withdrawals.clone();
        self.database.write(move |conn| withdrawals.claim_in(conn, id)).await
    }

    /// Asks the gateway.
    pub(crate) async fn ask(&self, withdrawal: &Withdrawal, call: Call) -> Learnt {
        let Some(gateway) = self.gateways.iter().find(|it| it.name() == withdrawal.gateway) else {
            // Taken out of the configuration: its withdrawals wait until it is back, or a person comes.
            return Learnt::Nothing;
        };
        let quarantined = self.is_quarantined(withdrawal).await;
        match call {
            // To look it up, this gateway would have to be asked for it again.
            Call::Find
                if quarantined && is_nameless(withdrawal) && !gateway.finds_by_our_name() =>
            {
                Learnt::Nothing
            }
            Call::Find => gateway.find(withdrawal).await,
            // The last look before money moves: a restore may have been noticed since the lease was taken.
            _ if quarantined => Learnt::Nothing,
            Call::Approve => gateway.approve(withdrawal).await,
            // The lease may have been slept away since it was taken.
            Call::Create | Call::Resend if !self.withdrawals.may_send(withdrawal) => {
                Learnt::Nothing
            }
            Call::Create => gateway.create(withdrawal).await,
            Call::Resend => match gateway.create(withdrawal).await {
                // An earlier call may have been booked all the same.
                Learnt::Refused(_) => Learnt::Nothing,
                learnt => learnt,
            },
        }
    }

    /// Who cannot be asked is taken for quarantined: nothing is sent on a guess.
    async fn is_quarantined(&self, withdrawal: &Withdrawal) -> bool {
        let (withdrawals, gateway) = (self.withdrawals.clone(), withdrawal.gateway);
        let asked = self.database.read(move |conn| withdrawals.is_quarantined_in(conn, gateway));
        asked.await.unwrap_or(true)
    }

    /// Writes down what was heard; says what to ask next.
    pub(crate) async fn learn(
        &self,
        claimed: Withdrawal,
        learnt: Learnt,
    ) -> Result<Option<(Withdrawal, Call)>, WithdrawalError> {
        let withdrawals = self.withdrawals.clone();
        let learn =
            self.database.write(move |conn| withdrawals.learn_in(conn, &claimed, &learnt)).await;
        match learn {
            // Somebody else has it by now, and hears the same.
            Err(WithdrawalError::LeaseLost) => Ok(None),
            Err(error) if error.database().is_none() => {
                tracing::error!(%error, "a withdrawal cannot be brought forward");
                Ok(None)
            }
            other => other,
        }
    }
}

/// The gateway's own name for it is not known to us.
fn is_nameless(withdrawal: &Withdrawal) -> bool {
    withdrawal.state.reference().is_none()
}
