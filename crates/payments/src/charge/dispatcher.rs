//! The worker: claims what is due, asks the gateway outside of any transaction, and writes down what it heard.

use database::{Database, UnitError as _};
use futures_util::{StreamExt as _, stream};
use primitives::TopUpId;

use super::{Charge, ChargeError, Charges, Heard, Question};
use crate::gateway::Gateways;

/// Charges asked about at the same time.
const AT_ONCE: usize = 8;

/// Brings charges to gateways, and their payments home. Any number of processes may run one.
#[derive(Clone)]
pub struct ChargeDispatcher {
    database: Database,
    charges: Charges,
    gateways: Gateways,
}

impl ChargeDispatcher {
    /// A worker between this database and these gateways.
    pub const fn new(database: Database, charges: Charges, gateways: Gateways) -> Self {
        Self { database, charges, gateways }
    }

    /// Looks at no more than `limit` due charges and says how many there were.
    pub async fn step(&self, limit: i64) -> Result<usize, ChargeError> {
        if self.gateways.is_empty() {
            return Ok(0);
        }
        let charges = self.charges.clone();
        let due = self.database.read(move |conn| charges.due_in(conn, limit)).await?;
        let count = due.len();
        let advanced = stream::iter(due).map(|id| self.advance(id)).buffer_unordered(AT_ONCE);
        let outcomes: Vec<Result<(), ChargeError>> = advanced.collect().await;
        outcomes.into_iter().collect::<Result<(), _>>()?;
        Ok(count)
    }

    async fn advance(&self, id: TopUpId) -> Result<(), ChargeError> {
        let Some((charge, question)) = self.claim(id).await? else { return Ok(()) };
        let heard = self.ask(&charge, question).await;
        self.learn(charge, heard).await
    }

    /// Takes the lease; committed before anything is said to a gateway.
    pub(crate) async fn claim(
        &self,
        id: TopUpId,
    ) -> Result<Option<(Charge, Question)>, ChargeError> {
        let charges = self.charges.clone();
        self.database.write(move |conn| charges.claim_in(conn, id)).await
    }

    /// Asks the gateway.
    pub(crate) async fn ask(&self, charge: &Charge, question: Question) -> Heard {
        let Some(gateway) = self.gateways.iter().find(|it| it.name() == charge.gateway) else {
            // Taken out of the configuration: its charges wait until it is back, or their time is over.
            return Heard::Nothing;
        };
        match question {
            Question::Create => gateway.create_charge(charge).await,
            Question::Find => gateway.find_charge(charge).await,
        }
    }

    /// Writes down what was heard.
    pub(crate) async fn learn(&self, claimed: Charge, heard: Heard) -> Result<(), ChargeError> {
        let charges = self.charges.clone();
        let learn = self.database.write(move |conn| charges.learn_in(conn, &claimed, &heard)).await;
        match learn {
            // Somebody else has it by now, and hears the same.
            Ok(_) | Err(ChargeError::LeaseLost) => Ok(()),
            Err(error) if error.database().is_none() => {
                tracing::error!(%error, "a top-up cannot be brought forward");
                Ok(())
            }
            Err(error) => Err(error),
        }
    }
}
