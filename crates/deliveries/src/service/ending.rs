use collectors::{Collector, CollectorError};
use database::Connection;
use event_log::{
    Actor, Fact,
    fact::{DeliveryExpired, DeliveryReceived, DeliveryRefused, DeliveryWithdrawn, ReceivedLoad},
};
use ledger::{Journal, LedgerError, NewJournal};
use primitives::{CollectorId, DeliveryId};

use super::Deliveries;
use crate::{
    Delivery, DeliveryError, DeliveryState, Load, Reason, Receipt, Role, Weighed, rules, store,
};

/// The name of the worker in the event log.
const WORKER: &str = "deliveries";

impl Deliveries {
    /// The facility says what its scale says: the goods change hands, and what is missing is on the books.
    /// Said again alike, it changes nothing.
    ///
    /// Until the worker has let it expire, late is better than never.
    pub fn receive_in(
        &self,
        conn: &mut Connection,
        facility: CollectorId,
        id: DeliveryId,
        weighed: &Weighed,
    ) -> Result<Delivery, DeliveryError> {
        let (before, receiver) = self.find_side_in(conn, facility, Role::Facility, id)?;
        let loads = rules::judge_weighed(&before.loads, &weighed.loads)?;
        let same = |known: &Receipt| known.loads == loads && known.scale == weighed.scale;
        if !matches!(before.state, DeliveryState::Announced) {
            return told_again(before, same);
        }
        if !rules::is_verified(&receiver) {
            return Err(CollectorError::NotVerified.into());
        }
        let Some(journal) = self.post(conn, &before, &loads)? else {
            // Another phone of the facility was faster between our look and the books.
            return told_again(store::find(conn, id)?.ok_or(DeliveryError::NotFound)?, same);
        };
        let (at, journal, scale) = (journal.created_at, journal.id, weighed.scale.clone());
        let receipt = Receipt { at, loads, scale, journal };
        let received = before.end(DeliveryState::Received(receipt))?;
        let fact = Fact::DeliveryReceived(received_fact(&received));
        self.end(conn, &receiver, received, fact)
    }

    /// The facility does not take it; the goods stay with the collector. Said again, it changes nothing.
    pub fn refuse_in(
        &self,
        conn: &mut Connection,
        facility: CollectorId,
        id: DeliveryId,
        reason: &Reason,
    ) -> Result<Delivery, DeliveryError> {
        let (before, receiver) = self.find_side_in(conn, facility, Role::Facility, id)?;
        if matches!(before.state, DeliveryState::Refused { .. }) {
            return Ok(before);
        }
        let (at, reason) = (self.ambient.now(), reason.clone());
        let refused = before.end(DeliveryState::Refused { at, reason })?;
        let fact = Fact::DeliveryRefused(DeliveryRefused { delivery: id });
        self.end(conn, &receiver, refused, fact)
    }

    /// The collector does not bring it; the goods stay with him. Said again, it changes nothing.
    pub fn withdraw_in(
        &self,
        conn: &mut Connection,
        collector: CollectorId,
        id: DeliveryId,
    ) -> Result<Delivery, DeliveryError> {
        let (before, bringer) = self.find_side_in(conn, collector, Role::Collector, id)?;
        if matches!(before.state, DeliveryState::Withdrawn { .. }) {
            return Ok(before);
        }
        let withdrawn = before.end(DeliveryState::Withdrawn { at: self.ambient.now() })?;
        let fact = Fact::DeliveryWithdrawn(DeliveryWithdrawn { delivery: id });
        self.end(conn, &bringer, withdrawn, fact)
    }

    /// Ends at most `limit` deliveries that nobody has received for three days; says how many there were.
    pub fn expire_due_in(&self, conn: &mut Connection, limit: i64) -> Result<usize, DeliveryError> {
        let now = self.ambient.now();
        let mut expired: usize = 0;
        for due in store::due(conn, now, limit)? {
            let ended = due.end(DeliveryState::Expired { at: now })?;
            // An answer that came in between is better than an end.
            if store::end(conn, &ended)? {
                let fact = Fact::DeliveryExpired(DeliveryExpired { delivery: ended.id });
                self.append(conn, Actor::Worker(WORKER), &ended, fact)?;
                expired = expired.saturating_add(1);
            }
        }
        Ok(expired)
    }

    /// The journal, or nothing when the delivery is on the books already.
    fn post(
        &self,
        conn: &mut Connection,
        delivery: &Delivery,
        received: &[Load],
    ) -> Result<Option<Journal>, DeliveryError> {
        let lines = rules::receipt_lines(delivery, received);
        let lines = lines.map_err(|what| DeliveryError::field("/lines", what))?;
        let business_key = rules::delivery_key(delivery.id);
        let new = NewJournal { kind: rules::DELIVERY, business_key, lines };
        match ledger::post_in(conn, &self.ambient, &new) {
            Err(LedgerError::AlreadyPosted { .. }) => Ok(None),
            other => Ok(Some(other?)),
        }
    }

    /// Writes how it ended. Somebody else may have ended it since it was read: then the whole unit of work is undone.
    fn end(
        &self,
        conn: &mut Connection,
        by: &Collector,
        after: Delivery,
        fact: Fact,
    ) -> Result<Delivery, DeliveryError> {
        if !store::end(conn, &after)? {
            let now = store::find(conn, after.id)?.ok_or(DeliveryError::NotFound)?;
            return match (&now.state, &after.state) {
                // The same was said by another phone; the receipt alone has figures to compare, and the books did.
                (DeliveryState::Refused { .. }, DeliveryState::Refused { .. })
                | (DeliveryState::Withdrawn { .. }, DeliveryState::Withdrawn { .. }) => Ok(now),
                (ended, _) => Err(DeliveryError::WrongState(ended.name())),
            };
        }
        self.append(conn, Actor::Account(by.account), &after, fact)?;
        Ok(after)
    }
}

/// A receipt that says the same is told again; any other ending is in the way.
fn told_again(known: Delivery, same: impl Fn(&Receipt) -> bool) -> Result<Delivery, DeliveryError> {
    if known.receipt().is_some_and(same) {
        Ok(known)
    } else {
        Err(DeliveryError::WrongState(known.state.name()))
    }
}

fn received_fact(delivery: &Delivery) -> DeliveryReceived {
    let receipt = delivery.receipt();
    let received = receipt.into_iter().flat_map(|receipt| &receipt.loads);
    let loads = delivery.loads.iter().zip(received).map(|(announced, received)| ReceivedLoad {
        material: announced.material.to_string(),
        grams: announced.grams,
        received_grams: received.grams,
    });
    DeliveryReceived {
        delivery: delivery.id,
        collector: delivery.collector,
        facility: delivery.facility,
        loads: loads.collect(),
        journal: receipt.map(|receipt| receipt.journal.to_string()).unwrap_or_default(),
    }
}
