use database::Connection;
use diesel::Connection as _;
use event_log::{
    Actor, Fact,
    fact::{PaymentClaimed, PaymentSettled},
};
use ledger::{LedgerError, NewJournal};
use pickups::{Pickup, PickupError, PickupState, Side, Weighing};
use primitives::{AccountId, PickupId};

use super::Payments;
use crate::{Method, Payment, PaymentError, PaymentState, Settlement, deposit, rules, store};

impl Payments {
    /// The collector pays a confirmed job: by wallet at once, in cash as soon as the household agrees.
    ///
    /// Of several tries at once, from whatever phones and under whatever keys, exactly one counts.
    pub fn pay_in(
        &self,
        conn: &mut Connection,
        collector: AccountId,
        id: PickupId,
        method: Method,
    ) -> Result<Payment, PaymentError> {
        let (pickup, side) = self.pickups.find_party_in(conn, collector, id)?;
        if side != Side::Collector {
            return Err(PickupError::OtherSide.into());
        }
        if let Some(known) = store::find_of_pickup(conn, id)? {
            return Err(PaymentError::PaymentExists(known.id));
        }
        let PickupState::Confirmed { weighing, .. } = &pickup.state else {
            return Err(PickupError::WrongState(pickup.state.name()).into());
        };
        match method {
            Method::Cash => self.claim(conn, &pickup, weighing),
            Method::Wallet => self.transfer(conn, &pickup, weighing),
        }
    }

    fn claim(
        &self,
        conn: &mut Connection,
        pickup: &Pickup,
        weighing: &Weighing,
    ) -> Result<Payment, PaymentError> {
        let payment = self.begun(pickup, weighing, Method::Cash);
        insert(conn, &payment)?;
        let fact = Fact::PaymentClaimed(PaymentClaimed {
            payment: payment.id,
            pickup: payment.pickup,
            amount_rupiah: payment.amount,
        });
        self.append(conn, Actor::Account(payment.collector_account), &payment, fact)?;
        Ok(payment)
    }

    fn transfer(
        &self,
        conn: &mut Connection,
        pickup: &Pickup,
        weighing: &Weighing,
    ) -> Result<Payment, PaymentError> {
        let begun = self.begun(pickup, weighing, Method::Wallet);
        let settlement = match self.post(conn, &begun, weighing) {
            // Somebody was faster between our look and the books.
            Err(LedgerError::AlreadyPosted { .. }) => return Err(taken(conn, pickup.id)?),
            other => other?,
        };
        let payment = Payment { version: 1, ..begun.settle(settlement)? };
        insert(conn, &payment)?;
        self.settled(conn, Actor::Account(payment.collector_account), &payment)?;
        Ok(payment)
    }

    fn begun(&self, pickup: &Pickup, weighing: &Weighing, method: Method) -> Payment {
        Payment {
            id: self.ambient.mint(),
            pickup: pickup.id,
            household: pickup.household,
            collector: pickup.collector.id,
            collector_account: pickup.collector.account,
            desa: pickup.desa.clone(),
            method,
            amount: weighing.amount,
            claimed_at: self.ambient.now(),
            state: PaymentState::Pending { flagged_at: None },
            version: 1,
        }
    }

    /// Settles a pending payment, or says `None` when somebody was faster; then nothing is left behind.
    pub(super) fn settle(
        &self,
        conn: &mut Connection,
        by: AccountId,
        pending: &Payment,
    ) -> Result<Option<Payment>, PaymentError> {
        let pickup = self.pickups.find_in(conn, pending.pickup)?;
        let PickupState::Confirmed { weighing, .. } = &pickup.state else { return Ok(None) };
        let outcome = conn.transaction(|savepoint| {
            let settlement = self.post(savepoint, pending, weighing)?;
            let settled = pending.clone().settle(settlement).map_err(|_| Lost::Race)?;
            if !store::save(savepoint, pending.version, &settled)? {
                return Err(Lost::Race);
            }
            Ok(settled)
        });
        match outcome {
            Ok(settled) => {
                self.settled(conn, Actor::Account(by), &settled)?;
                Ok(Some(settled))
            }
            Err(Lost::Race) => Ok(None),
            Err(Lost::Refused(error)) => Err(*error),
        }
    }

    fn post(
        &self,
        conn: &mut Connection,
        payment: &Payment,
        weighing: &Weighing,
    ) -> Result<Settlement, LedgerError> {
        // What was set aside for the job is free the moment it is paid, whichever way.
        deposit::free_in(conn, &self.ambient, payment.pickup)?;
        let lines = rules::settlement_lines(payment, weighing)
            .map_err(|_| LedgerError::Malformed("a weigh-in beyond the books"))?;
        let business_key = rules::settlement_key(payment.pickup);
        let new = NewJournal { kind: rules::SETTLEMENT, business_key, lines };
        let journal = ledger::post_in(conn, &self.ambient, &new)?;
        Ok(Settlement { at: journal.created_at, journal: journal.id })
    }

    /// What follows from the money being where it belongs.
    fn settled(
        &self,
        conn: &mut Connection,
        actor: Actor,
        payment: &Payment,
    ) -> Result<(), PaymentError> {
        let Some(settlement) = payment.settlement() else { return Ok(()) };
        let fact = Fact::PaymentSettled(PaymentSettled {
            payment: payment.id,
            pickup: payment.pickup,
            method: payment.method.as_str().to_owned(),
            amount_rupiah: payment.amount,
            journal: settlement.journal.to_string(),
        });
        self.append(conn, actor.clone(), payment, fact)?;
        self.pickups.mark_paid_in(conn, actor, payment.pickup)?;
        Ok(())
    }
}

fn insert(conn: &mut Connection, payment: &Payment) -> Result<(), PaymentError> {
    if store::insert(conn, payment)? { Ok(()) } else { Err(taken(conn, payment.pickup)?) }
}

/// The refusal that names the payment which was faster.
fn taken(conn: &mut Connection, pickup: PickupId) -> Result<PaymentError, PaymentError> {
    let winner = store::find_of_pickup(conn, pickup)?;
    let winner = winner.ok_or(database::DatabaseError::NotFound)?;
    Ok(PaymentError::PaymentExists(winner.id))
}

/// Why a savepoint was given up.
enum Lost {
    Race,
    Refused(Box<PaymentError>),
}

impl From<LedgerError> for Lost {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::AlreadyPosted { .. } => Self::Race,
            other => Self::Refused(Box::new(other.into())),
        }
    }
}

impl From<database::DatabaseError> for Lost {
    fn from(error: database::DatabaseError) -> Self {
        Self::Refused(Box::new(error.into()))
    }
}

impl From<diesel::result::Error> for Lost {
    fn from(error: diesel::result::Error) -> Self {
        database::DatabaseError::from(error).into()
    }
}
