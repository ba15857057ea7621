use accounts::FreshFactor;
use database::{Connection, DatabaseError};
use event_log::{
    Actor, Fact,
    fact::{SuspenseReleaseApproved, SuspenseReleaseProposed, SuspenseReleaseRejected},
};
use ledger::{LedgerError, NewJournal};
use primitives::{AccountId, Invalid, SuspenseReleaseId, Timestamp};

use super::Charges;
use crate::{
    ProposalState, calendar,
    charge::{
        ChargeError, NewSuspenseRelease, Place, Received, SuspendedPayment, SuspenseOutcome,
        SuspenseRelease, store,
    },
    gateway::GatewayName,
    rules,
};

impl Charges {
    /// Payments that went to suspense with the releases that count, the oldest first, after the given place in the
    /// list: those that wait there still (`open`), or those that have left it.
    pub fn page_suspended_in(
        &self,
        conn: &mut Connection,
        open: bool,
        after: Option<(Timestamp, GatewayName, String)>,
        limit: i64,
    ) -> Result<Vec<SuspendedPayment>, ChargeError> {
        let page = store::page_suspended(conn, open, after, limit)?;
        page.into_iter().map(|payment| with_release(conn, payment)).collect()
    }

    /// A maker proposes what becomes of a payment in suspense. Nothing moves until a checker releases it.
    ///
    /// Of several proposals at once, under whatever keys, one counts. Nobody decides about his own money.
    pub fn propose_release_in(
        &self,
        conn: &mut Connection,
        maker: FreshFactor,
        new: &NewSuspenseRelease,
    ) -> Result<SuspenseRelease, ChargeError> {
        new.check()?;
        let (maker, now) = (maker.account(), self.ambient.now());
        let found = suspended(conn, new.gateway, &new.payment)?;
        not_his_own(maker, found.account, &new.outcome)?;
        if let Some(account) = new.outcome.account() {
            accounts::contact_in(conn, account)?.ok_or(ChargeError::NotFound)?;
        }
        if let Some(counts) = found.release {
            return Err(ChargeError::ReleaseExists(counts.id));
        }
        let amount = found.payment.amount;
        if !store::take_from_day(conn, maker, calendar::day_number(now), amount.get())? {
            return Err(ChargeError::ReleasesSpent);
        }
        let proposed = SuspenseRelease {
            id: self.ambient.mint(),
            gateway: new.gateway,
            payment: new.payment.clone(),
            outcome: new.outcome.clone(),
            amount,
            reason: new.reason.clone(),
            maker,
            proposed_at: now,
            state: ProposalState::Proposed,
            version: 1,
        };
        insert(conn, &proposed)?;
        self.append(conn, Actor::Account(maker), proposal_of(&proposed))?;
        Ok(proposed)
    }

    /// A checker, who is neither the maker nor a holder, releases the money. Said again, it changes nothing.
    pub fn approve_release_in(
        &self,
        conn: &mut Connection,
        checker: FreshFactor,
        id: SuspenseReleaseId,
    ) -> Result<SuspenseRelease, ChargeError> {
        let checker = checker.account();
        let before = to_decide(conn, checker, id)?;
        match &before.state {
            ProposalState::Proposed => {}
            ProposalState::Approved { by, .. } if *by == checker => return Ok(before),
            other => return Err(ChargeError::ReleaseDecided(other.name())),
        }
        let new = journal_of(&before)?;
        let journal = match ledger::post_in(conn, &self.ambient, &new) {
            Err(LedgerError::AlreadyPosted { .. }) => return Err(decided_meanwhile(conn, id)?),
            other => other?,
        };
        let (at, journal) = (journal.created_at, journal.id);
        let approved = before.decided(ProposalState::Approved { at, by: checker, journal });
        let journal = journal.to_string();
        let fact = SuspenseReleaseApproved { release: id, journal };
        self.decide_release(conn, checker, approved, Fact::SuspenseReleaseApproved(fact))
    }

    /// A checker refuses; nothing moves, and another release may be proposed. Said again, it changes nothing.
    pub fn reject_release_in(
        &self,
        conn: &mut Connection,
        checker: AccountId,
        id: SuspenseReleaseId,
        reason: &str,
    ) -> Result<SuspenseRelease, ChargeError> {
        reports::stated_reason(reason).map_err(|what| ChargeError::Refused("/reason", what))?;
        let before = to_decide(conn, checker, id)?;
        match &before.state {
            ProposalState::Proposed => {}
            ProposalState::Rejected { by, .. } if *by == checker => return Ok(before),
            other => return Err(ChargeError::ReleaseDecided(other.name())),
        }
        let (at, reason) = (self.ambient.now(), reason.to_owned());
        let rejected = before.decided(ProposalState::Rejected { at, by: checker, reason });
        let fact = SuspenseReleaseRejected { release: id };
        self.decide_release(conn, checker, rejected, Fact::SuspenseReleaseRejected(fact))
    }

