//! Our withdrawals and what came in beside a gateway's own book. Nothing of it is ever posted but what the gateway kept.

mod comparison;
mod error;
mod fees;
mod items;
mod service;
mod store;
pub(crate) mod verify;
mod view;
mod worker;

use primitives::{AccountId, Invalid, ReconciliationId, Timestamp, TopUpId, WithdrawalId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use error::ReconciliationError;
pub(crate) use error::{ALREADY_EXPLAINED, NOTHING_TO_EXPLAIN, RECONCILIATION_UNDER_WAY};
pub use service::{GatewayStanding, Reconciliations};
pub use view::{
    DifferenceExplanationView, GatewayView, QuarantineView, ReconciliationItemView,
    ReconciliationView,
};
pub use worker::Reconciler;

use crate::gateway::{GatewayName, Period};

/// One comparison of the two books over a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reconciliation {
    /// Identity.
    pub id: ReconciliationId,
    /// Whose book.
    pub gateway: GatewayName,
    /// What is compared.
    pub period: Period,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// By whom: an account, a worker or the command line.
    pub requested_by: String,
    /// Where it stands.
    pub state: ReconciliationState,
    /// Counts every change; a worker may only write over the version it claimed.
    pub version: i64,
}

/// Where a reconciliation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReconciliationState {
    /// Waits for a worker, or is with one until its lease ends.
    Open {
        /// When a worker takes it on.
        due_at: Timestamp,
    },
    /// Both books are compared.
    Finished {
        /// When.
        at: Timestamp,
        /// What came of the payouts.
        tally: ReconciliationTally,
        /// What came of the payments that came in.
        incoming: ReconciliationTally,
    },
    /// The gateway's book could not be read; the next one tries again.
    Failed {
        /// When.
        at: Timestamp,
        /// Why.
        failure: ReadFailure,
    },
}

/// How many payouts, or payments that came in, had which outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct ReconciliationTally {
    /// Both books say the same.
    pub matched: i64,
    /// Only ours tells of it.
    pub ours_only: i64,
    /// Only the gateway's tells of it.
    pub theirs_only: i64,
    /// Both tell of it, and not the same.
    pub different_amount: i64,
}

/// Why a gateway's book could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReadFailure {
    /// It did not answer, or with an error.
    Unanswered,
    /// Its answer is not what its documentation promises.
    Unreadable,
    /// It has no end.
    TooLong,
}

/// The states by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReconciliationStateName {
    /// Waits for a worker, or is with one.
    Open,
    /// Both books are compared.
    Finished,
    /// The gateway's book could not be read.
    Failed,
}

/// How the two books stand to each other about one payout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MatchOutcome {
    /// Both say the same.
    Matched,
    /// Only ours tells of it.
    OursOnly,
    /// Only the gateway's tells of it.
    TheirsOnly,
    /// Both tell of it, but of another amount or another end.
    DifferentAmount,
}

/// Which way the money goes that an item is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// A payout.
    Out,
    /// A payment that came in.
    In,
}

/// One payout, or one payment that came in, in the two books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReconciliationItem {
    /// Which of the two.
    pub direction: Direction,
    /// The gateway's own name for it; the withdrawal's id where the gateway has none.
    pub subject: String,
    /// How the books stand to each other.
    pub outcome: MatchOutcome,
    /// The withdrawal, if there is one.
    pub withdrawal: Option<WithdrawalId>,
    /// The charge, if it is one of ours.
    pub charge: Option<TopUpId>,
    /// What moved by our books, or is to move; in rupiah, as everything here.
    pub ours: i64,
    /// What left by theirs.
    pub theirs_out: i64,
    /// What came in by theirs.
    pub theirs_in: i64,
    /// What of it went back again.
    pub theirs_back: i64,
    /// Since when: by the gateway's clock, or ours where the gateway says nothing.
    pub at: Timestamp,
    /// Somebody has to look into it.
    pub suspense: bool,
}

/// What a person has found out about a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DifferenceExplanation {
    /// Who.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
    /// Why it is so, and how it is known.
    pub reason: String,
    /// What it was.
    pub cause: DifferenceCause,
}

/// What a difference turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceCause {
    /// Somebody paid out at the gateway's own desk.
    ByHand,
    /// A withdrawal of ours that our books have lost.
    LostWithdrawal,
    /// The gateway's mistake.
    GatewayError,
    /// Something else; the reason says what.
    Other,
}

/// One payout in the two books, with what a person has said about it.
pub type ExplainedItem = (ReconciliationItem, Option<DifferenceExplanation>);

macro_rules! words {
    ($kind:ident, $unknown:literal, $($variant:ident = $word:literal),+) => {
        impl $kind {
            /// The word in the database, in events and in answers.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }

            fn parse(word: &str) -> Result<Self, Invalid> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(Invalid($unknown)),
                }
            }
        }
    };
}

words!(
    MatchOutcome,
    "outcome_unknown",
    Matched = "matched",
    OursOnly = "ours_only",
    TheirsOnly = "theirs_only",
    DifferentAmount = "different_amount"
);
words!(Direction, "direction_unknown", Out = "out", In = "in");
words!(
    DifferenceCause,
    "cause_unknown",
    ByHand = "by_hand",
    LostWithdrawal = "lost_withdrawal",
    GatewayError = "gateway_error",
    Other = "other"
);
words!(
    ReadFailure,
    "failure_unknown",
    Unanswered = "unanswered",
    Unreadable = "unreadable",
    TooLong = "too_long"
);

impl ReconciliationState {
    /// The state without its facts.
    pub const fn name(&self) -> ReconciliationStateName {
        match self {
            Self::Open { .. } => ReconciliationStateName::Open,
            Self::Finished { .. } => ReconciliationStateName::Finished,
            Self::Failed { .. } => ReconciliationStateName::Failed,
        }
    }

    /// What came of the payments that came in, if it came to its end.
    pub const fn incoming(&self) -> Option<&ReconciliationTally> {
        match self {
            Self::Finished { incoming, .. } => Some(incoming),
            _ => None,
        }
    }

    /// What came of the payouts, if it came to its end.
    pub const fn tally(&self) -> Option<&ReconciliationTally> {
        match self {
            Self::Finished { tally, .. } => Some(tally),
            _ => None,
        }
    }
}

impl ReconciliationStateName {
    /// The word in the database and in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Finished => "finished",
            Self::Failed => "failed",
        }
    }
}

impl ReconciliationTally {
    fn of(items: &[ReconciliationItem]) -> Self {
        let mut tally = Self::default();
        for item in items {
            let count = match item.outcome {
                MatchOutcome::Matched => &mut tally.matched,
                MatchOutcome::OursOnly => &mut tally.ours_only,
                MatchOutcome::TheirsOnly => &mut tally.theirs_only,
                MatchOutcome::DifferentAmount => &mut tally.different_amount,
            };
            *count = count.saturating_add(1);
        }
        tally
    }
}
