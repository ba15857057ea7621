mod incoming;
mod settling;

use std::{sync::Arc, time::Duration};

use database::{Connection, DatabaseError};
use event_log::{Actor, Entry, Fact, fact::DifferenceExplained};
use ledger::AccountName;
use primitives::{AccountId, Ambient, ReconciliationId, Rupiah, Timestamp};

use super::{
    DifferenceCause, DifferenceExplanation, ExplainedItem, MatchOutcome, Reconciliation,
    ReconciliationError, ReconciliationItem, ReconciliationState, fees, items, store,
};
use crate::{
    Charges, Withdrawals,
    gateway::{GatewayName, Gateways, Period},
    quarantine::{self, Quarantine},
    withdrawal::label,
};

/// The name of the worker in the event log.
pub(super) const WORKER: Actor = Actor::Worker("reconciliation");

/// How far every reconciliation looks back: what a gateway writes late is found the next day.
const REACH: Duration = Duration::from_secs(3 * 24 * 60 * 60);
/// How often both books are compared.
const EVERY: Duration = Duration::from_secs(24 * 60 * 60);
/// How soon again when the gateway's book could not be read, or while nothing may be sent.
const SOON: Duration = Duration::from_secs(15 * 60);
/// How long a worker may take to read a gateway's book.
const LEASE: Duration = Duration::from_secs(10 * 60);

/// The use cases around reconciliations. Each `_in` takes part in the caller's unit of work, which must be undone when it refuses.
#[derive(Clone)]
pub struct Reconciliations {
    ambient: Ambient,
    withdrawals: Withdrawals,
    charges: Charges,
    gateways: Arc<[GatewayName]>,
}

/// How a gateway stands to us, as far as our own books tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayStanding {
    /// Which.
    pub gateway: GatewayName,
    /// Why nothing is sent through it, if nothing is.
    pub quarantine: Option<Quarantine>,
    /// The last comparison that came to its end.
    pub last: Option<Reconciliation>,
    /// The differences in it that nobody has explained.
    pub open_differences: usize,
    /// What it should hold for us: what came in less what arrived elsewhere.
    pub held: Rupiah,
    /// What is on its way out.
    pub clearing: Rupiah,
    /// What it has kept for its services and not given back, as far as its statements have shown.
    pub fees: Rupiah,
}

impl Reconciliations {
    /// Reconciliations by this clock and chance, of these withdrawals and charges with these gateways.
    pub fn new(
        ambient: Ambient,
        withdrawals: Withdrawals,
        charges: Charges,
        gateways: &Gateways,
    ) -> Self {
        let gateways = gateways.iter().map(|gateway| gateway.name()).collect();
        Self { ambient, withdrawals, charges, gateways }
    }

    /// The gateways of this installation.
    pub fn gateways(&self) -> &[GatewayName] {
        &self.gateways
    }

    /// Asks for a comparison over the last days, and over everything that the database may have forgotten.
    ///
    /// Of several tries at once, whoever makes them, one counts.
    pub fn request_in(
        &self,
        conn: &mut Connection,
        gateway: GatewayName,
        by: &Actor,
    ) -> Result<Reconciliation, ReconciliationError> {
        if !self.gateways.contains(&gateway) {
            return Err(ReconciliationError::NotFound);
        }
        let now = self.ambient.now();
        let quarantine = quarantine::of_in(conn, gateway)?;
        let gap = quarantine.map(|quarantine| quarantine.gap_begins());
        let from = gap.into_iter().fold(now.minus(REACH), Timestamp::min);
        let new = Reconciliation {
            id: self.ambient.mint(),
            gateway,
            period: Period { from, until: now },
            requested_at: now,
            requested_by: by.to_string(),
            state: ReconciliationState::Open { due_at: now },
            version: 1,
        };
        if store::insert(conn, &new)? {
            return Ok(new);
        }
        let open = store::newest(conn, gateway, Some("open"))?.ok_or(DatabaseError::Busy)?;
        Err(ReconciliationError::UnderWay(open.id))
    }

    /// The gateways whose book should be read again: once a day, and soon again where that failed or nothing is sent.
    pub fn wanting_in(
        &self,
        conn: &mut Connection,
    ) -> Result<Vec<GatewayName>, ReconciliationError> {
        let mut wanting = Vec::new();
        for &gateway in self.gateways.iter() {
            if self.is_wanted_in(conn, gateway)? {
                wanting.push(gateway);
            }
        }
        Ok(wanting)
    }

    fn is_wanted_in(
        &self,
        conn: &mut Connection,
        gateway: GatewayName,
    ) -> Result<bool, DatabaseError> {
        let Some(newest) = store::newest(conn, gateway, None)? else { return Ok(true) };
        let pause = match newest.state {
            ReconciliationState::Open { .. } => return Ok(false),
            ReconciliationState::Failed { .. } => SOON,
            ReconciliationState::Finished { .. } => {
                let quarantined = quarantine::of_in(conn, gateway)?.is_some();
                if quarantined { SOON } else { EVERY }
            }
        };
        Ok(newest.requested_at.plus(pause) <= self.ambient.now())
    }