    /// Somebody else may have decided since it was read: then the whole unit of work is undone.
    fn decide_release(
        &self,
        conn: &mut Connection,
        by: AccountId,
        after: SuspenseRelease,
        fact: Fact,
    ) -> Result<SuspenseRelease, ChargeError> {
        if !store::decide_release(conn, &after)? {
            return Err(decided_meanwhile(conn, after.id)?);
        }
        self.append(conn, Actor::Account(by), fact)?;
        Ok(after)
    }
}

fn with_release(conn: &mut Connection, payment: Received) -> Result<SuspendedPayment, ChargeError> {
    let charge = store::find(conn, payment.charge)?.ok_or(ChargeError::NotFound)?;
    let release = store::release_of(conn, payment.gateway, &payment.reference)?;
    Ok(SuspendedPayment { payment, account: charge.account, release })
}

/// The payment of this name, if it went to suspense.
fn suspended(
    conn: &mut Connection,
    gateway: GatewayName,
    payment: &str,
) -> Result<SuspendedPayment, ChargeError> {
    let found = store::find_received(conn, gateway, payment)?;
    let found = found.filter(|payment| payment.place == Place::Suspense);
    with_release(conn, found.ok_or(ChargeError::NotFound)?)
}

fn not_his_own(
    staff: AccountId,
    meant_for: AccountId,
    outcome: &SuspenseOutcome,
) -> Result<(), ChargeError> {
    let own = staff == meant_for || outcome.account() == Some(staff);
    if own { Err(ChargeError::OwnWallet) } else { Ok(()) }
}

fn insert(conn: &mut Connection, new: &SuspenseRelease) -> Result<(), ChargeError> {
    match store::insert_release(conn, new)? {
        Ok(()) => Ok(()),
        Err(store::Taken::Payment) => {
            let winner = store::release_of(conn, new.gateway, &new.payment)?;
            Err(ChargeError::ReleaseExists(winner.ok_or(DatabaseError::Busy)?.id))
        }
        Err(store::Taken::Return) => {
            let taken = Invalid("return_reference_taken");
            Err(ChargeError::Refused("/return_reference", taken))
        }
    }
}

/// A release that this checker may decide about.
fn to_decide(
    conn: &mut Connection,
    checker: AccountId,
    id: SuspenseReleaseId,
) -> Result<SuspenseRelease, ChargeError> {
    let found = store::find_release(conn, id)?.ok_or(ChargeError::NotFound)?;
    if found.maker == checker {
        return Err(ChargeError::OwnProposal);
    }
    let meant_for = suspended(conn, found.gateway, &found.payment)?.account;
    not_his_own(checker, meant_for, &found.outcome)?;
    Ok(found)
}

/// The refusal that names how somebody else has decided.
fn decided_meanwhile(
    conn: &mut Connection,
    id: SuspenseReleaseId,
) -> Result<ChargeError, ChargeError> {
    let now = store::find_release(conn, id)?.ok_or(ChargeError::NotFound)?;
    Ok(ChargeError::ReleaseDecided(now.state.name()))
}

/// Whatever becomes of a payment, it leaves the suspense under one name: so it can leave it once.
fn journal_of(release: &SuspenseRelease) -> Result<NewJournal, ChargeError> {
    let (gateway, amount) = (release.gateway.as_str(), release.amount);
    let business_key = format!("suspense:{gateway}:{}", release.payment);
    let (kind, lines) = match release.outcome {
        SuspenseOutcome::Credited(account) => {
            (rules::SUSPENSE_CREDITED, rules::claimed_lines(gateway, account, amount))
        }
        SuspenseOutcome::Returned(_) => {
            (rules::SUSPENSE_RETURNED, rules::returned_lines(gateway, amount))
        }
    };
    let beyond = |_beyond| LedgerError::Malformed("a payment beyond the books");
    Ok(NewJournal { kind, business_key, lines: lines.map_err(beyond)? })
}

fn proposal_of(release: &SuspenseRelease) -> Fact {
    Fact::SuspenseReleaseProposed(SuspenseReleaseProposed {
        release: release.id,
        gateway: release.gateway.as_str().to_owned(),
        payment: release.payment.clone(),
        account: release.outcome.account(),
        amount_rupiah: release.amount,
    })
}
