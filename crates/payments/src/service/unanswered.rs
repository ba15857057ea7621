use database::Connection;
use event_log::{Actor, Fact, fact::PaymentUnanswered};

use super::Payments;
use crate::{PaymentError, rules, store};

/// The name of the worker in the event log.
const WORKER: &str = "payments";

impl Payments {
    /// Puts at most `limit` cash claims that the household has not answered for 48 hours before staff; says how many
    /// there were.
    pub fn flag_unanswered_in(
        &self,
        conn: &mut Connection,
        limit: i64,
    ) -> Result<usize, PaymentError> {
        let now = self.ambient.now();
        let mut flagged: usize = 0;
        for claim in store::unanswered(conn, rules::overdue_since(now), limit)? {
            let version = claim.version;
            let claim = claim.flag(now)?;
            // An answer that came in between is better than a flag.
            if store::save(conn, version, &claim)? {
                store::open_dispute(conn, &rules::unanswered(claim.id, now))?;
                let (payment, pickup) = (claim.id, claim.pickup);
                let fact = Fact::PaymentUnanswered(PaymentUnanswered { payment, pickup });
                self.append(conn, Actor::Worker(WORKER), &claim, fact)?;
                flagged = flagged.saturating_add(1);
            }
        }
        Ok(flagged)
    }
}
