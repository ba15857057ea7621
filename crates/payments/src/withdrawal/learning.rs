//! What a worker does next, and what follows from what it hears. Pure: no clock, no network, no database.

use primitives::Timestamp;

use super::{
    Accepted, Failure, Withdrawal, WithdrawalState, WithdrawalStateName,
    terms::{DISBELIEF, KEY_TRUSTED, LEASE, LOOK_AGAIN, WATCH},
};
use crate::gateway::{Payout, PayoutStatus};

/// What is to be said to the gateway; never inside a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// Ask for the payout for the first time.
    Create,
    /// Ask for it again under the same key, after the gateway has said that it knows nothing of it.
    Resend,
    /// Release a payout that the gateway holds until somebody approves it.
    Approve,
    /// Ask what became of it.
    Find,
}

/// What a call taught us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Learnt {
    /// The gateway has it, and says this of it.
    Known(Payout),
    /// The gateway says that it does not know it.
    Unknown,
    /// The gateway will have nothing to do with it, for certain.
    Refused(Failure),
    /// No usable answer came.
    Nothing,
}

/// What follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nothing new: look again later.
    Wait,
    /// The answer never came.
    Doubt,
    /// Send it again, under the same key.
    Resend,
    /// A person must look into it.
    Escalate,
    /// The gateway has it under this name; `held` until it is approved.
    Accept { reference: String, held: bool },
    /// The money arrived.
    Succeed { reference: String },
    /// The money never left.
    Fail { failure: Failure, reference: Option<String> },
    /// The money arrived and was sent back.
    Reverse { reference: String },
}

impl Withdrawal {
    /// Takes the lease on a due withdrawal and says what to do; nothing for one that is at its end.
    ///
    /// In quarantine nothing is sent: the gateway is asked first.
    pub(crate) fn claim(self, now: Timestamp, quarantined: bool) -> Option<(Self, Call)> {
        let (state, call) = match self.state {
            WithdrawalState::Created if !quarantined && now < self.created_at.plus(DISBELIEF) => {
                (WithdrawalState::Sending { sent_at: now }, Call::Create)
            }
            // Seen so late, it may come from a backup made before it was sent: the gateway is asked first.
            WithdrawalState::Created => {
                (WithdrawalState::InDoubt { sent_at: self.created_at }, Call::Find)
            }
            // The lease ran out, so its holder is gone; whether it had called, nobody knows.
            WithdrawalState::Sending { sent_at } => {
                (WithdrawalState::InDoubt { sent_at }, Call::Find)
            }
            state @ (WithdrawalState::InDoubt { .. }
            | WithdrawalState::Pending(_)
            | WithdrawalState::Succeeded(..)) => (state, Call::Find),
            WithdrawalState::Failed { .. } | WithdrawalState::Reversed(..) => return None,
        };
        let claimed = Self { state, due_at: Some(now.plus(LEASE)), ..self };
        Some((claimed.changed(), call))
    }

    /// What follows from what was heard.
    pub(crate) fn judge(&self, learnt: Learnt, now: Timestamp) -> Verdict {
        match learnt {
            Learnt::Known(payout) => self.judge_payout(payout, now),
            Learnt::Unknown => self.judge_absence(now),
            Learnt::Refused(failure) if self.state.name() == WithdrawalStateName::Sending => {
                Verdict::Fail { failure, reference: None }
            }
            Learnt::Refused(_) | Learnt::Nothing => match self.state {
                WithdrawalState::Sending { .. } => Verdict::Doubt,
                _ if self.is_overdue(now) => Verdict::Escalate,
                _ => Verdict::Wait,
            },
        }
    }

