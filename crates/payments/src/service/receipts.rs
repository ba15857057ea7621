use accounts::ShortName;
use database::{Connection, DatabaseError};
use event_log::Link;
use pickups::{Pickup, Weighing};
use primitives::{AccountId, PaymentId, PickupId};

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
    /// Where the event of the settlement stands in the log's chain, once it has its number.
    pub chain: Option<Link>,
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
        issue(conn, pickup, payment)
    }

    /// The receipt of a settled payment, for whoever holds its number.
    pub(crate) fn receipt_of_in(
        &self,
        conn: &mut Connection,
        id: PaymentId,
    ) -> Result<Receipt, PaymentError> {
        let payment = store::find(conn, id)?.ok_or(PaymentError::NotFound)?;
        if payment.settlement().is_none() {
            return Err(PaymentError::NotFound);
        }
        let pickup = self.pickups.find_in(conn, payment.pickup)?;
        issue(conn, pickup, payment)
    }
}

fn issue(conn: &mut Connection, pickup: Pickup, payment: Payment) -> Result<Receipt, PaymentError> {
    let settlement = payment.settlement().cloned().ok_or(PaymentError::NoReceiptYet)?;
    let weighing = pickup.weighing().cloned().ok_or(PaymentError::NoReceiptYet)?;
    let journal = ledger::journal_in(conn, settlement.journal)?;
    let journal_hash = journal.ok_or(DatabaseError::NotFound)?.hash;
    let household = accounts::contact_in(conn, pickup.household)?;
    let household_name = household.and_then(|contact| contact.full_name);
    let chain = event_log::link_of(conn, &payment.id.to_string(), "payment_settled")?;
    Ok(Receipt { pickup, weighing, payment, settlement, journal_hash, chain, household_name })
}
