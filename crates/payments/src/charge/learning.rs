//! What a worker asks, and what follows from what it hears. Pure: no clock, no network, no database.

use primitives::{Rupiah, Timestamp};

use super::{
    Asked, Charge, ChargeFailure, ChargeState, Credited, Incoming, Place,
    terms::{
        ASK_AGAIN, DISBELIEF, GRACE, LEASE, LOOK_AGAIN, PATIENCE, SILENCE, WATCH, WATCH_AGAIN,
    },
};

/// What is to be said to the gateway; never inside a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// Ask it to wait for the payment, harmlessly again under the same name.
    Create,
    /// Ask what became of it.
    Find,
}

/// What a gateway says of a charge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The gateway's own name for it.
    pub reference: String,
    /// The name that we gave it.
    pub order: String,
    /// How much the gateway waits for.
    pub amount: Rupiah,
    /// Where it stands there.
    pub standing: Standing,
    /// The number of the virtual account, or the text of the QRIS code, if the gateway says it.
    pub pay_to: Option<String>,
    /// What has been paid, in the order in which it came.
    pub payments: Vec<Incoming>,
}

/// Where a charge stands at the gateway, in our own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Can be paid, or is.
    Open,
    /// Can be paid no more.
    Expired,
    /// Will not be paid, or the payment was taken back.
    Failed,
}

/// What a question taught us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// The gateway has it, and says this of it.
    Known(Told),
    /// The gateway says that it does not know it.
    Unknown,
    /// The gateway will have nothing to do with it, for certain.
    Refused,
    /// No usable answer came.
    Nothing,
}

/// What follows for the charge itself, beside the payments that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing new: look again later.
    Wait,
    /// It can be paid.
    Ask(Asked),
    /// Nothing came in time.
    Expire,
    /// It cannot be paid.
    Fail(ChargeFailure),
}

impl Charge {
    /// Takes the lease on a due charge and says what to ask.
    pub(super) fn claim(self, now: Timestamp) -> (Self, Question) {
        let create = self.state == ChargeState::Created && self.is_waited_for(now);
        let question = if create { Question::Create } else { Question::Find };
        (Self { due_at: Some(now.plus(LEASE)), ..self }.changed(), question)
    }

    /// Somebody may still stand there with the phone in his hand.
    fn is_waited_for(&self, now: Timestamp) -> bool {
        now < self.created_at.plus(PATIENCE) && now < self.expires_at
    }

    /// Whether the gateway talks about this very charge.
    pub(super) fn is_meant(&self, told: &Told) -> bool {
        let other = self.state.asked().is_some_and(|known| known.reference != told.reference);
        !other && told.order == self.id.to_string()
    }

    /// Where payments go that are not on the books yet: one of exactly the amount into the wallet, all else aside.
    pub(super) fn places(&self, told: &Told, news: Vec<Incoming>) -> Vec<(Incoming, Place)> {
        let waited_for = self.state.credited().is_none() && !self.state.is_lapsed();
        let mut open = waited_for && told.amount == self.amount;
        let place = |payment: Incoming| {
            let fits = open && payment.amount == self.amount;
            open = open && !fits;
            (payment, if fits { Place::Wallet } else { Place::Suspense })
        };
        news.into_iter().map(place).collect()
    }

    /// Whether a person should look into what was heard.
    pub(super) fn is_strange(&self, heard: &Heard, now: Timestamp) -> bool {
        match heard {
            Heard::Known(told) if !self.is_meant(told) => true,
            // Somebody has looked into it before.
            Heard::Known(_) if self.state.is_lapsed() => false,
            Heard::Known(told) if told.amount != self.amount => true,
            // A payment that is not listed any more was taken back; the wallet has it.
            Heard::Known(told) => self.state.credited().is_some_and(|credited| {
                !told.payments.iter().any(|it| it.reference == credited.payment)
            }),
            Heard::Unknown => self.state.credited().is_some(),
            Heard::Refused | Heard::Nothing => {
                self.state.ended_at().is_none() && self.is_silent(now)
            }
        }
    }

    /// What follows for a charge that no payment has reached.
    pub(super) fn judge(&self, heard: &Heard, now: Timestamp) -> Verdict {
        match heard {
            _ if self.state.ended_at().is_some() => Verdict::Wait,
            Heard::Known(told) if self.is_meant(told) => self.judge_told(told, now),
            Heard::Unknown if self.state == ChargeState::Created => {
                Verdict::Fail(ChargeFailure::GatewaySilent)
            }
            Heard::Unknown if now >= self.expires_at.plus(DISBELIEF) => Verdict::Expire,
            Heard::Unknown => Verdict::Wait,
            Heard::Refused if self.state == ChargeState::Created => {
                Verdict::Fail(ChargeFailure::GatewayRefused)
            }
            _ if !self.is_silent(now) => Verdict::Wait,
            _ if self.state == ChargeState::Created => Verdict::Fail(ChargeFailure::GatewaySilent),
            _ => Verdict::Expire,
        }
    }