    fn judge_payout(&self, payout: Payout, now: Timestamp) -> Verdict {
        let other = self.state.reference().is_some_and(|known| known != payout.reference);
        if other || payout.order != self.id.to_string() || payout.amount != self.amount {
            return Verdict::Escalate;
        }
        let reference = payout.reference;
        let settled = self.state.name() == WithdrawalStateName::Succeeded;
        match payout.status {
            PayoutStatus::Reversed => Verdict::Reverse { reference },
            PayoutStatus::Failed(_) if settled => Verdict::Reverse { reference },
            _ if settled => Verdict::Wait,
            PayoutStatus::Failed(failure) => Verdict::Fail { failure, reference: Some(reference) },
            PayoutStatus::Succeeded => Verdict::Succeed { reference },
            PayoutStatus::Pending => Verdict::Accept { reference, held: false },
            PayoutStatus::Held if self.is_overdue(now) => Verdict::Escalate,
            PayoutStatus::Held => Verdict::Accept { reference, held: true },
        }
    }

    fn judge_absence(&self, now: Timestamp) -> Verdict {
        match self.state {
            WithdrawalState::InDoubt { sent_at } if !self.is_overdue(now) => {
                // Somebody is looking into it by hand: a second transfer would cross his.
                let believed = now >= sent_at.plus(DISBELIEF) && self.escalated_at.is_none();
                if believed { Verdict::Resend } else { Verdict::Wait }
            }
            // It had it, and now denies it; or the key may be forgotten.
            _ => Verdict::Escalate,
        }
    }

    /// Too old for its idempotency key to be trusted.
    fn is_overdue(&self, now: Timestamp) -> bool {
        let too_old = |sent_at: Timestamp| now >= sent_at.plus(KEY_TRUSTED);
        self.state.name().is_open() && self.state.sent_at().is_some_and(too_old)
    }

    /// May it be sent at this moment? The last look before a call that moves money.
    pub(crate) fn may_send(&self, now: Timestamp) -> bool {
        self.state.name() == WithdrawalStateName::Sending && !self.is_overdue(now)
    }

    /// In this state from now on, and looked at again when its time comes.
    pub(crate) fn moved_to(self, state: WithdrawalState, now: Timestamp) -> Self {
        let again = match &state {
            WithdrawalState::Succeeded(_, paid) => now < paid.at.plus(WATCH),
            state => state.name().is_open(),
        };
        let due_at = again.then(|| now.plus(LOOK_AGAIN));
        Self { state, due_at, ..self }.changed()
    }

    /// Unchanged, and looked at again later.
    pub(crate) fn waits(self, now: Timestamp) -> Self {
        let state = self.state.clone();
        self.moved_to(state, now)
    }

    /// A person has to look into it, from the first time that this is found.
    pub(crate) fn escalated(self, now: Timestamp) -> Self {
        let since = self.escalated_at.unwrap_or(now);
        Self { escalated_at: Some(since), ..self }.waits(now)
    }

    /// Asks again under the same key, within the lease that found the gateway ignorant.
    pub(crate) fn resent(self, now: Timestamp) -> Self {
        let state = match self.state {
            WithdrawalState::InDoubt { sent_at } => WithdrawalState::Sending { sent_at },
            state => state,
        };
        Self { state, due_at: Some(now.plus(LEASE)), ..self }.changed()
    }

    /// The gateway's own book tells by which name it has it.
    pub(crate) fn identified(self, reference: &str, now: Timestamp) -> Option<Self> {
        let sent_at = match self.state {
            WithdrawalState::Created => self.created_at,
            WithdrawalState::InDoubt { sent_at } => sent_at,
            // Being sent at this moment, or known by name.
            _ => return None,
        };
        let state = WithdrawalState::Pending(Accepted { sent_at, reference: reference.to_owned() });
        Some(Self { state, due_at: Some(now), ..self }.changed())
    }

    /// A look is worth its while at once: a notification came.
    pub(crate) fn hurried(self, now: Timestamp) -> Option<Self> {
        match self.state {
            WithdrawalState::InDoubt { .. }
            | WithdrawalState::Pending(_)
            | WithdrawalState::Succeeded(..) => Some(Self { due_at: Some(now), ..self }.changed()),
            // Being sent at this moment: its holder learns what there is to learn.
            _ => None,
        }
    }

    fn changed(self) -> Self {
        Self { version: self.version.saturating_add(1), ..self }
    }
}
