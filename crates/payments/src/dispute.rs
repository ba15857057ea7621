use photos::Subject;
use pickups::Side;
use primitives::{AccountId, PaymentId, PhotoId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Two sides, or one and silence: did the cash arrive?
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispute {
    /// About which payment.
    pub payment: PaymentId,
    /// Who opened it; each may do so once per payment.
    pub opened_by: Opener,
    /// Since when.
    pub opened_at: Timestamp,
    /// In a few words.
    pub reason: String,
    /// The whole story.
    pub detail: Option<String>,
    /// What it looked like.
    pub photos: Vec<PhotoId>,
    /// Until when staff should have decided. Nothing is decided by the clock alone.
    pub decide_by: Timestamp,
    /// How it ended.
    pub closing: Option<Closing>,
}

impl Dispute {
    /// What its photographs are attached to.
    pub(crate) const fn subject(&self) -> Subject {
        Subject::PaymentDispute(self.payment, self.opened_by.as_str())
    }

    pub(crate) const fn closed_at(&self) -> Option<Timestamp> {
        match self.closing {
            Some(Closing::Answered { at } | Closing::Ruled { at, .. }) => Some(at),
            None => None,
        }
    }

    pub(crate) const fn is_ruled(&self) -> bool {
        matches!(self.closing, Some(Closing::Ruled { .. }))
    }

    pub(crate) fn is_ruled_as(&self, outcome: CashOutcome) -> bool {
        let Some(Closing::Ruled { ruling, .. }) = &self.closing else { return false };
        ruling.outcome == outcome
    }
}

/// Who opened a dispute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Opener {
    /// Who should have received.
    Household,
    /// Who was told that nothing arrived.
    Collector,
    /// The house, when nobody answered for 48 hours.
    Worker,
}

impl Opener {
    pub(crate) const ALL: [Self; 3] = [Self::Household, Self::Collector, Self::Worker];

    /// The word in the database, in events and in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Household => "household",
            Self::Collector => "collector",
            Self::Worker => "worker",
        }
    }
}

impl From<Side> for Opener {
    fn from(side: Side) -> Self {
        match side {
            Side::Household => Self::Household,
            Side::Collector => Self::Collector,
        }
    }
}

/// How a dispute ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closing {
    /// The household said yes or no after all.
    Answered {
        /// When.
        at: Timestamp,
    },
    /// Staff decided.
    Ruled {
        /// When.
        at: Timestamp,
        /// Who; no party himself.
        by: AccountId,
        /// How, and why.
        ruling: CashRuling,
    },
}

/// How staff decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CashRuling {
    /// Did it arrive?
    pub outcome: CashOutcome,
    /// Why staff think so.
    pub reason: String,
}

/// Whether the cash arrived, as staff see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CashOutcome {
    /// It did: the payment is settled.
    Received,
    /// It did not: the payment has failed, and the collector owes the money.
    NotReceived,
}

impl CashOutcome {
    /// The word in the database, in events and in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::NotReceived => "not_received",
        }
    }
}

/// What somebody objects to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// In a few words.
    pub reason: String,
    /// The whole story.
    pub detail: Option<String>,
    /// What it looked like; uploaded by whoever objects before, at most five.
    pub photos: Vec<PhotoId>,
}