    /// A reconciliation.
    pub fn find_in(
        &self,
        conn: &mut Connection,
        id: ReconciliationId,
    ) -> Result<Reconciliation, ReconciliationError> {
        store::find(conn, id)?.ok_or(ReconciliationError::NotFound)
    }

    /// The newest first, after the given one.
    pub fn page_in(
        &self,
        conn: &mut Connection,
        after: Option<ReconciliationId>,
        limit: i64,
    ) -> Result<Vec<Reconciliation>, ReconciliationError> {
        Ok(store::page(conn, after, limit)?)
    }

    /// The payouts and payments of a reconciliation, the oldest first, after the given place; all, or those with one outcome.
    pub fn items_in(
        &self,
        conn: &mut Connection,
        id: ReconciliationId,
        outcome: Option<MatchOutcome>,
        after: Option<(Timestamp, String)>,
        limit: i64,
    ) -> Result<Vec<ExplainedItem>, ReconciliationError> {
        let found = self.find_in(conn, id)?;
        let page = items::page(conn, id, outcome, after, limit)?;
        Ok(items::with_explanations(conn, found.gateway, page)?)
    }

    /// A checker says what a difference was. Nothing moves; said again, it changes nothing.
    pub fn explain_in(
        &self,
        conn: &mut Connection,
        by: AccountId,
        id: ReconciliationId,
        subject: &str,
        (cause, reason): (DifferenceCause, &str),
    ) -> Result<ExplainedItem, ReconciliationError> {
        reports::stated_reason(reason)
            .map_err(|what| ReconciliationError::Refused("/reason", what))?;
        let found = self.find_in(conn, id)?;
        let item = items::find(conn, id, subject)?.ok_or(ReconciliationError::NotFound)?;
        if !item.suspense {
            return Err(ReconciliationError::NothingToExplain);
        }
        if self.withdrawals.is_of_in(conn, item.withdrawal, by)?
            || self.charges.is_of_in(conn, item.charge, by)?
        {
            return Err(ReconciliationError::OwnWallet);
        }
        let at = self.ambient.now();
        let said = DifferenceExplanation { by, at, reason: reason.to_owned(), cause };
        if items::explain(conn, found.gateway, &item, &said)? {
            self.explained(conn, &found, &said)?;
            return Ok((item, Some(said)));
        }
        let before = items::explanation_of(conn, found.gateway, &item)?;
        let before = before.ok_or(DatabaseError::Busy)?;
        let same = (before.by, before.cause, before.reason.as_str()) == (by, cause, reason);
        if same { Ok((item, Some(before))) } else { Err(ReconciliationError::AlreadyExplained) }
    }

    fn explained(
        &self,
        conn: &mut Connection,
        found: &Reconciliation,
        said: &DifferenceExplanation,
    ) -> Result<(), DatabaseError> {
        let fact = Fact::DifferenceExplained(DifferenceExplained {
            reconciliation: found.id,
            gateway: found.gateway.as_str().to_owned(),
            cause: said.cause.as_str().to_owned(),
        });
        self.append(conn, Actor::Account(said.by), fact)
    }

    /// How each gateway of this installation stands to us.
    pub fn standings_in(
        &self,
        conn: &mut Connection,
    ) -> Result<Vec<GatewayStanding>, ReconciliationError> {
        self.gateways.iter().map(|&gateway| Ok(standing_in(conn, gateway)?)).collect()
    }

    fn append(&self, conn: &mut Connection, actor: Actor, fact: Fact) -> Result<(), DatabaseError> {
        let entry = Entry { actor, region: None, occurred_at: self.ambient.now(), fact };
        event_log::append_in(conn, &self.ambient, entry)?;
        Ok(())
    }
}

fn standing_in(
    conn: &mut Connection,
    gateway: GatewayName,
) -> Result<GatewayStanding, DatabaseError> {
    let last = store::newest(conn, gateway, Some("finished"))?;
    let open = unexplained_of(conn, last.as_ref())?;
    let bank = ledger::balance_in(conn, &AccountName::Bank(label(gateway)?))?.balance;
    let clearing = ledger::balance_in(conn, &AccountName::ClearingPayout(label(gateway)?))?.balance;
    Ok(GatewayStanding {
        gateway,
        quarantine: quarantine::of_in(conn, gateway)?,
        last,
        open_differences: open.len(),
        held: Rupiah::new(bank.saturating_neg()),
        clearing: Rupiah::new(clearing),
        fees: fees::total_in(conn, gateway)?,
    })
}

/// What nobody has explained of a comparison; nothing of none.
fn unexplained_of(
    conn: &mut Connection,
    last: Option<&Reconciliation>,
) -> Result<Vec<ReconciliationItem>, DatabaseError> {
    last.map_or_else(|| Ok(Vec::new()), |it| items::unexplained(conn, it.gateway, it.id))
}