    fn judge_told(&self, told: &Told, now: Timestamp) -> Verdict {
        match (told.standing, &self.state) {
            (Standing::Failed, _) => Verdict::Fail(ChargeFailure::GatewayRefused),
            (Standing::Expired, _) => Verdict::Expire,
            (Standing::Open, _) if now >= self.expires_at.plus(GRACE) => Verdict::Expire,
            (Standing::Open, ChargeState::Created) => self.judge_asked(told),
            (Standing::Open, _) => Verdict::Wait,
        }
    }

    fn judge_asked(&self, told: &Told) -> Verdict {
        let shown = told.pay_to.clone().filter(|pay_to| self.channel.reads(pay_to));
        match shown {
            // Nobody is shown a way to pay what he did not ask for.
            _ if told.amount != self.amount => Verdict::Fail(ChargeFailure::GatewayRefused),
            Some(pay_to) => Verdict::Ask(Asked { reference: told.reference.clone(), pay_to }),
            // The answer that said it is lost, and the gateway does not repeat it.
            None => Verdict::Fail(ChargeFailure::GatewaySilent),
        }
    }

    /// Its time is over for so long that no answer is worth waiting for.
    fn is_silent(&self, now: Timestamp) -> bool {
        now >= self.expires_at.plus(SILENCE)
    }

    /// What the verdict makes of it.
    pub(super) fn after(self, verdict: Verdict, now: Timestamp) -> Self {
        let asked = self.state.asked().cloned();
        let state = match verdict {
            Verdict::Wait => self.state.clone(),
            Verdict::Ask(asked) => ChargeState::Asked(asked),
            Verdict::Expire => ChargeState::Expired { asked, at: now },
            Verdict::Fail(failure) => ChargeState::Failed { asked, at: now, failure },
        };
        self.moved_to(state, now)
    }

    /// One of its payments is in the wallet.
    pub(super) fn paid(self, told: &Told, credited: Credited, now: Timestamp) -> Self {
        let shown = told.pay_to.clone().filter(|pay_to| self.channel.reads(pay_to));
        let asked = self.state.asked().cloned();
        let asked = asked
            .or_else(|| shown.map(|pay_to| Asked { reference: told.reference.clone(), pay_to }));
        self.moved_to(ChargeState::Paid(asked, credited), now)
    }

    /// In this state from now on, and looked at again when its time comes.
    fn moved_to(self, state: ChargeState, now: Timestamp) -> Self {
        let due_at = match state.ended_at() {
            Some(ended_at) => (now < ended_at.plus(WATCH)).then(|| now.plus(WATCH_AGAIN)),
            None if state == ChargeState::Created && self.is_waited_for(now) => {
                Some(now.plus(ASK_AGAIN))
            }
            None => Some(now.plus(LOOK_AGAIN)),
        };
        Self { state, due_at, ..self }.changed()
    }

    /// Unchanged, and looked at again later; to its end when its time is over for too long.
    pub(super) fn waits(self, now: Timestamp) -> Self {
        let verdict = self.judge(&Heard::Nothing, now);
        self.after(verdict, now)
    }

    /// A person has to look into it, from the first time that this is found.
    pub(super) fn escalated(self, now: Timestamp) -> Self {
        let since = self.escalated_at.unwrap_or(now);
        Self { escalated_at: Some(since), ..self }
    }

    /// A person has looked into it: it is off the desk, and what is not paid lapses.
    pub(super) fn closed(self, now: Timestamp) -> Self {
        let state = match self.state {
            ChargeState::Paid(asked, credited) => ChargeState::Paid(asked, credited),
            other => {
                let asked = other.asked().cloned();
                ChargeState::Failed { asked, at: now, failure: ChargeFailure::Lapsed }
            }
        };
        Self { state, escalated_at: None, due_at: None, ..self }.changed()
    }

    /// A look is worth its while at once: a notification came.
    pub(super) fn hurried(self, now: Timestamp) -> Option<Self> {
        // Being asked for at this moment: its holder learns what there is to learn.
        let asking = self.state == ChargeState::Created;
        (!asking).then(|| Self { due_at: Some(now), ..self }.changed())
    }

    fn changed(self) -> Self {
        Self { version: self.version.saturating_add(1), ..self }
    }
}
