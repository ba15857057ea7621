use database::{Connection, DatabaseError};
use event_log::{
    Fact,
    fact::{TopUpSuspended, ToppedUp},
};
use ledger::{Journal, LedgerError, Line, NewJournal};
use primitives::{Invalid, TopUpId};

use super::{Charges, WORKER};
use crate::{
    charge::{
        Charge, ChargeError, Credited, Heard, Incoming, Place, Question, Received, Told, store,
    },
    gateway::GatewayName,
    rules,
};

impl Charges {
    /// The charges that a worker should look at now, those that wait longest first.
    pub fn due_in(&self, conn: &mut Connection, limit: i64) -> Result<Vec<TopUpId>, ChargeError> {
        Ok(store::due(conn, self.ambient.now(), limit)?)
    }

    /// Takes the lease on a due charge; nothing when it is not due any more.
    ///
    /// The gateway may be asked only after this is committed.
    pub fn claim_in(
        &self,
        conn: &mut Connection,
        id: TopUpId,
    ) -> Result<Option<(Charge, Question)>, ChargeError> {
        let now = self.ambient.now();
        let due = |found: &Charge| found.due_at.is_some_and(|due_at| due_at <= now);
        let Some(found) = store::find(conn, id)?.filter(due) else { return Ok(None) };
        let read_version = found.version;
        let (claimed, question) = found.claim(now);
        Ok(store::save(conn, read_version, &claimed)?.then_some((claimed, question)))
    }

    /// Acts on what a look taught: payments go to their places, and the charge to its state, in one unit of work.
    ///
    /// `LeaseLost` when somebody else has claimed the charge since: he will learn the same.
    pub fn learn_in(
        &self,
        conn: &mut Connection,
        claimed: &Charge,
        heard: &Heard,
    ) -> Result<Charge, ChargeError> {
        let now = self.ambient.now();
        let mut strange = claimed.is_strange(heard, now);
        let mut credited = None;
        if let Heard::Known(told) = heard {
            if self.is_of_others(conn, claimed, told)? {
                return self.keep(conn, claimed, claimed.clone().escalated(now).waits(now));
            }
            for (payment, place) in claimed.places(told, news_of(conn, claimed, told)?) {
                let received = self.place(conn, claimed, &payment, place)?;
                match place {
                    Place::Wallet => credited = Some((told, credit_of(&received))),
                    Place::Suspense => strange = true,
                }
            }
        }
        let after = match credited {
            Some((told, credited)) => claimed.clone().paid(told, credited, now),
            None => claimed.clone().after(claimed.judge(heard, now), now),
        };
        self.keep(conn, claimed, if strange { after.escalated(now) } else { after })
    }

    /// The charge of this id, if it goes through this gateway.
    pub(crate) fn named_in(
        &self,
        conn: &mut Connection,
        gateway: GatewayName,
        id: TopUpId,
    ) -> Result<Option<TopUpId>, DatabaseError> {
        let found = store::find(conn, id)?.filter(|charge| charge.gateway == gateway);
        Ok(found.map(|charge| charge.id))
    }

    /// Makes the charge due at once: somebody says that there is news of it. Moves nothing.
    pub fn hurry_in(&self, conn: &mut Connection, id: TopUpId) -> Result<bool, DatabaseError> {
        let Some(found) = store::find(conn, id)? else { return Ok(false) };
        let read_version = found.version;
        let Some(hurried) = found.hurried(self.ambient.now()) else { return Ok(false) };
        store::save(conn, read_version, &hurried)
    }

    /// Writes the charge over the version that was claimed, and tells the log what is new.
    fn keep(
        &self,
        conn: &mut Connection,
        claimed: &Charge,
        after: Charge,
    ) -> Result<Charge, ChargeError> {
        if !store::save(conn, claimed.version, &after)? {
            return Err(ChargeError::LeaseLost);
        }
        let told = |charge: &Charge| (charge.state.name(), charge.escalated_at.is_some());
        if told(claimed) != told(&after) {
            self.progressed(conn, &after)?;
        }
        Ok(after)
    }

