use accounts::FreshFactor;
use database::{Connection, DatabaseError};
use event_log::{
    Actor, Entry, Fact,
    fact::{AdjustmentApproved, AdjustmentProposed, AdjustmentRejected},
};
use ledger::{LedgerError, NewJournal};
use primitives::{AccountId, AdjustmentId, RegionCode};

use super::Payments;
use crate::{
    Adjustment, NewAdjustment, PaymentError, ProposalState, ProposalStateName, calendar, rules,
    store,
};

impl Payments {
    /// A maker proposes to put a wallet right. Nothing moves until a checker releases it.
    pub fn propose_adjustment_in(
        &self,
        conn: &mut Connection,
        maker: FreshFactor,
        regions: &[RegionCode],
        new: &NewAdjustment,
    ) -> Result<Adjustment, PaymentError> {
        rules::check_adjustment(new)?;
        covered(regions, &new.region)?;
        let (maker, now) = (maker.account(), self.ambient.now());
        if maker == new.account {
            return Err(PaymentError::OwnWallet);
        }
        accounts::contact_in(conn, new.account)?.ok_or(PaymentError::NotFound)?;
        let size = new.amount.get().saturating_abs();
        if !store::take_from_day(conn, maker, calendar::day_number(now), size)? {
            return Err(PaymentError::AdjustmentsSpent);
        }
        let proposed = Adjustment {
            id: self.ambient.mint(),
            region: new.region.clone(),
            account: new.account,
            amount: new.amount,
            reason: new.reason.clone(),
            maker,
            proposed_at: now,
            state: ProposalState::Proposed,
            version: 1,
        };
        store::insert_adjustment(conn, &proposed)?;
        let fact = Fact::AdjustmentProposed(AdjustmentProposed {
            adjustment: proposed.id,
            account: proposed.account,
            amount_rupiah: proposed.amount,
        });
        self.note(conn, maker, &proposed, fact)?;
        Ok(proposed)
    }

    /// A checker, who is neither the maker nor the holder, releases the money. Said again, it changes nothing.
    pub fn approve_adjustment_in(
        &self,
        conn: &mut Connection,
        checker: FreshFactor,
        regions: &[RegionCode],
        id: AdjustmentId,
    ) -> Result<Adjustment, PaymentError> {
        let checker = checker.account();
        let before = to_decide(conn, checker, regions, id)?;
        match &before.state {
            ProposalState::Proposed => {}
            ProposalState::Approved { by, .. } if *by == checker => return Ok(before),
            other => return Err(PaymentError::ProposalDecided(other.name())),
        }
        let lines = rules::adjustment_lines(before.account, before.amount)?;
        let business_key = rules::adjustment_key(id);
        let new = NewJournal { kind: rules::ADJUSTMENT, business_key, lines };
        let journal = match ledger::post_in(conn, &self.ambient, &new) {
            Err(LedgerError::AlreadyPosted { .. }) => return Err(decided_meanwhile(conn, id)?),
            other => other?,
        };
        let (at, journal) = (journal.created_at, journal.id);
        let approved = decided(before, ProposalState::Approved { at, by: checker, journal });
        self.decide(conn, &approved)?;
        let journal = journal.to_string();
        let fact = Fact::AdjustmentApproved(AdjustmentApproved { adjustment: id, journal });
        self.note(conn, checker, &approved, fact)?;
        Ok(approved)
    }

    /// A checker refuses; nothing moves. Said again, it changes nothing.
    pub fn reject_adjustment_in(
        &self,
        conn: &mut Connection,
        checker: AccountId,
        regions: &[RegionCode],
        id: AdjustmentId,
        reason: &str,
    ) -> Result<Adjustment, PaymentError> {
        reports::stated_reason(reason).map_err(|what| PaymentError::field("/reason", what))?;
        let before = to_decide(conn, checker, regions, id)?;
        match &before.state {
            ProposalState::Proposed => {}
            ProposalState::Rejected { by, .. } if *by == checker => return Ok(before),
            other => return Err(PaymentError::ProposalDecided(other.name())),
        }
        let (at, reason) = (self.ambient.now(), reason.to_owned());
        let rejected = decided(before, ProposalState::Rejected { at, by: checker, reason });
        self.decide(conn, &rejected)?;
        let fact = Fact::AdjustmentRejected(AdjustmentRejected { adjustment: id });
        self.note(conn, checker, &rejected, fact)?;
        Ok(rejected)
    }

    /// The adjustments of the regions after the given one, in the order of their ids, which is that of their making.
    pub fn adjustments_in(
        &self,
        conn: &mut Connection,
        regions: &[RegionCode],
        state: Option<ProposalStateName>,
        after: Option<AdjustmentId>,
        limit: i64,
    ) -> Result<Vec<Adjustment>, DatabaseError> {
        let mut found = Vec::new();
        for region in regions {
            found.extend(store::adjustments_of_region(conn, region, state, after, limit)?);
        }
        // Grants may lie within each other.
        found.sort_by_key(|adjustment| adjustment.id);
        found.dedup_by_key(|adjustment| adjustment.id);
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(found)
    }

    /// Somebody else may have decided since it was read: then the whole unit of work is undone.
    fn decide(&self, conn: &mut Connection, after: &Adjustment) -> Result<(), PaymentError> {
        if store::decide_adjustment(conn, after)? {
            return Ok(());
        }
        Err(decided_meanwhile(conn, after.id)?)
    }

    fn note(
        &self,
        conn: &mut Connection,
        by: AccountId,
        adjustment: &Adjustment,
        fact: Fact,
    ) -> Result<(), DatabaseError> {
        let region = Some(adjustment.region.clone());
        let occurred_at = self.ambient.now();
        let entry = Entry { actor: Actor::Account(by), region, occurred_at, fact };
        event_log::append_in(conn, &self.ambient, entry)?;
        Ok(())
    }
}

/// The refusal that names how somebody else has decided.
fn decided_meanwhile(
    conn: &mut Connection,
    id: AdjustmentId,
) -> Result<PaymentError, PaymentError> {
    let now = store::find_adjustment(conn, id)?.ok_or(PaymentError::NotFound)?;
    Ok(PaymentError::ProposalDecided(now.state.name()))
}

fn covered(regions: &[RegionCode], region: &RegionCode) -> Result<(), PaymentError> {
    let covers = regions.iter().any(|granted| granted.contains(region));
    if covers { Ok(()) } else { Err(PaymentError::NotFound) }
}

/// An adjustment that this checker may decide about.
fn to_decide(
    conn: &mut Connection,
    checker: AccountId,
    regions: &[RegionCode],
    id: AdjustmentId,
) -> Result<Adjustment, PaymentError> {
    let found = store::find_adjustment(conn, id)?.ok_or(PaymentError::NotFound)?;
    covered(regions, &found.region)?;
    if found.maker == checker {
        return Err(PaymentError::OwnProposal);
    }
    if found.account == checker {
        return Err(PaymentError::OwnWallet);
    }
    Ok(found)
}

fn decided(before: Adjustment, state: ProposalState) -> Adjustment {
    let version = before.version.saturating_add(1);
    Adjustment { state, version, ..before }
}
