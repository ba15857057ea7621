use database::{Connection, DatabaseError};
use event_log::{Actor, Fact, fact::PaymentDenied};
use primitives::{AccountId, PaymentId};

use super::{ATTEMPTS, Payments};
use crate::{Closing, Opener, Payment, PaymentError, PaymentState, PaymentStateName, store};

impl Payments {
    /// The household says that the cash arrived; said again, it changes nothing.
    pub fn confirm_in(
        &self,
        conn: &mut Connection,
        household: AccountId,
        id: PaymentId,
    ) -> Result<Payment, PaymentError> {
        for _ in 0..ATTEMPTS {
            let payment = self.own(conn, household, id)?;
            match payment.state {
                PaymentState::Settled(_) => return Ok(payment),
                PaymentState::Failed { .. } => {
                    return Err(PaymentError::WrongState(PaymentStateName::Failed));
                }
                PaymentState::Pending { .. } => {
                    if let Some(settled) = self.settle(conn, household, &payment)? {
                        self.answered(conn, id)?;
                        return Ok(settled);
                    }
                }
            }
        }
        Err(DatabaseError::Busy.into())
    }

    /// The household says that nothing arrived; said again, it changes nothing. The collector may pay again, or object.
    pub fn deny_in(
        &self,
        conn: &mut Connection,
        household: AccountId,
        id: PaymentId,
    ) -> Result<Payment, PaymentError> {
        for _ in 0..ATTEMPTS {
            let payment = self.own(conn, household, id)?;
            if payment.state.name() == PaymentStateName::Failed {
                return Ok(payment);
            }
            if objected(conn, id)? {
                return Ok(payment);
            }
            let version = payment.version;
            let denied = payment.deny(self.ambient.now())?;
            if store::save(conn, version, &denied)? {
                self.answered(conn, id)?;
                let (payment, pickup) = (denied.id, denied.pickup);
                let fact = Fact::PaymentDenied(PaymentDenied { payment, pickup });
                self.append(conn, Actor::Account(household), &denied, fact)?;
                return Ok(denied);
            }
        }
        Err(DatabaseError::Busy.into())
    }

    /// Her own word ends whatever was disputed until then.
    fn answered(&self, conn: &mut Connection, id: PaymentId) -> Result<(), DatabaseError> {
        store::close_dispute(conn, id, &Closing::Answered { at: self.ambient.now() })
    }
}

/// The collector has objected to her denial: her word is known, and staff decide.
fn objected(conn: &mut Connection, id: PaymentId) -> Result<bool, DatabaseError> {
    let disputes = store::disputes_of(conn, id)?;
    let open = disputes.iter().find(|dispute| dispute.closing.is_none());
    Ok(open.is_some_and(|open| open.opened_by == Opener::Collector))
}
