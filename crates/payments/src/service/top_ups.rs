use database::Connection;
use event_log::{Entry, Fact, fact::ToppedUp};
use ledger::{Journal, Line, NewJournal};
use primitives::{Invalid, TopUpId};

use super::Payments;
use crate::{Maker, NewTopUp, PaymentError, TopUp, rules, store};

/// Money that staff have seen on the bank's statement themselves.
const MANUAL: &str = "manual";

impl Payments {
    /// Records money that came in outside any gateway, and puts it into the wallet it is for.
    pub fn top_up_in(&self, conn: &mut Connection, new: &NewTopUp) -> Result<TopUp, PaymentError> {
        let refused = PaymentError::field;
        rules::check_top_up(new.amount).map_err(|what| refused("/amount_rupiah", what))?;
        reports::stated_reason(&new.reason).map_err(|what| refused("/reason", what))?;
        if new.maker == Maker::Staff(new.account) {
            return Err(PaymentError::OwnWallet);
        }
        accounts::contact_in(conn, new.account)?.ok_or(PaymentError::NotFound)?;
        let top_up = self.posted(conn, new)?;
        store::insert_top_up(conn, &top_up)?;
        let entry = Entry {
            actor: top_up.maker.into(),
            region: None,
            occurred_at: top_up.created_at,
            fact: Fact::ToppedUp(ToppedUp {
                top_up: top_up.id,
                account: top_up.account,
                amount_rupiah: top_up.amount,
                maker: top_up.maker.to_string(),
            }),
        };
        event_log::append_in(conn, &self.ambient, entry)?;
        Ok(top_up)
    }

    fn posted(&self, conn: &mut Connection, new: &NewTopUp) -> Result<TopUp, PaymentError> {
        let id: TopUpId = self.ambient.mint();
        let lines = |lines: Result<_, Invalid>| {
            lines.map_err(|what| PaymentError::field("/amount_rupiah", what))
        };
        let received = lines(rules::received_lines(MANUAL, new.amount))?;
        let received = self.journal(conn, rules::RECEIVED, id, received)?;
        let credited = lines(rules::credited_lines(MANUAL, new.account, new.amount))?;
        let credited = self.journal(conn, rules::CREDITED, id, credited)?;
        Ok(TopUp {
            id,
            account: new.account,
            gateway: MANUAL.to_owned(),
            amount: new.amount,
            reason: new.reason.clone(),
            maker: new.maker,
            received: received.id,
            credited: credited.id,
            created_at: credited.created_at,
        })
    }

    fn journal(
        &self,
        conn: &mut Connection,
        kind: &'static str,
        id: TopUpId,
        lines: Vec<Line>,
    ) -> Result<Journal, PaymentError> {
        let new = NewJournal { kind, business_key: format!("{kind}:{id}"), lines };
        Ok(ledger::post_in(conn, &self.ambient, &new)?)
    }
}
