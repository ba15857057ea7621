mod adjusting;
mod answering;
mod disputing;
mod paying;
mod receipts;
mod statements;
mod top_ups;
mod unanswered;

use database::{Connection, DatabaseError};
use event_log::{Actor, Entry, Fact};
use primitives::{AccountId, Ambient, PaymentId};

use ledger::{AccountName, Balance};
use pickups::{PickupError, Pickups, Side};

pub use receipts::Receipt;

use crate::{Payment, PaymentError, store};

/// A transition that loses its row this often meets a crowd; the caller may come back.
const ATTEMPTS: usize = 8;

/// The use cases around money. Each `_in` takes part in the caller's unit of work, which must be undone when it refuses.
#[derive(Clone)]
pub struct Payments {
    ambient: Ambient,
    pub(crate) pickups: Pickups,
}

impl Payments {
    /// Payments by this clock and chance, for these jobs.
    pub const fn new(ambient: Ambient, pickups: Pickups) -> Self {
        Self { ambient, pickups }
    }

    /// A payment of the account's, on whichever side it stands.
    pub fn find_party_in(
        &self,
        conn: &mut Connection,
        account: AccountId,
        id: PaymentId,
    ) -> Result<(Payment, Side), PaymentError> {
        let payment = store::find(conn, id)?.ok_or(PaymentError::NotFound)?;
        if payment.household == account {
            Ok((payment, Side::Household))
        } else if payment.collector_account == account {
            Ok((payment, Side::Collector))
        } else {
            Err(PaymentError::NotFound)
        }
    }

    /// Where the account's wallet stands.
    pub fn wallet_in(
        &self,
        conn: &mut Connection,
        account: AccountId,
    ) -> Result<Balance, DatabaseError> {
        ledger::balance_in(conn, &AccountName::Wallet(account))
    }

    /// The wallet's movements, newest first, from before the given version.
    pub fn wallet_entries_in(
        &self,
        conn: &mut Connection,
        account: AccountId,
        before_version: Option<i64>,
        limit: i64,
    ) -> Result<Vec<ledger::Entry>, DatabaseError> {
        ledger::entries_in(conn, &AccountName::Wallet(account), before_version, limit)
    }

    /// The household's own payment to answer.
    fn own(
        &self,
        conn: &mut Connection,
        household: AccountId,
        id: PaymentId,
    ) -> Result<Payment, PaymentError> {
        match self.find_party_in(conn, household, id)? {
            (payment, Side::Household) => Ok(payment),
            (_, Side::Collector) => Err(PickupError::OtherSide.into()),
        }
    }

    fn append(
        &self,
        conn: &mut Connection,
        actor: Actor,
        payment: &Payment,
        fact: Fact,
    ) -> Result<(), DatabaseError> {
        let region = Some(payment.desa.clone());
        let entry = Entry { actor, region, occurred_at: self.ambient.now(), fact };
        event_log::append_in(conn, &self.ambient, entry)?;
        Ok(())
    }
}