    /// One name at the gateway, and one payment there, cannot belong to two charges.
    fn is_of_others(
        &self,
        conn: &mut Connection,
        claimed: &Charge,
        told: &Told,
    ) -> Result<bool, ChargeError> {
        let known = store::find_by_reference(conn, claimed.gateway, &told.reference)?;
        if !claimed.is_meant(told) || known.is_some_and(|known| known.id != claimed.id) {
            return Ok(true);
        }
        for payment in &told.payments {
            let known = store::find_received(conn, claimed.gateway, &payment.reference)?;
            if known.is_some_and(|known| known.charge != claimed.id) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The gateway's money reaches us, and goes on to its place.
    fn place(
        &self,
        conn: &mut Connection,
        charge: &Charge,
        payment: &Incoming,
        place: Place,
    ) -> Result<Received, ChargeError> {
        let (gateway, amount) = (charge.gateway.as_str(), payment.amount);
        let name = format!("{gateway}:{}", payment.reference);
        let lines = rules::received_lines(gateway, amount);
        let received = self.post(conn, rules::RECEIVED, &name, lines)?;
        let placed = match place {
            Place::Wallet => {
                let lines = rules::credited_lines(gateway, charge.account, amount);
                self.post(conn, rules::CREDITED, &charge.id.to_string(), lines)?
            }
            Place::Suspense => {
                let lines = rules::suspended_lines(gateway, amount);
                self.post(conn, rules::SUSPENDED, &name, lines)?
            }
        };
        let received = Received {
            gateway: charge.gateway,
            reference: payment.reference.clone(),
            charge: charge.id,
            amount,
            place,
            received: received.id,
            placed: placed.id,
            created_at: placed.created_at,
        };
        store::insert_received(conn, &received)?;
        self.append(conn, WORKER, fact_of(charge, &received))?;
        Ok(received)
    }

    fn post(
        &self,
        conn: &mut Connection,
        kind: &'static str,
        name: &str,
        lines: Result<Vec<Line>, Invalid>,
    ) -> Result<Journal, ChargeError> {
        let beyond = |_beyond| LedgerError::Malformed("a payment beyond the books");
        let new = NewJournal {
            kind,
            business_key: format!("{kind}:{name}"),
            lines: lines.map_err(beyond)?,
        };
        ledger::post_in(conn, &self.ambient, &new).map_err(lost)
    }
}

/// What the gateway lists and the books do not.
fn news_of(
    conn: &mut Connection,
    charge: &Charge,
    told: &Told,
) -> Result<Vec<Incoming>, DatabaseError> {
    let mut news: Vec<Incoming> = Vec::new();
    for payment in &told.payments {
        let listed = news.iter().any(|it| it.reference == payment.reference);
        if !listed && store::find_received(conn, charge.gateway, &payment.reference)?.is_none() {
            news.push(payment.clone());
        }
    }
    Ok(news)
}

fn credit_of(received: &Received) -> Credited {
    let Received { created_at: at, reference, placed: journal, .. } = received;
    Credited { at: *at, payment: reference.clone(), journal: *journal }
}

fn fact_of(charge: &Charge, received: &Received) -> Fact {
    match received.place {
        Place::Wallet => Fact::ToppedUp(ToppedUp {
            top_up: charge.id,
            account: charge.account,
            amount_rupiah: received.amount,
            maker: charge.gateway.as_str().to_owned(),
        }),
        Place::Suspense => Fact::TopUpSuspended(TopUpSuspended {
            top_up: charge.id,
            amount_rupiah: received.amount,
            journal: received.placed.to_string(),
        }),
    }
}

/// On the books already: whoever put it there has the charge by now.
fn lost(error: LedgerError) -> ChargeError {
    match error {
        LedgerError::AlreadyPosted { .. } => ChargeError::LeaseLost,
        other => other.into(),
    }
}
