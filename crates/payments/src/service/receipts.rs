use accounts::ShortName;
use database::{Connection, DatabaseError};
use pickups::{Pickup, Weighing};
use primitives::{AccountId, PickupId};

use super::Payments;
use crate::{Payment, PaymentError, Settlement, store};

/// The proof of a finished deal, for both sides.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// The job, with its weigh-in at the frozen prices.
    pub pickup: Pickup,
    /// What the scale said.
    pub weighing: Weighing,
    /// How it was paid.
    pub payment: Payment,
    /// When, and by which journal.
    pub settlement: Settlement,
    /// The hash of that journal, which covers the journals before it on the same accounts.
    pub journal_hash: String,
    /// What the household is called, if it has said so.
    pub household_name: Option<ShortName>,
}

impl Payments {
    /// The receipt of a paid job of the account's.
    pub fn receipt_in(
        &self,
        conn: &mut Connection,
        account: AccountId,
        id: PickupId,
    ) -> Result<Receipt, PaymentError> {
        let (pickup, _either_side) = self.pickups.find_party_in(conn, account, id)?;
        let payment = store::find_of_pickup(conn, id)?.ok_or(PaymentError::NoReceiptYet)?;
        let settlement = payment.settlement().cloned().ok_or(PaymentError::NoReceiptYet)?;
        let weighing = pickup.weighing().cloned().ok_or(PaymentError::NoReceiptYet)?;
        let journal = ledger::journal_in(conn, settlement.journal)?;
        let journal_hash = journal.ok_or(DatabaseError::NotFound)?.hash;
        let household = accounts::contact_in(conn, pickup.household)?;
        let household_name = household.and_then(|contact| contact.full_name);
        Ok(Receipt { pickup, weighing, payment, settlement, journal_hash, household_name })
    }
}
