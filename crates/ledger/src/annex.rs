use primitives::{HoldId, JournalId};

use crate::Hold;

/// What a journal says besides moving something. The hash covers it.
#[derive(Debug, Clone)]
pub(crate) enum Annex {
    /// Nothing.
    Nothing,
    /// It takes another journal back as a whole.
    Reverses(JournalId),
    /// It gives a part of another journal back.
    Refunds(JournalId),
    /// It sets money aside.
    Opens(Hold),
    /// It ends a hold.
    Ends(HoldId, Outcome),
}

/// How a hold ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// So much was paid out of it.
    Settled(i64),
    /// It was decided that nothing is paid.
    Voided,
    /// Nobody decided in time.
    Expired,
}

impl Annex {
    /// Which journal is taken back as a whole.
    pub(crate) const fn reverses(&self) -> Option<JournalId> {
        match self {
            Self::Reverses(original) => Some(*original),
            _ => None,
        }
    }

    /// The part of the hash. What a journal reverses stands in its head already.
    pub(crate) fn canonical(&self) -> String {
        match self {
            Self::Nothing | Self::Reverses(_) => String::new(),
            Self::Refunds(original) => refund(original),
            Self::Opens(hold) => opened(hold.id, hold.amount, hold.expires_at.micros()),
            Self::Ends(hold, outcome) => ended(hold, outcome.word(), outcome.settled()),
        }
    }
}

/// The canonical form of a refund.
pub(crate) fn refund(original: impl std::fmt::Display) -> String {
    format!("refund:{original}")
}

/// The canonical form of a hold.
pub(crate) fn opened(hold: impl std::fmt::Display, amount: i64, expires_at: i64) -> String {
    format!("hold:{hold}:{amount}:{expires_at}")
}

/// The canonical form of a hold's end.
pub(crate) fn ended(hold: impl std::fmt::Display, outcome: &str, settled: i64) -> String {
    format!("outcome:{hold}:{outcome}:{settled}")
}

impl Outcome {
    /// The word in the tables.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Settled(_) => "settled",
            Self::Voided => "voided",
            Self::Expired => "expired",
        }
    }

    /// What the journal that ends the hold is called.
    pub(crate) const fn kind(self) -> &'static str {
        match self {
            Self::Settled(_) => "hold_settled",
            Self::Voided => "hold_voided",
            Self::Expired => "hold_expired",
        }
    }

    /// How much was paid.
    pub(crate) const fn settled(self) -> i64 {
        match self {
            Self::Settled(amount) => amount,
            Self::Voided | Self::Expired => 0,
        }
    }
}
